"""The starter model's edits blended by us, beside the stock pipeline with its own crop and paste.

Run from the repository root: `python -m tests.bench.inpaint_yardstick [--json] [--pictures N]`.
Same pictures, masks, captions, seeds and steps; nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

import numpy as np
import torch
from diffusers import StableDiffusionInpaintPipeline
from PIL import Image

from studio import paths
from studio.core.geometry import Rect
from studio.core.messages import Candidate, Event
from studio.core.pixels import Pixels, mask_bounds, size_of
from studio.engine.runner import Runner
from studio.inpaint import measure
from studio.inpaint.distance import near
from studio.jobs.order import Settings, build_request
from studio.models.inspect import inspect
from studio.training.starter.scenes.captions import caption
from studio.training.starter.scenes.masks import sample_mask
from studio.training.starter.scenes.render import render
from studio.training.starter.scenes.sampling import sample_scene

STEPS, SEED, RING = 10, 7, 8
COLUMNS = ("stock", "cropped", "ours")
Row = dict[str, str | float]
Case = tuple[Pixels, Pixels, str]


def cases(count: int) -> Iterator[Case]:
    """Rendered scenes, opaque, with a mask that keeps something, and a caption of the whole."""
    for number in range(count):
        dice = Random(f"yardstick {number}")
        scene = sample_scene(dice)
        colours, placed = render(scene)
        mask, _ = sample_mask(dice, placed)
        if mask.any() and not mask.all():
            alpha = np.full(colours.shape[:2], 255, np.uint8)
            yield np.dstack([colours, alpha]), mask, caption(scene, placed, dice)


class Stock:
    """The stock pipeline as it is documented, no compositing of ours."""

    def __init__(self, crop: int | None) -> None:
        """Load the starter model into it.

        Args:
            crop: Its padding_mask_crop, which also pastes the picture back; None: neither.
        """
        self._crop = crop
        kind: Any = StableDiffusionInpaintPipeline  # its loader carries no annotations
        self._pipeline = kind.from_pretrained(str(paths.starter_model()), safety_checker=None)
        self._pipeline.set_progress_bar_config(disable=True)

    def __call__(self, case: Case) -> Pixels:
        """The picture after the edit, uint8 `[h, w, 4]`."""
        picture, mask, prompt = case
        size = size_of(mask)
        made = self._pipeline(
            prompt=prompt,
            image=Image.fromarray(picture).convert("RGB"),
            mask_image=Image.fromarray(mask),
            width=size.width,
            height=size.height,
            strength=1.0,
            num_inference_steps=STEPS,
            guidance_scale=3.0,
            padding_mask_crop=self._crop,
            generator=torch.Generator("cpu").manual_seed(SEED),
        ).images[0]
        alpha = np.full(mask.shape, 255, np.uint8)
        return np.dstack([np.asarray(made.convert("RGB")), alpha])


class Ours:
    """The same edit through plan, engine and blend."""

    def __init__(self) -> None:
        """Get a runner for the starter model."""
        self._runner = Runner(paths.model_configs())
        self._model = inspect(paths.starter_model())

    def __call__(self, case: Case) -> Pixels:
        """The picture after the edit, uint8 `[h, w, 4]`."""
        picture, mask, prompt = case
        whole = Rect.of(size_of(mask))
        request = build_request(
            partial(_crop, picture),
            partial(_crop, mask),
            whole,
            whole,
            mask_bounds(mask),
            Settings(self._model, prompt, steps=STEPS, guidance=3.0, seed=SEED),
        )
        events: list[Event] = []
        self._runner.run(request, events.append)
        (candidate,) = (one for one in events if isinstance(one, Candidate))
        result, at = picture.copy(), candidate.area
        below = result[at.rows, at.columns]
        below[...] = np.where(candidate.pixels[..., 3:] > 0, candidate.pixels, below)
        return result


def _crop(pixels: Pixels, area: Rect) -> Pixels:
    return np.ascontiguousarray(pixels[area.rows, area.columns])


def figures(shown: list[Case], results: list[Pixels]) -> dict[str, float]:
    """What shows of the edits, by measure."""
    pairs = list(zip(shown, results, strict=True))
    steps = [sum(measure.seam_steps(made, case[1]) for case, made in pairs)]
    steps.append(sum(measure.seam_steps(case[0], case[1]) for case, _ in pairs))
    rings = [_drift_of_ring(case[0], made, case[1]) for case, made in pairs]
    changed = [measure.changed_outside(case[0], made, case[1]) for case, made in pairs]
    kept = [int((case[1] == 0).sum()) for case, _ in pairs]
    return {
        "seam ratio": steps[0] / steps[1],
        "seam against its surroundings": statistics.fmean(
            measure.seam_visibility(made, case[1]) for case, made in pairs
        ),
        "shift in the ring outside, median": statistics.fmean(one.median for one in rings),
        "shift in the ring outside, p95": statistics.fmean(one.p95 for one in rings),
        "changed outside, % of what was kept": 100 * sum(changed) / sum(kept),
    }


def _drift_of_ring(before: Pixels, after: Pixels, mask: Pixels) -> measure.Shift:
    ring = (mask == 0) & near(mask > 0, RING)
    return measure.drift(before, after, np.where(ring, np.uint8(0), np.uint8(255)))


def rows(count: int) -> list[Row]:
    """Every measure of both."""
    shown = list(cases(count))
    made = (Stock(None), Stock(32), Ours())
    makers: dict[str, Callable[[Case], Pixels]] = dict(zip(COLUMNS, made, strict=True))
    found = {name: figures(shown, [make(case) for case in shown]) for name, make in makers.items()}
    return [
        {"measure": what, **{name: values[what] for name, values in found.items()}}
        for what in found["ours"]
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON list instead of the table")
    parser.add_argument("--pictures", type=int, default=12, help="rendered scenes to edit")
    options = parser.parse_args()
    found = rows(options.pictures)
    if options.json:
        print(json.dumps(found))
        return
    print(f"{'measure':40}" + "".join(f"{name:>10}" for name in COLUMNS))
    for row in found:
        print(f"{row['measure']:40}" + "".join(f"{row[name]:10.2f}" for name in COLUMNS))


if __name__ == "__main__":
    main()

"""Inpainting measured: time, cost by canvas, seams and colours against plain pasting.

Run from the repository root: `python -m tests.bench.inpaint [--json] [--pictures N]`. Nothing here
is asserted: the table is for comparing machines and changes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio import paths
from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds, size_of
from studio.inpaint import blend, fill, measure
from studio.inpaint.region import plan
from studio.training.starter.scenes.masks import sample_mask
from studio.training.starter.scenes.render import render
from studio.training.starter.scenes.sampling import sample_scene

NATIVE, GRID = 512, 8
REPEATS = 7
Row = dict[str, str | float]


def disc(edge: int, radius: float) -> Pixels:
    """A round mask in the middle of a square."""
    rows, columns = np.ogrid[:edge, :edge]
    middle = (edge - 1) / 2
    return np.where(np.hypot(rows - middle, columns - middle) < radius, np.uint8(255), np.uint8(0))


def opaque(colours: Pixels) -> Pixels:
    """RGBA of RGB."""
    return np.dstack([colours, np.full(colours.shape[:2], 255, np.uint8)])


def layered(below: Pixels, layer: Pixels) -> Pixels:
    """The picture with the layer of a take on it, over an opaque picture."""
    return np.where(layer[..., 3:] > 0, layer, below)


def edit(picture: Pixels, mask: Pixels, how: str = "blur") -> Pixels:
    """One edit without a model: what it would have made is the picture, eight levels brighter."""
    whole = Rect.of(size_of(mask))
    made = plan(whole, whole, mask_bounds(mask), NATIVE, GRID)
    area = made.box.rows, made.box.columns
    fill.filled(picture[area], mask[area], how, 0)
    answer = np.minimum(picture[area][..., :3].astype(np.uint16) + 8, 255).astype(np.uint8)
    return blend.finished(picture[area], answer, mask[area])


def milliseconds(*tasks: Callable[[], object]) -> list[float]:
    """Median of several runs of each, in turns; time on the processor, so others do not count."""
    times: list[list[float]] = [[] for _ in tasks]
    for _ in range(REPEATS):
        for task, spent in zip(tasks, times, strict=True):
            start = time.process_time()
            task()
            spent.append(1000 * (time.process_time() - start))
    return [statistics.median(spent) for spent in times]


def time_of_boxes() -> Iterator[Row]:
    """Plan, fill and blend together, for boxes of two sizes."""
    dice = np.random.default_rng(0)
    for edge, limit in ((512, 60), (1024, 250)):
        picture = opaque(dice.integers(0, 248, (edge, edge, 3), np.uint8))
        mask = disc(edge, edge / 3)
        (spent,) = milliseconds(partial(edit, picture, mask))
        yield {"measure": f"plan, fill, blend, {edge} px box, ms", "ours": spent, "goal": limit}


def cost_by_canvas() -> Iterator[Row]:
    """A mask of 100 px on a small and on a huge canvas: time and peak of memory."""
    colours = np.random.default_rng(0).integers(0, 248, (512, 512, 3), np.uint8)
    tasks, peaks = [], []
    for edge in (512, 16384):
        canvas = np.zeros((edge, edge, 4), np.uint8)  # pages that are never touched cost nothing
        canvas[:512, :512] = opaque(colours)
        tasks.append(_small_edit(canvas, Rect(200, 200, 100, 100)))
        tracemalloc.start()
        tasks[-1]()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    for name, (small, huge) in (("time", milliseconds(*tasks)), ("memory", peaks)):
        found = huge / small
        yield {"measure": f"100 px mask, 16384 / 512 canvas, {name}", "ours": found, "goal": 1.1}


def _small_edit(canvas: Pixels, mask: Rect) -> Callable[[], object]:
    def task() -> Pixels:
        bounds = Rect.of(size_of(canvas))
        box = plan(bounds, bounds, mask, NATIVE, GRID).box
        picture = np.ascontiguousarray(canvas[box.rows, box.columns])
        inside = np.zeros(picture.shape[:2], np.uint8)
        at = mask.moved(-box.x, -box.y)
        inside[at.rows, at.columns] = 255
        fill.filled(picture, inside, "blur", 0)
        return blend.finished(picture, picture[..., :3][..., ::-1].copy(), inside)

    return task


def pictures(count: int) -> list[tuple[Pixels, Pixels]]:
    """Rendered scenes with the masks that artists paint, then the sample photographs."""
    found = []
    for number in range(count):
        dice = Random(f"bench {number}")
        colours, placed = render(sample_scene(dice))
        mask, _ = sample_mask(dice, placed)
        found.append((opaque(colours), mask))
    for file in sorted((paths.resources() / "samples").glob("*.[jpw][pne]*g*")):
        with Image.open(file) as photo:
            colours = np.asarray(photo.convert("RGB").resize((512, 512)))
        found.append((opaque(colours), disc(512, 120)))
    return [one for one in found if one[1].any() and not one[1].all()]


def _levels(values: NDArray[np.floating]) -> Pixels:
    levels: Pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return levels


def _softened(colours: Pixels) -> Pixels:
    return np.asarray(Image.fromarray(colours).filter(ImageFilter.GaussianBlur(1.2)))


#: How models spoil what they were to keep, done to the picture itself: the truth is known.
FAULTS: dict[str, Callable[[Pixels], Pixels]] = {
    "all 8 levels brighter": lambda colours: _levels(colours + 8.0),
    "tinted by 8, -4, -8": lambda colours: _levels(colours + np.array([8.0, -4.0, -8.0])),
    "contrast lower": lambda colours: _levels(colours * 0.92 + 4.0),
    "darker above, brighter below": lambda colours: _levels(
        colours + np.linspace(-10, 10, len(colours))[:, None, None]
    ),
    "softened": _softened,
    "softened and tinted": lambda colours: _levels(
        _softened(colours) + np.array([8.0, -4.0, -8.0])
    ),
}


#: What is measured at an edge, and the figure to reach.
GOALS = {"seam ratio": 1.3, "shift median": 1.0, "shift p95": 2.0}


def faults_taken_back(count: int) -> Iterator[Row]:
    """Seam ratio and colour shift just inside the mask, pasted plainly and blended."""
    shown = pictures(count)
    for name, fault in FAULTS.items():
        pasted, ours = [], []
        for picture, mask in shown:
            answer = fault(picture[..., :3])
            layer = blend.finished(picture, answer, mask)
            plain = np.where(mask[..., None] > 0, opaque(answer), picture)
            pasted.append((plain, picture, mask))
            ours.append((layered(picture, layer), picture, mask))
        both = zip(figures(pasted), figures(ours), strict=True)
        for (what, goal), (plainly, blended) in zip(GOALS.items(), both, strict=True):
            yield {"measure": f"{name}: {what}", "pasted": plainly, "ours": blended, "goal": goal}


def figures(shown: list[tuple[Pixels, Pixels, Pixels]]) -> tuple[float, float, float]:
    """Seam ratio over all edges together, mean over the pictures of median and p95 of the shift.

    Args:
        shown: Of each picture the result, what it should be, and the mask.
    """
    steps = [sum(measure.seam_steps(one[kind], one[2]) for one in shown) for kind in (0, 1)]
    shifts = [measure.ring_colour_shift(*one) for one in shown]
    median = statistics.fmean(one.median for one in shifts)
    return steps[0] / steps[1], median, statistics.fmean(one.p95 for one in shifts)


def fifty_edits() -> Iterator[Row]:
    """Pixels changed outside all masks, and their fingerprint, after 50 edits in a row."""
    dice = Random(0)
    first = opaque(render(sample_scene(dice))[0])
    picture, touched = first, np.zeros(first.shape[:2], np.uint8)
    for number in range(50):
        mask = np.roll(disc(256, 20), (dice.randrange(256), dice.randrange(128)), (0, 1))
        mask[:, 128 + number :] = 0
        touched |= mask
        picture = layered(picture, edit(picture, mask)) if mask.any() else picture
    same = measure.untouched_hash(first, touched) == measure.untouched_hash(picture, touched)
    changed = measure.changed_outside(first, picture, touched)
    yield {"measure": "changed outside after 50 edits, px", "ours": changed, "goal": 0}
    yield {"measure": "fingerprint of the untouched kept", "ours": float(same), "goal": 1}


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON list instead of the table")
    parser.add_argument("--pictures", type=int, default=24, help="rendered scenes to measure on")
    options = parser.parse_args()
    rows = [
        *time_of_boxes(),
        *cost_by_canvas(),
        *faults_taken_back(options.pictures),
        *fifty_edits(),
    ]
    if options.json:
        print(json.dumps(rows))
        return
    print(f"{'measure':48}{'pasted':>10}{'ours':>10}{'goal':>10}")
    for row in rows:
        cells = [f"{row[key]:10.2f}" if key in row else " " * 10 for key in ("pasted", "ours")]
        print(f"{row['measure']:48}{''.join(cells)}{row['goal']:>10}")


if __name__ == "__main__":
    main()

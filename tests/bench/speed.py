"""Speed measured: a denoising step beside stock diffusers as it comes, same weights, same run.

Run from the repository root: `python -m tests.bench.speed [--model starter sd15] [--json]`. Stock
is the diffusers pipeline in float32 on a CPU and float16 on CUDA, without any setting. Both make
the same picture from the same noise, turn by turn in one process, so that a busy machine touches
both alike; the ratio of processor times is hardly touched at all. `sd15` has the sizes of Stable
Diffusion 1.5 and random weights, made in a temporary folder of 2 GB. `--steps-only` leaves out
the runs for the text encoder and the reuse of blocks, which take 46 steps more.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

# As the worker has it: threads that spin while they wait would count as work of the processor.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import diffusers
import numpy as np
import torch
from transformers import CLIPTextConfig, CLIPTextModel

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Candidate, Event, Stepped
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.engine import samplers
from studio.engine.runner import Runner
from studio.engine.words import tokenizers
from studio.inpaint.measure import psnr

GUIDANCE = 5.0
#: None of its classes is annotated.
parts: Any = diffusers


def random_sd15(folder: Path) -> Checkpoint:
    """An inpainting model of the sizes of Stable Diffusion 1.5, its weights drawn at random."""
    configs = paths.model_configs() / "sd15-inpaint"
    torch.manual_seed(0)
    with torch.device("meta"):
        unet = parts.UNet2DConditionModel.from_config(_config(configs / "unet"))
        vae = parts.AutoencoderKL.from_config(_config(configs / "vae"))
        text = CLIPTextModel(CLIPTextConfig(**_config(configs / "text_encoder")))
    pipeline = parts.StableDiffusionInpaintPipeline(
        vae=_drawn(vae),
        text_encoder=_drawn(text),
        tokenizer=tokenizers(paths.model_configs() / "clip" / "merges.txt.gz")["tokenizer"],
        unet=_drawn(unet),
        scheduler=parts.DDIMScheduler.from_config(_config(configs / "scheduler")),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.unet.half()
    pipeline.save_pretrained(folder)
    return Checkpoint("sd15", "SD 1.5", str(folder), "sd15", 9, True, 512, 20, 5.0, "dpmpp_2m")


def starter() -> Checkpoint:
    """The model that the studio ships."""
    path = str(paths.starter_model())
    return Checkpoint("starter", "Starter", path, "sd15", 9, True, 256, 10, 3.0, "dpmpp_2m")


def _config(folder: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((folder / next(_names(folder))).read_text())
    return values


def _names(folder: Path) -> Any:
    return (one.name for one in sorted(folder.glob("*.json")))


def _drawn(part: Any) -> Any:
    """The module with weights such that signals neither fade nor grow beyond measure."""
    part = part.to_empty(device="cpu")
    for name, value in part.state_dict().items():
        if value.is_floating_point() and value.ndim > 1:
            value.normal_(0, 1 / max(1, value[0].numel()) ** 0.5)
        elif value.is_floating_point():
            value.fill_(0.0 if name.endswith("bias") else 1.0)
        elif name.endswith("position_ids"):
            value.copy_(torch.arange(value.shape[-1]).expand_as(value))
    return part


class Stock:
    """The stock pipeline, as `from_pretrained` gives it."""

    def __init__(self, model: Checkpoint) -> None:
        self._place = "cuda" if torch.cuda.is_available() else "cpu"
        precision = torch.float16 if self._place == "cuda" else torch.float32
        load = parts.StableDiffusionInpaintPipeline.from_pretrained
        self._pipeline = load(model.path, torch_dtype=precision, local_files_only=True)
        self._pipeline.to(self._place, precision)
        self._pipeline.set_progress_bar_config(disable=True)
        self._config = dict(self._pipeline.scheduler.config)

    def run(self, request: Request, note: Callable[[], None]) -> Pixels:
        """The picture: uint8 `[h, w, 3]`."""
        pipeline, size = self._pipeline, request.working
        pipeline.scheduler = samplers.make(
            request.sampler, request.schedule, self._config, request.steps
        )

        def on_step_end(_: Any, __: int, ___: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            note()
            return tensors

        with torch.inference_mode():
            grey = torch.zeros(1, 3, size.height, size.width).to(pipeline.vae.device)
            held = pipeline.vae.encode(grey.to(pipeline.vae.dtype)).latent_dist.mode()
            held = held * pipeline.vae.config.scaling_factor
            made = pipeline(
                prompt=request.prompt,
                image=held,
                mask_image=torch.ones(1, 1, size.height, size.width),
                masked_image_latents=held,
                width=size.width,
                height=size.height,
                num_inference_steps=request.steps,
                strength=1.0,
                guidance_scale=request.guidance,
                generator=torch.Generator("cpu").manual_seed(request.seed),
                output_type="np",
                callback_on_step_end=on_step_end,
            ).images[0]
        pixels: Pixels = (made * 255).round().astype(np.uint8)
        return pixels


def ours(runner: Runner, request: Request, note: Callable[[], None]) -> Pixels:
    """The picture that the studio's runner makes."""
    found: list[Pixels] = []

    def report(event: Event) -> None:
        if isinstance(event, Stepped):
            note()
        elif isinstance(event, Candidate):
            found.append(event.pixels[..., :3])

    runner.run(request, report)
    return found[0]


def measured(model: Checkpoint, steps: int, rounds: int, steps_only: bool) -> dict[str, float]:
    """Seconds of a step of both, their ratios, and how near the pictures are."""
    size = Size(model.native, model.native)
    request = Request(
        model, "a red house by a lake", Rect.of(size), size, steps=steps, guidance=GUIDANCE, seed=3
    )
    stock, runner = Stock(model), Runner(paths.model_configs())
    rows: dict[str, list[tuple[float, float]]] = {"stock": [], "ours": []}
    pictures: dict[str, Pixels] = {}
    marks: list[tuple[float, float]] = []

    def note() -> None:
        marks.append((time.perf_counter(), time.process_time()))

    for turn in range(rounds + 1):
        for name in rows:
            marks.clear()
            work = stock.run(request, note) if name == "stock" else ours(runner, request, note)
            pictures[name] = work
            if turn:  # the first turn warms up
                first, last = marks[0], marks[-1]
                rows[name].append(
                    ((last[0] - first[0]) / (steps - 1), (last[1] - first[1]) / (steps - 1))
                )
    clock = {name: statistics.median(one[0] for one in times) for name, times in rows.items()}
    busy = {name: statistics.median(one[1] for one in times) for name, times in rows.items()}
    found = {
        "stock s/step": clock["stock"],
        "ours s/step": clock["ours"],
        "stock processor s/step": busy["stock"],
        "ours processor s/step": busy["ours"],
        "times as fast": clock["stock"] / clock["ours"],
        "by processor time": busy["stock"] / busy["ours"],
        "PSNR dB": psnr(pictures["stock"], pictures["ours"]),
    }
    if steps_only:
        return found
    return {
        **found,
        "text encoder calls of a second run": float(read_again(runner, request)),
        **reused(runner, request),
    }


def read_again(runner: Runner, request: Request) -> int:
    """How often a run with words that were read before asks the text encoder."""
    family, calls = runner.warm(request.model, lambda _: None), list[int]()
    hook = family.pipeline.text_encoder.register_forward_hook(lambda *_: calls.append(1))
    ours(runner, replace(request, seed=request.seed + 1), lambda: None)
    hook.remove()
    return len(calls)


def reused(runner: Runner, request: Request) -> dict[str, float]:
    """What the approximate shortcut gains in a run of 20 steps, and what it changes."""
    times, pictures = dict[str, float](), dict[str, Pixels]()
    for key in ("none", "blocks"):
        begun = time.process_time()
        pictures[key] = ours(runner, replace(request, steps=20, reuse=key), lambda: None)
        times[key] = time.process_time() - begun
    return {
        "reuse: times as fast": times["none"] / times["blocks"],
        "reuse: PSNR dB to the run in full": psnr(pictures["none"], pictures["blocks"]),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--model", choices=("starter", "sd15"), nargs="+", default=["starter"])
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, help="of torch; as many as cores if left out")
    parser.add_argument("--steps-only", action="store_true")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.model:
            model = starter() if name == "starter" else random_sd15(Path(folder))
            found[name] = measured(model, options.steps, options.rounds, options.steps_only)
    if options.json:
        print(json.dumps(found))
        return
    for name, row in found.items():
        print(name, "  ".join(f"{key} {value:.3f}" for key, value in row.items()))


if __name__ == "__main__":
    main()

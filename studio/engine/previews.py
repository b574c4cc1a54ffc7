"""Previews: what the picture will be, read from the latents by a linear map fitted to the VAE."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image

from studio.core.errors import EngineError
from studio.core.pixels import Pixels

#: Longest side of a preview in px.
LONGEST = 256
_PICTURES = 6
_EDGE = 64
#: Keeps the fit defined where latents hardly vary.
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """A linear map from latents to colours.

    Attributes:
        matrix: float32 `[channels + 1, 3]` to RGB 0 to 1; the last row is the offset.
    """

    matrix: torch.Tensor

    def preview(self, latents: torch.Tensor) -> Pixels:
        """A small picture of latents.

        Args:
            latents: Floating `[1, channels, h, w]`, scaled as the denoiser sees them.

        Returns:
            uint8 `[h', w', 3]` sRGB of the same proportions, at most `LONGEST` on a side.

        Raises:
            EngineError: The latents hold values that are no numbers.
        """
        cells = latents[0].detach().to("cpu", torch.float32).permute(1, 2, 0)
        colours = cells @ self.matrix[:-1] + self.matrix[-1]
        check_finite(colours)
        codes = (colours.clamp(0, 1) * 255).round().to(torch.uint8).numpy()
        high, wide = codes.shape[:2]
        scale = LONGEST / max(high, wide)
        size = (max(1, round(wide * scale)), max(1, round(high * scale)))
        return np.asarray(Image.fromarray(codes).resize(size, Image.Resampling.BICUBIC))


def fitted(encode: Callable[[torch.Tensor], torch.Tensor]) -> Colours:
    """Fit the map to a VAE by least squares over fields of random colours.

    Args:
        encode: Pictures float32 `[n, 3, h, w]`, -1 to 1, to scaled latents `[n, channels, h', w']`.
    """
    pictures = _colour_fields()
    latents = encode(pictures).detach().to("cpu", torch.float32)
    wanted = torch.nn.functional.interpolate(pictures, latents.shape[-2:], mode="area") / 2 + 0.5
    cells = latents.permute(0, 2, 3, 1).flatten(0, 2)
    known = torch.cat([cells, torch.ones(len(cells), 1)], 1).double()
    target = wanted.permute(0, 2, 3, 1).flatten(0, 2).double()
    check_finite(known)
    gram = known.T @ known + _RIDGE * torch.eye(known.shape[1], dtype=torch.float64)
    return Colours(torch.linalg.solve(gram, known.T @ target).float())


def check_finite(values: torch.Tensor) -> None:
    """Refuse what would become a black picture.

    Raises:
        EngineError: A value is infinite or not a number.
    """
    if not bool(torch.isfinite(values).all()):
        raise EngineError(
            "The model made no picture: its numbers ran out of range.",
            "Its file may be damaged. Try another sampler or a lower guidance, or another model.",
        )


def watched(scheduler: Any) -> Callable[[], torch.Tensor | None]:
    """Let a scheduler note after each step what it takes the finished picture to be.

    Pipelines hand out the noisy latents only; the estimate lies in the step's full output or,
    for the multistep solvers, in the list of model outputs that they keep. A flow goes straight
    from noise to picture, so that what lies ahead is the rest of the way at the present slope.

    Returns:
        A function that gives the latest estimate, or None where this scheduler has none.
    """
    step = scheduler.step
    latest: list[torch.Tensor | None] = [None]
    flows = hasattr(scheduler, "scale_noise")

    # wraps: the pipelines read the signature to know whether a step takes a generator.
    @functools.wraps(step)
    def noting(*args: Any, return_dict: bool = True, **kwargs: Any) -> Any:
        output = step(*args, return_dict=True, **kwargs)
        if flows:
            slope, _, sample = args[:3]
            latest[0] = sample - scheduler.sigmas[scheduler.step_index - 1] * slope
            return output if return_dict else (output.prev_sample,)
        estimate = output.get("pred_original_sample")
        if estimate is None:
            estimate = output.get("denoised")
        kept = getattr(scheduler, "model_outputs", None)
        if estimate is None:
            estimate = kept[-1] if kept else _clean(scheduler, *args[:3])
        latest[0] = estimate
        return output if return_dict else (output.prev_sample,)

    scheduler.step = noting
    return lambda: latest[0]


def _clean(scheduler: Any, output: torch.Tensor, time: Any, sample: torch.Tensor) -> torch.Tensor:
    """The picture that a denoiser's answer means, for schedulers that do not tell.

    Source: T. Salimans, J. Ho, Progressive distillation (2022), section 4 and appendix D.
    """
    kept = scheduler.alphas_cumprod[int(time)].to(sample.device)
    signal, noise = kept.sqrt(), (1 - kept).sqrt()
    kind = scheduler.config.prediction_type
    if kind == "sample":
        return output
    if kind == "v_prediction":
        return torch.as_tensor(signal * sample - noise * output)
    return torch.as_tensor((sample - noise * output) / signal)


def _colour_fields() -> torch.Tensor:
    """float32 `[n, 3, h, w]`, -1 to 1: patches of random colours, from broad to fine."""
    generator = torch.Generator().manual_seed(0)
    fields = []
    for index in range(_PICTURES):
        cells = torch.rand(1, 3, 2 << index % 3, 2 << index % 3, generator=generator)
        mode = "nearest" if index < _PICTURES // 2 else "bicubic"
        fields.append(torch.nn.functional.interpolate(cells, (_EDGE, _EDGE), mode=mode))
    return torch.cat(fields).clamp(0, 1) * 2 - 1

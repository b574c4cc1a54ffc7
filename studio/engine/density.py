"""Density is strength: a cell of a picture is let go when its own noise level is reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from studio.core.pixels import Pixels


def soft(mask: Pixels) -> bool:
    """Whether a mask says more than yes and no."""
    return bool(((mask > 0) & (mask < 255)).any())


class Densities:
    """Holds every cell at the original, noised as the run is, until its share of steps is left.

    A cell of density d is denoised in the last d of the steps, so that it changes as much as a
    whole run at that strength would change it, in one run with all the others.

    Source: E. Levin, O. Fried, Differential diffusion: giving each pixel its strength (2023),
        algorithm 1.
    """

    def __init__(
        self,
        original: torch.Tensor,
        densities: torch.Tensor,
        seed: int,
        packed: Callable[[torch.Tensor], torch.Tensor] = lambda cells: cells,
    ) -> None:
        """Draw the noise, which is that of the run, as both begin with the same seed.

        Args:
            original: Scaled latents `[1, channels, h, w]` of the picture as it was.
            densities: float32 `[1, 1, h, w]`, 0 to 1, of the same cells.
            seed: Of all noise.
            packed: Puts cells into the order in which the denoiser reads them.
        """
        late = (1 - densities.to(original.device)).expand(original.shape)
        self._original, self._late = packed(original), packed(late)
        generator = torch.Generator("cpu").manual_seed(seed)
        noise = torch.randn(original.shape, generator=generator)
        self._noise = packed(noise.to(original.device, original.dtype))

    def held(self, latents: torch.Tensor, scheduler: Any, index: int, total: int) -> torch.Tensor:
        """The latents for the next step, with the cells whose time has not come put back.

        Args:
            latents: After a step, as the denoiser reads them.
            scheduler: What took the step.
            index: Number of that step, from 0.
            total: Number of steps of this run.
        """
        waiting = self._late > (index + 1) / total
        if index + 1 >= total or not bool(waiting.any()):
            return latents
        time = scheduler.timesteps[len(scheduler.timesteps) - total + index + 1]
        if hasattr(scheduler, "scale_noise"):  # of a flow
            noised = scheduler.scale_noise(self._original, time[None], self._noise)
        else:
            noised = scheduler.add_noise(self._original, self._noise, time[None])
        return torch.where(waiting, noised.to(latents.dtype), latents)

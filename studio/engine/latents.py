"""Latents: pictures to what the denoiser works on, and back."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import torch

from studio.core.errors import EngineError
from studio.core.geometry import Size
from studio.core.pixels import Pixels, size_of
from studio.engine.family import Scene
from studio.engine.previews import check_finite


class Latents:
    """A pipeline's VAE, and the order in which its denoiser reads the cells.

    Attributes:
        grid: Edge of a cell in px.
        channels: Of a cell.
        packs: Whether the denoiser reads 2 x 2 cells as one token, `[n, tokens, 4 x channels]`.
    """

    def __init__(self, pipeline: Any, place: torch.device) -> None:
        """Read it from a loaded pipeline on that device."""
        self._vae, self._pipeline, self._place = pipeline.vae, pipeline, place
        config = self._vae.config
        self._scale = float(config.scaling_factor)
        self._shift = float(getattr(config, "shift_factor", None) or 0.0)
        self.grid = int(pipeline.vae_scale_factor)
        self.channels = int(config.latent_channels)
        self.packs = hasattr(pipeline, "_pack_latents")
        self._sees_kept = "mask" in inspect.signature(self._vae.decode).parameters

    def encoded(self, pictures: torch.Tensor) -> torch.Tensor:
        """Pictures float32 `[n, 3, h, w]`, -1 to 1, to scaled latents `[n, channels, h', w']`."""
        pictures = pictures.to(self._place, memory_format=torch.channels_last)
        mean = self._vae.encode(pictures).latent_dist.mode()
        return torch.as_tensor((mean - self._shift) * self._scale)

    def decoded(self, latents: torch.Tensor, size: Size, scene: Scene | None) -> Pixels:
        """What the denoiser made to pixels, uint8 `[h, w, 3]` sRGB.

        Args:
            latents: What it made.
            size: Of the picture.
            scene: What it started from, for a decoder that meets what is kept; None: nothing.

        Raises:
            EngineError: They are no numbers, or not of that size.
        """
        check_finite(latents)
        cells = self.unpacked(latents, size) / self._scale + self._shift
        decoded = self._vae.decode(cells, return_dict=False, **self._kept(scene))[0]
        check_finite(decoded)
        codes = ((decoded[0] / 2 + 0.5).clamp(0, 1) * 255).round().to("cpu", torch.uint8)
        pixels: Pixels = np.ascontiguousarray(codes.permute(1, 2, 0).numpy())
        if size_of(pixels) != size:
            got = size_of(pixels)
            raise EngineError(
                f"The model made {got.width} x {got.height} px instead of "
                f"{size.width} x {size.height} px.",
                "It may not fit its description; choose another model.",
            )
        return pixels

    def _kept(self, scene: Scene | None) -> dict[str, torch.Tensor]:
        """Arguments of a decoder that is shown what is kept.

        Source: Zhu et al., Designing a Better Asymmetric VQGAN for StableDiffusion (2023).
        """
        if scene is None or not self._sees_kept:
            return {}
        mask = torch.from_numpy(scene.mask > 0)[None, None].float()
        return {"image": tensor_of(scene.picture).to(self._place), "mask": mask.to(self._place)}

    def packed(self, cells: torch.Tensor) -> torch.Tensor:
        """Cells `[n, channels, h, w]` in the order in which the denoiser reads them."""
        if not self.packs:
            return cells
        return torch.as_tensor(self._pipeline._pack_latents(cells, *cells.shape))

    def unpacked(self, latents: torch.Tensor, size: Size) -> torch.Tensor:
        """The inverse of `packed` for a picture of that size."""
        if not self.packs:
            return latents
        found = self._pipeline._unpack_latents(latents, size.height, size.width, self.grid)
        return torch.as_tensor(found)


def tensor_of(picture: Pixels) -> torch.Tensor:
    """uint8 `[h, w, 3]` to float32 `[1, 3, h, w]`, -1 to 1."""
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1

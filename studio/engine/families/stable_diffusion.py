"""Stable Diffusion and its kin: one adapter over the stock inpainting pipelines."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import torch

from studio.core.checkpoint import Checkpoint
from studio.core.errors import EngineError, ModelError
from studio.core.geometry import Size
from studio.core.pixels import Pixels, size_of
from studio.core.point import Point
from studio.core.request import Request
from studio.engine import loading, previews, samplers
from studio.engine.borders import widen
from studio.engine.density import Densities, soft
from studio.engine.devices import Device
from studio.engine.family import Enough, OnStep, Scene
from studio.engine.rounds import Rounds
from studio.engine.steps import Journal

#: The inpainting pipeline of each family runs denoisers with and without mask input, and does the
#: other tasks too: with everything masked it is text to image, or image to image below strength 1.
_PIPELINES: dict[str, type[Any]] = {
    "sd15": diffusers.StableDiffusionInpaintPipeline,
    "sdxl": diffusers.StableDiffusionXLInpaintPipeline,
}
#: What `encode_prompt` returns, in its order; the shorter pipelines return the first two.
_EMBEDDINGS = (
    "prompt_embeds",
    "negative_prompt_embeds",
    "pooled_prompt_embeds",
    "negative_pooled_prompt_embeds",
)


class StableDiffusion:
    """A loaded checkpoint; see `family.Family`."""

    def __init__(self, checkpoint: Checkpoint, configs: Path, device: Device) -> None:
        """Load it.

        Raises:
            ModelError: It cannot be loaded.
            MemoryShortage: It does not fit.
        """
        self._pipeline = loading.load(_PIPELINES[checkpoint.family], checkpoint, configs, device)
        self._device = device.place
        self.denoiser: torch.nn.Module = self._pipeline.unet
        self._scheduler_config = dict(self._pipeline.scheduler.config)
        widen(self.denoiser)
        self._accepted = inspect.signature(self._pipeline.__call__).parameters
        self._grid = int(self._pipeline.vae_scale_factor)
        unet, vae = self._pipeline.unet.config, self._pipeline.vae.config
        self._inpainting = unet.in_channels > vae.latent_channels
        self._words: tuple[tuple[str, str, bool], dict[str, torch.Tensor]] | None = None
        self._colours = self._fitted(checkpoint)
        self.samplers = samplers.supported(self._scheduler_config)
        self.negative = "negative_prompt" in self._accepted and unet.time_cond_proj_dim is None

    def generate(
        self,
        request: Request,
        scene: Scene | None,
        seed: int,
        on_step: OnStep,
        point: Point | None = None,
    ) -> Pixels:
        """Make one picture; see `family.Family.generate`."""
        with torch.inference_mode():
            size = request.working
            steps, strength = _share(request.steps, request.strength if scene else 1.0)
            scheduler = samplers.make(
                request.sampler, request.schedule, self._scheduler_config, steps
            )
            estimate = previews.watched(scheduler)
            self._pipeline.scheduler = scheduler
            start = self._start(scene, size, whole=strength == 1.0)
            held = self._densities(scene, start, strength == 1.0, seed)
            generator = torch.Generator("cpu").manual_seed(seed)
            journal = Journal(self.denoiser, scheduler, generator, self._device, point)
            rounds = Rounds(on_step, journal, estimate, self._colours, held)
            try:
                with journal:
                    latents = self._pipeline(
                        **self._embeddings(request),
                        **start,
                        width=size.width,
                        height=size.height,
                        strength=strength,
                        num_inference_steps=steps,
                        guidance_scale=request.guidance,
                        generator=generator,
                        output_type="latent",
                        return_dict=False,
                        callback_on_step_end=rounds,
                    )[0]
            except Enough:
                latents = rounds.foreseen
            previews.check_finite(latents)
            return self._decoded(latents, size)

    def _embeddings(self, request: Request) -> dict[str, torch.Tensor]:
        """Both prompts as the denoiser reads them; kept, as all takes of a request share them."""
        key = (request.prompt, request.negative, request.guidance > 1.0)
        if self._words is None or self._words[0] != key:
            found = self._pipeline.encode_prompt(
                prompt=request.prompt,
                negative_prompt=request.negative,
                device=self._device,
                num_images_per_prompt=1,
                do_classifier_free_guidance=key[2],
            )
            named = dict(zip(_EMBEDDINGS, found, strict=False))
            self._words = key, {name: one for name, one in named.items() if one is not None}
        return self._words[1]

    def _start(self, scene: Scene | None, size: Size, whole: bool) -> dict[str, torch.Tensor]:
        """The pipeline's picture arguments; encoded here, so that the VAE adds no noise.

        Only what will be read is encoded: pure noise needs no start (`whole`), and a denoiser
        without mask input no masked picture.
        """
        picture = torch.zeros(1, 3, size.height, size.width)
        mask = torch.ones(1, 1, size.height, size.width)
        if scene is not None:
            picture, mask = _tensor(scene.picture), self._cells(scene.mask)
        held = self._encoded(picture * (1 - mask)) if self._inpainting else None
        if held is None or not whole:
            start = self._encoded(picture)
        else:
            start = held
        return {
            "image": start,
            "mask_image": mask,
            "masked_image_latents": start if held is None else held,
        }

    def _densities(
        self, scene: Scene | None, start: dict[str, torch.Tensor], whole: bool, seed: int
    ) -> Densities | None:
        """What holds the cells of a soft mask back; None where all begin at once."""
        if scene is None or not soft(scene.mask):
            return None
        encoded = start["image"]
        if self._inpainting and whole:
            encoded = self._encoded(_tensor(scene.picture))
        shares = torch.from_numpy(scene.mask.copy())[None, None].float() / 255
        return Densities(encoded, torch.nn.functional.max_pool2d(shares, self._grid), seed)

    def _cells(self, mask: Pixels) -> torch.Tensor:
        """float32 `[1, 1, h, w]`, 1 wherever a latent cell holds a masked pixel, however thin."""
        inside = torch.from_numpy(mask > 0)[None, None].float()
        cells = torch.nn.functional.max_pool2d(inside, self._grid)
        return torch.nn.functional.interpolate(cells, scale_factor=float(self._grid))

    def _encoded(self, pictures: torch.Tensor) -> torch.Tensor:
        """Pictures float32 `[n, 3, h, w]`, -1 to 1, to scaled latents."""
        pictures = pictures.to(self._device, memory_format=torch.channels_last)
        mean = self._pipeline.vae.encode(pictures).latent_dist.mode()
        return torch.as_tensor(mean * self._pipeline.vae.config.scaling_factor)

    def _decoded(self, latents: torch.Tensor, size: Size) -> Pixels:
        decoded = self._pipeline.vae.decode(
            latents / self._pipeline.vae.config.scaling_factor, return_dict=False
        )[0]
        previews.check_finite(decoded)
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

    def _fitted(self, checkpoint: Checkpoint) -> previews.Colours:
        try:
            with torch.inference_mode():
                return previews.fitted(self._encoded)
        except EngineError as error:
            raise ModelError(
                f"The model '{checkpoint.title}' is damaged: it holds values that are no numbers.",
                "Get its files again, or choose another model.",
            ) from error


def _share(steps: int, strength: float) -> tuple[int, float]:
    """Steps and strength such that the pipeline's own rounding never leaves no step at all.

    The pipeline runs int(steps x strength) steps; 100 x 0.29 is a hair below 29.
    """
    if strength >= 1.0:
        return steps, 1.0
    count = max(1, int(steps * strength + 1e-6))
    # A single step cannot be a part of one: take the last of two; all of it would be pure noise.
    steps = max(steps, count + 1)
    return steps, (count + 0.5) / steps


def _tensor(picture: Pixels) -> torch.Tensor:
    """uint8 `[h, w, 3]` to float32 `[1, 3, h, w]`, -1 to 1."""
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1

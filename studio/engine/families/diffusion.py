"""Diffusion: one adapter over diffusers' stock inpainting pipelines, whatever their family."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from studio.core.checkpoint import Checkpoint
from studio.core.errors import EngineError, ModelError, UsageError
from studio.core.geometry import Size
from studio.core.pixels import Pixels
from studio.core.point import Point
from studio.core.request import Request
from studio.engine import gauge, guiders, loading, previews, samplers
from studio.engine.borders import widen
from studio.engine.density import Densities, soft
from studio.engine.devices import Device
from studio.engine.family import Enough, OnStep, Scene
from studio.engine.kinds import KINDS, denoiser_of
from studio.engine.latents import Latents, tensor_of
from studio.engine.phrases import Phrases
from studio.engine.reuse import Reuse
from studio.engine.rounds import Rounds
from studio.engine.steps import Journal


class Diffusion:
    """A loaded checkpoint; see `family.Family`.

    What a pipeline can do is read from its own signature and configuration.

    Attributes:
        denoiser: What is run at every step.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        configs: Path,
        device: Device,
        settle: Callable[[Any], None] | None = None,
    ) -> None:
        """Load it.

        Args:
            checkpoint: What to load.
            configs: Folder of the configurations that single files lack.
            device: Where it runs.
            settle: Places the pipeline, whose weights are not on the device then; None: they are.

        Raises:
            ModelError: It cannot be loaded.
            MemoryShortage: It does not fit.
        """
        kind = KINDS[checkpoint.family]
        pipeline = loading.load(kind.pipeline, checkpoint, configs, device, settle)
        self.pipeline, self._device = pipeline, device.place
        self.bytes = gauge.taken(pipeline)
        self._scheduler_config = {
            **pipeline.scheduler.config,
            "_class_name": type(pipeline.scheduler).__name__,
        }
        self.denoiser: torch.nn.Module = denoiser_of(pipeline)
        widen(self.denoiser)
        self._latents = Latents(pipeline, device.place)
        config: Any = self.denoiser.config
        plain = self._latents.channels * (4 if self._latents.packs else 1)
        self._inpainting = config.in_channels > plain
        self._phrases = Phrases(pipeline, kind.embeddings, device.place)
        self.channels = int(pipeline.vae.config.block_out_channels[0])
        self._colours = self._fitted(checkpoint)
        self.samplers: Mapping[str, tuple[str, ...]] = samplers.offered(self._scheduler_config)
        self.betas = samplers.noises(self._scheduler_config)
        self._guides = guiders.Guides(pipeline, kind.perturbed)
        self.guiders = self._guides.keys
        self._reuse = Reuse(pipeline)
        self.reuses = self._reuse.keys
        encoding = inspect.signature(pipeline.encode_prompt).parameters
        distilled = getattr(config, "time_cond_proj_dim", None) is not None
        self.negative = "negative_prompt" in encoding and not distilled
        self.guided = self.negative or bool(getattr(config, "guidance_embeds", False))

    def forget(self) -> bool:
        """See `family.Family.forget`."""
        return self._phrases.forget()

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
            self._check(request)
            size = request.working
            steps, strength = _share(request.steps, request.strength if scene else 1.0)
            scheduler = samplers.make(
                request.sampler, request.schedule, self._scheduler_config, steps, request.betas
            )
            estimate = previews.watched(scheduler)
            generator = torch.Generator("cpu").manual_seed(seed)
            start = self._start(scene, size, whole=strength == 1.0)
            held = self._densities(scene, start, strength == 1.0, seed)
            journal = Journal(self.denoiser, scheduler, generator, self._device, point)
            rounds = Rounds(on_step, journal, estimate, self._preview(size), held)
            arguments = {
                **self._phrases.of(request),
                **start,
                "width": size.width,
                "height": size.height,
                "strength": strength,
                "num_inference_steps": steps,
                "guidance_scale": request.guidance,
                "eta": samplers.ETAS.get(request.sampler, 0.0),
                "generator": generator,
                "output_type": "latent",
                "return_dict": False,
                "callback_on_step_end": rounds,
            }
            try:
                with (
                    self._guides.guiding(request, rounds) as pipeline,
                    self._reuse.reusing(request, rounds),
                    journal,
                ):
                    pipeline.scheduler = scheduler
                    accepted = inspect.signature(pipeline.__call__).parameters
                    latents = pipeline(
                        **{name: one for name, one in arguments.items() if name in accepted}
                    )[0]
            except Enough:
                latents = rounds.foreseen
            return self._latents.decoded(latents, size, scene)

    def _check(self, request: Request) -> None:
        """Refuse what was ordered for another model, such as by an old picture's settings.

        Raises:
            UsageError: A choice that this model does not offer.
        """
        if request.guider not in self.guiders:
            raise UsageError(
                "This model cannot be guided in that way.", "Choose plain guidance instead."
            )

    def _start(self, scene: Scene | None, size: Size, whole: bool) -> dict[str, torch.Tensor]:
        """The pipeline's picture arguments; encoded here, so that the VAE adds no noise.

        Only what will be read is encoded: pure noise needs no start (`whole`), and a denoiser
        without mask input no masked picture.
        """
        picture = torch.zeros(1, 3, size.height, size.width)
        mask = torch.ones(1, 1, size.height, size.width)
        if scene is not None:
            picture, mask = tensor_of(scene.picture), self._cells(scene.mask)
        held = self._latents.encoded(picture * (1 - mask)) if self._inpainting else None
        if held is None or not whole:
            start = self._latents.encoded(picture)
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
            encoded = self._latents.encoded(tensor_of(scene.picture))
        shares = torch.from_numpy(scene.mask.copy())[None, None].float() / 255
        cells = torch.nn.functional.max_pool2d(shares, self._latents.grid)
        return Densities(encoded, cells, seed, self._latents.packed)

    def _cells(self, mask: Pixels) -> torch.Tensor:
        """float32 `[1, 1, h, w]`, 1 wherever a latent cell holds a masked pixel, however thin."""
        inside = torch.from_numpy(mask > 0)[None, None].float()
        cells = torch.nn.functional.max_pool2d(inside, self._latents.grid)
        return torch.nn.functional.interpolate(cells, scale_factor=float(self._latents.grid))

    def _preview(self, size: Size) -> Any:
        def preview(latents: torch.Tensor) -> Pixels:
            return self._colours.preview(self._latents.unpacked(latents, size))

        return preview

    def _fitted(self, checkpoint: Checkpoint) -> previews.Colours:
        try:
            with torch.inference_mode():
                return previews.fitted(self._latents.encoded)
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

"""Kinds: which stock pipeline runs a family of checkpoints, and what it calls its inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import diffusers

_POOLED = (
    "prompt_embeds",
    "negative_prompt_embeds",
    "pooled_prompt_embeds",
    "negative_pooled_prompt_embeds",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What cannot be read from a pipeline itself.

    Attributes:
        pipeline: Its inpainting pipeline, which does the other tasks too: with everything masked
            it is text to image, or image to image below strength 1.
        embeddings: What its `encode_prompt` returns, in this order.
        perturbed: The same pipeline with perturbed attention guidance, where diffusers has one.
    """

    pipeline: type[Any]
    embeddings: tuple[str, ...]
    perturbed: type[Any] | None = None


#: Keys are those of `core.families.FAMILIES`.
KINDS: dict[str, Kind] = {
    "sd15": Kind(
        diffusers.StableDiffusionInpaintPipeline,
        _POOLED[:2],
        diffusers.StableDiffusionPAGInpaintPipeline,
    ),
    "sdxl": Kind(
        diffusers.StableDiffusionXLInpaintPipeline,
        _POOLED,
        diffusers.StableDiffusionXLPAGInpaintPipeline,
    ),
    "sd3": Kind(diffusers.StableDiffusion3InpaintPipeline, _POOLED),
    "flux": Kind(diffusers.FluxInpaintPipeline, ("prompt_embeds", "pooled_prompt_embeds")),
}


def denoiser_of(pipeline: Any) -> Any:
    """The part that is run at every step."""
    return getattr(pipeline, "unet", None) or pipeline.transformer

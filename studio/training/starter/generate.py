"""Pictures from the pipeline, as training and acceptance want them."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from studio.training.starter.parts import Pipeline, faster_sampler
from studio.training.starter.presets import PICTURE
from studio.training.starter.scenes.masks import FULL, Mask

Picture = NDArray[np.uint8]
"""uint8 [256, 256, 3] sRGB."""

GREY: Picture = np.full((PICTURE, PICTURE, 3), 128, np.uint8)


def prepared(pipeline: Pipeline) -> Pipeline:
    """``pipeline`` with the recommended sampler, quiet, channels last in memory."""
    pipeline.scheduler = faster_sampler(pipeline.scheduler)
    pipeline.unet.to(memory_format=torch.channels_last)
    pipeline.vae.to(memory_format=torch.channels_last)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def generate(
    pipeline: Pipeline,
    prompts: Sequence[str],
    pictures: Sequence[Picture] | None = None,
    masks: Sequence[Mask] | None = None,
    seed: int = 0,
    steps: int = 10,
    guidance: float = 3.0,
    batch: int = 8,
) -> list[Picture]:
    """One picture for each prompt, as the model gives them: nothing is pasted back.

    Args:
        pipeline: what ``prepared`` returned.
        prompts: one a picture.
        pictures: what to paint into; None paints from nothing.
        masks: where to paint; None is everywhere.
        seed: of the noise; the same seed gives the same pictures.
        steps: denoising steps.
        guidance: classifier-free guidance.
        batch: pictures made at a time.
    """
    made: list[Picture] = []
    sources, areas = pictures or [GREY] * len(prompts), masks or [FULL] * len(prompts)
    generator = torch.Generator().manual_seed(seed)
    for start in range(0, len(prompts), batch):
        part = slice(start, start + batch)
        result = pipeline(
            prompt=list(prompts[part]),
            image=[Image.fromarray(picture) for picture in sources[part]],
            mask_image=[Image.fromarray(mask) for mask in areas[part]],
            height=PICTURE,
            width=PICTURE,
            num_inference_steps=steps,
            guidance_scale=guidance,
            strength=1.0,
            generator=generator,
            output_type="np",
        )
        made += [(np.clip(image, 0, 1) * 255).round().astype(np.uint8) for image in result.images]
    return made

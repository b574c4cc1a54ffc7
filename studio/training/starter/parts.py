"""The parts of the pipeline: loading them, and putting them together.

diffusers and transformers annotate too little for mypy to follow, so their objects are of type
Any here, under names that say what they are. This is the one door to the two libraries.
"""

import json
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

library: Any = diffusers
text_library: Any = transformers

Vae = Any
"""An AutoencoderKL or an AsymmetricAutoencoderKL."""

Unet = Any
"""A UNet2DConditionModel."""

TextEncoder = Any
"""A CLIPTextModel."""

Tokenizer = Any
"""A CLIPTokenizer."""

Scheduler = Any
"""A DDIMScheduler."""

Pipeline = Any
"""A StableDiffusionInpaintPipeline."""


def load_vae(folder: Path) -> Vae:
    """The autoencoder stored in ``folder``, for inference, channels last in memory."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    vae = getattr(library, config["_class_name"]).from_pretrained(folder)
    return vae.eval().to(memory_format=torch.channels_last)


def load_unet(folder: Path) -> Unet:
    """The UNet stored in ``folder``."""
    return library.UNet2DConditionModel.from_pretrained(folder)


def load_text_encoder(folder: Path) -> TextEncoder:
    """The text encoder stored in ``folder``."""
    return text_library.CLIPTextModel.from_pretrained(folder)


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer stored in ``folder``."""
    return text_library.CLIPTokenizer.from_pretrained(folder)


def load_pipeline(folder: Path, dtype: torch.dtype) -> Pipeline:
    """The whole pipeline stored in ``folder``, all of it in ``dtype``."""
    return library.StableDiffusionInpaintPipeline.from_pretrained(folder, dtype=dtype)


def assembled(
    vae: Vae, unet: Unet, text: TextEncoder, tokenizer: Tokenizer, scheduler: Scheduler
) -> Pipeline:
    """An inpainting pipeline of these parts, without a safety checker."""
    return library.StableDiffusionInpaintPipeline(
        vae=vae,
        text_encoder=text,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def faster_sampler(scheduler: Scheduler) -> Scheduler:
    """DPM++ 2M on the noise schedule of ``scheduler``."""
    return library.DPMSolverMultistepScheduler.from_config(scheduler.config)


def plain_attention() -> Any:
    """An attention of plain matrix products.

    On a CPU its backward pass takes 0.7 times as long as that of the fused attention.
    """
    return diffusers.models.attention_processor.AttnProcessor()

"""Tiny checkpoints of random weights, as diffusers folders and as single files."""

import gzip
import json
from pathlib import Path
from typing import Any

import diffusers
import torch
from safetensors.torch import save_file
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    T5Config,
    T5EncoderModel,
)

from studio.core.checkpoint import Checkpoint
from studio.engine.words import tokenizers
from tests.engine import original

#: None of its classes is annotated.
parts: Any = diffusers
WORDS = 512 + 2 + 2
KINDS = [(family, channels) for family in ("sd15", "sdxl") for channels in (4, 9)]
NAMES = [f"{family}-{channels}" for family, channels in KINDS]
SAMPLER = {"sd15": "dpmpp_2m", "sdxl": "dpmpp_2m", "sd3": "euler", "flux": "euler"}
#: Those that follow a flow; folders only.
FLOWS = [("sd3", 16), ("flux", 16)]
FLOW_NAMES = [f"{family}-{channels}" for family, channels in FLOWS]


def checkpoint(path: Path, family: str, channels: int) -> Checkpoint:
    """How the library would describe the model at that path."""
    return Checkpoint(
        path.stem,
        path.stem,
        str(path),
        family,
        channels,
        channels == 9,
        64,
        4,
        3.0,
        SAMPLER[family],
    )


def merges(folder: Path) -> Path:
    """Merge rules of two words, where the engine looks for them."""
    path = folder / "clip" / "merges.txt.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(b"r e\nre d</w>\n"))
    return path


def as_folder(folder: Path, family: str, channels: int) -> Checkpoint:
    """A diffusers folder."""
    pipeline(folder.parent, family, channels).save_pretrained(folder)
    return checkpoint(folder, family, channels)


def as_file(path: Path, family: str, channels: int) -> Checkpoint:
    """A single file in the original layout, of the same weights as the folder."""
    made = pipeline(path.parent, family, channels)
    save_file(original.layout(made), path)
    return checkpoint(path, family, channels)


def configs(folder: Path) -> Path:
    """Configuration folders that fit the single files."""
    merges(folder)
    for family, channels in KINDS:
        made = pipeline(folder, family, channels)
        place = folder / (family + ("-inpaint" if channels == 9 else ""))
        for name, part in made.components.items():
            if name == "scheduler":
                part.save_pretrained(place / name)
            elif part is not None and not name.startswith("tokenizer"):
                config = part.config
                values = dict(config) if isinstance(config, dict) else config.to_dict()
                (place / name).mkdir(parents=True, exist_ok=True)
                (place / name / "config.json").write_text(json.dumps(values))
        (place / "model_index.json").write_text(json.dumps(dict(made.config)))
    return folder


def pipeline(folder: Path, family: str, channels: int) -> Any:
    """The same random weights for the same family and channels."""
    torch.manual_seed(channels)
    words = tokenizers(merges(folder))
    if family == "sd3":
        return _sd3(words)
    if family == "flux":
        return _flux(words)
    if family == "sd15":
        return parts.StableDiffusionInpaintPipeline(
            vae=_vae(),
            text_encoder=CLIPTextModel(_text(32)),
            tokenizer=words["tokenizer"],
            unet=_unet(channels, 32),
            scheduler=parts.PNDMScheduler(**_NOISE, skip_prk_steps=True, set_alpha_to_one=False),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
    return parts.StableDiffusionXLInpaintPipeline(
        vae=_vae(),
        text_encoder=CLIPTextModel(_text(32)),
        text_encoder_2=CLIPTextModelWithProjection(_text(64)),
        **words,
        unet=_unet(
            channels,
            96,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=64 + 6 * 8,
            use_linear_projection=True,
        ),
        scheduler=parts.EulerDiscreteScheduler(**_NOISE, timestep_spacing="leading"),
    )


_NOISE = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "steps_offset": 1,
}


def _unet(channels: int, context: int, **more: Any) -> Any:
    return parts.UNet2DConditionModel(
        sample_size=8,
        in_channels=channels,
        out_channels=4,
        layers_per_block=2,
        block_out_channels=(16, 32),
        norm_num_groups=8,
        attention_head_dim=2,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=context,
        **more,
    )


def _sd3(words: dict[str, Any]) -> Any:
    return parts.StableDiffusion3InpaintPipeline(
        transformer=parts.SD3Transformer2DModel(
            sample_size=8,
            patch_size=2,
            in_channels=16,
            out_channels=16,
            num_layers=2,
            attention_head_dim=8,
            num_attention_heads=4,
            caption_projection_dim=32,
            joint_attention_dim=96,
            pooled_projection_dim=96,
        ),
        scheduler=parts.FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=_vae(latent_channels=16, shift_factor=0.06, scaling_factor=1.5),
        text_encoder=CLIPTextModelWithProjection(_text(32)),
        text_encoder_2=CLIPTextModelWithProjection(_text(64)),
        text_encoder_3=None,
        tokenizer_3=None,
        **words,
    )


def _flux(words: dict[str, Any]) -> Any:
    return parts.FluxInpaintPipeline(
        transformer=parts.FluxTransformer2DModel(
            patch_size=1,
            in_channels=64,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=32,
            pooled_projection_dim=32,
            axes_dims_rope=[4, 4, 8],
            guidance_embeds=True,
        ),
        scheduler=parts.FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=_vae(latent_channels=16, shift_factor=0.1159, scaling_factor=0.3611),
        text_encoder=CLIPTextModel(_text(32)),
        text_encoder_2=T5EncoderModel(
            T5Config(vocab_size=WORDS, d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
        ),
        **words,
    )


def _vae(latent_channels: int = 4, **more: Any) -> Any:
    return parts.AutoencoderKL(
        block_out_channels=(8, 8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        latent_channels=latent_channels,
        norm_num_groups=4,
        sample_size=64,
        **more,
    )


def _text(width: int) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=WORDS,
        hidden_size=width,
        projection_dim=width,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        bos_token_id=WORDS - 2,
        eos_token_id=WORDS - 1,
        pad_token_id=WORDS - 1,
    )

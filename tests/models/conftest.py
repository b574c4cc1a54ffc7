import json
from pathlib import Path

import pytest

from tests.models.checkpoints import Shapes, Written, encoded, header_of


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a .safetensors file of these tensors, all zeros, and return its path."""

    def write(shapes: Shapes, name: str = "model.safetensors") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(*header_of(shapes)))
        return path

    return write


@pytest.fixture
def folder(written: Written, tmp_path: Path) -> Path:
    """A tiny diffusers folder of Stable Diffusion 1.5, as far as headers tell."""
    written({"conv_in.weight": (8, 9, 3, 3)}, "own/unet/diffusion_pytorch_model.safetensors")
    written({"x": (1,)}, "own/vae/diffusion_pytorch_model.safetensors")
    written({"x": (1,)}, "own/text_encoder/model.safetensors")
    own = tmp_path / "own"
    for part in ("tokenizer", "scheduler"):
        (own / part).mkdir()
    index = {
        "_class_name": "StableDiffusionInpaintPipeline",
        "safety_checker": [None, None],
        "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    unet = {"in_channels": 9, "cross_attention_dim": 32, "sample_size": 64}
    (own / "model_index.json").write_text(json.dumps(index))
    (own / "unet" / "config.json").write_text(json.dumps(unet))
    (own / "vae" / "config.json").write_text(
        json.dumps({"latent_channels": 4, "block_out_channels": [8, 8]})
    )
    return own

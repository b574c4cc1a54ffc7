"""What a diffusers folder is: its index, its parts' configurations, their weights' headers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from studio.core.errors import ModelError
from studio.models.header import Tensor, read_header
from studio.models.refusals import PICKLED, pickled
from studio.models.single import Found, second_generation

#: Pipelines that the engine may load, and their family. A class outside this list could be code
#: that came with the model.
_CLASSES = {
    "StableDiffusionPipeline": "sd15",
    "StableDiffusionInpaintPipeline": "sd15",
    "StableDiffusionImg2ImgPipeline": "sd15",
    "StableDiffusionXLPipeline": "sdxl",
    "StableDiffusionXLInpaintPipeline": "sdxl",
    "StableDiffusionXLImg2ImgPipeline": "sdxl",
    "StableDiffusion3Pipeline": "sd3",
    "StableDiffusion3InpaintPipeline": "sd3",
    "StableDiffusion3Img2ImgPipeline": "sd3",
    "FluxPipeline": "flux",
    "FluxInpaintPipeline": "flux",
    "FluxImg2ImgPipeline": "flux",
}
_LIBRARIES = {"diffusers", "transformers", "stable_diffusion", None}
_WEIGHTS = {
    "sd15": ("unet", "vae", "text_encoder"),
    "sdxl": ("unet", "vae", "text_encoder", "text_encoder_2"),
    "sd3": ("transformer", "vae", "text_encoder", "text_encoder_2"),
    "flux": ("transformer", "vae", "text_encoder", "text_encoder_2"),
}
_OTHER_PARTS = {
    "sd15": ("tokenizer", "scheduler"),
    "sdxl": ("tokenizer", "tokenizer_2", "scheduler"),
    "sd3": ("tokenizer", "tokenizer_2", "scheduler"),
    "flux": ("tokenizer", "tokenizer_2", "scheduler"),
}
#: The first layer of each denoiser, and how many of its input channels are one of the latents': a
#: transformer may read 2 x 2 cells as one.
_FIRST = {
    "sd15": ("conv_in.weight", 1),
    "sdxl": ("conv_in.weight", 1),
    "sd3": ("pos_embed.proj.weight", 1),
    "flux": ("x_embedder.weight", 4),
}
_MAX_JSON = 4 << 20
_AGAIN = "Fetch the whole folder again."


def read_folder(folder: Path) -> tuple[Found, int]:
    """The family and channels of a model in a diffusers folder, and its native edge in px (0:
    not said).

    Files are followed through symbolic links, as the Hugging Face cache lays them out, but only
    regular files are opened, none beyond its limit, and names inside the model never lead out of
    their folder.

    Raises:
        ModelError: A part is missing, damaged, pickled, or of a class that is not on our list.
    """
    index = read_json(folder / "model_index.json", folder.name)
    family = _family(index, folder.name)
    for part in (*_WEIGHTS[family], *_OTHER_PARTS[family]):
        _check_part(folder, index, part)
    tensors = {part: _weights(folder / part, folder.name) for part in _WEIGHTS[family]}
    denoiser = _WEIGHTS[family][0]
    unet = read_json(folder / denoiser / "config.json", folder.name)
    vae = read_json(folder / "vae" / "config.json", folder.name)
    if family == "sd15" and unet.get("cross_attention_dim") == 1024:
        raise second_generation(folder.name)
    channels = _natural(unet, "in_channels", folder.name)
    layer, share = _FIRST[family]
    first = tensors[denoiser].get(layer)
    if first is None or len(first.shape) not in (2, 4) or first.shape[1] != channels:
        raise ModelError(
            f"{folder.name} is damaged: the denoiser's weights do not fit its configuration.",
            _AGAIN,
        )
    cells = _natural(vae, "latent_channels", folder.name, missing=4)
    found = Found(family, channels // share, cells)
    return found, _native(unet, vae)


def read_json(path: Path, name: str) -> dict[str, Any]:
    """An object from a small file of a model.

    Args:
        path: The file.
        name: The model, for the sentences.

    Raises:
        ModelError: It is missing, too large, or not a JSON object.
    """
    try:
        if not path.is_file():
            raise ModelError(f"{name} lacks {path.parent.name}/{path.name}.", _AGAIN)
        if path.stat().st_size > _MAX_JSON:
            raise ModelError(f"{name} is damaged: {path.name} is far too large.", _AGAIN)
        values = json.loads(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.", _AGAIN) from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{name} is damaged: {path.name} cannot be read.", _AGAIN) from error
    if not isinstance(values, dict):
        raise ModelError(f"{name} is damaged: {path.name} holds no settings.", _AGAIN)
    return values


def _family(index: dict[str, Any], name: str) -> str:
    kind = index.get("_class_name")
    if not isinstance(kind, str) or kind not in _CLASSES:
        raise ModelError(
            f"{name} is made for '{kind}', which the studio cannot load yet.",
            "Take a model of Stable Diffusion 1.5, SDXL, Stable Diffusion 3 or FLUX.1.",
        )
    for part, value in index.items():
        if part.startswith("_") or not isinstance(value, list):
            continue
        if len(value) != 2 or value[0] not in _LIBRARIES:
            raise ModelError(
                f"{name} brings a program of its own for its part '{part}'.",
                "The studio runs no programs from models. Take another version of it.",
            )
    return _CLASSES[kind]


def _check_part(folder: Path, index: dict[str, Any], part: str) -> None:
    named = index.get(part)
    if not isinstance(named, list) or named[0] is None or not (folder / part).is_dir():
        raise ModelError(f"{folder.name} is not whole: its part '{part}' is missing.", _AGAIN)


def _weights(folder: Path, name: str) -> dict[str, Tensor]:
    """The headers of all weights of a part, its shards together."""
    try:
        files = sorted(one for one in folder.iterdir() if one.is_file())
    except OSError as error:
        raise ModelError(f"{folder} cannot be read: {error.strerror}.", _AGAIN) from error
    weights = [one for one in files if one.suffix == ".safetensors"]
    if not weights:
        if any(one.suffix in PICKLED for one in files):
            raise pickled(f"The part '{folder.name}' of {name}")
        raise ModelError(f"{name} is not whole: '{folder.name}' holds no weights.", _AGAIN)
    _check_shards(folder, {one.name for one in weights}, name)
    return {key: tensor for one in weights for key, tensor in read_header(one).items()}


def _check_shards(folder: Path, present: set[str], name: str) -> None:
    """Every file that the list of shards names lies beside it."""
    for index in sorted(folder.glob("*.safetensors.index.json")):
        shards = read_json(index, name).get("weight_map")
        named = set(map(str, shards.values())) if isinstance(shards, dict) else set()
        if absent := sorted(named - present):
            raise ModelError(f"{name} is not whole: {folder.name}/{absent[0]} is missing.", _AGAIN)


def _natural(config: dict[str, Any], key: str, name: str, missing: int = 0) -> int:
    value = config.get(key, missing)
    if type(value) is not int or not 1 <= value <= 1024:
        raise ModelError(f"{name} is damaged: its {key} cannot be {value!r}.", _AGAIN)
    return value


def _native(unet: dict[str, Any], vae: dict[str, Any]) -> int:
    """The edge that the denoiser was made for, in px: that of its latents times the VAE's scale."""
    edge = unet.get("sample_size")
    blocks = vae.get("block_out_channels", vae.get("up_block_out_channels"))
    if type(edge) is not int or not isinstance(blocks, list):
        return 0
    return edge << max(0, min(len(blocks), 8) - 1)

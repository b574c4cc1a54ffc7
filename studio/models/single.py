"""What a single .safetensors file is, told by the names and shapes of its tensors."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.errors import ModelError
from studio.models.header import Tensor

_UNET = "model.diffusion_model."
_FIRST = f"{_UNET}input_blocks.0.0.weight"
_VAE = "first_stage_model."
_LATENT = f"{_VAE}decoder.conv_in.weight"
_CLIP = "cond_stage_model.transformer."
_OPEN_CLIP = "cond_stage_model.model."
_XL = "conditioner.embedders.1."

_WHOLE = "Take a whole Stable Diffusion 1.5 or SDXL checkpoint: one file with all of its parts."
_FOLDER = "The studio loads this family from a diffusers folder: add that of the same model."

#: A part of a tensor's name, and what a file with it is instead of a model. The first row that
#: fits counts: a LoRA for FLUX is a LoRA.
_OTHERS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("lora_unet_", "lora_te", ".lora_A.", ".lora_down.", ".lora.down.", ".hada_w1", ".lokr_w"),
        "a LoRA, not a model",
        "It changes a model that you have; the studio cannot apply it yet. " + _WHOLE,
    ),
    (
        ("control_model.", "controlnet_cond_embedding.", "controlnet_blocks."),
        "a ControlNet, not a model",
        "It steers a model that you have; the studio cannot apply it yet. " + _WHOLE,
    ),
    (("double_blocks.",), "a FLUX model in a single file", _FOLDER),
    (("joint_blocks.",), "a Stable Diffusion 3 model in a single file", _FOLDER),
    (("emb_params", "string_to_param", "clip_g"), "an embedding, not a model", _WHOLE),
    (
        ("down_blocks.0.",),
        "one part of a diffusers folder, not a whole model",
        "Add the folder that holds model_index.json instead.",
    ),
    (("decoder.conv_in.", "decoder.conv_out."), "a VAE, not a model", _WHOLE),
    (("text_model.encoder.", "encoder.block.0."), "a text encoder, not a model", _WHOLE),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of a model: `family` a key of FAMILIES, channels of denoiser and latents."""

    family: str
    in_channels: int
    latent_channels: int


def read_single(tensors: dict[str, Tensor], name: str) -> Found:
    """The family and channels of a checkpoint in the layout of the original authors.

    Raises:
        ModelError: It is of another family, lacks a part, or is no model at all.
    """
    if _FIRST not in tensors:
        raise _other(tensors, name)
    family = _family(tensors, name)
    if not any(key.startswith(_VAE) for key in tensors):
        raise ModelError(f"{name} lacks its VAE, the part that makes pixels.", _WHOLE)
    return Found(
        family, _edge(tensors[_FIRST], 1, name), _edge(tensors.get(_LATENT), 1, name, missing=4)
    )


def _family(tensors: dict[str, Tensor], name: str) -> str:
    context = next(
        (
            tensor.shape[1]
            for key, tensor in tensors.items()
            if key.startswith(_UNET)
            and key.endswith("attn2.to_k.weight")
            and len(tensor.shape) == 2
        ),
        0,
    )
    if any(key.startswith(_XL) for key in tensors):
        return "sdxl"
    if any(key.startswith("conditioner.embedders.0.") for key in tensors):
        raise ModelError(
            f"{name} is an SDXL refiner, which only finishes pictures of another model.",
            "Take the SDXL base model, or one made from it.",
        )
    if context == 1024 or any(key.startswith(_OPEN_CLIP) for key in tensors):
        raise second_generation(name)
    if any(key.startswith(_CLIP) for key in tensors):
        return "sd15"
    raise ModelError(f"{name} lacks its text encoder, the part that reads the prompt.", _WHOLE)


def second_generation(name: str) -> ModelError:
    """The refusal of Stable Diffusion 2."""
    return ModelError(
        f"{name} is a Stable Diffusion 2 model, a family that the studio cannot load yet.",
        "Take a model of Stable Diffusion 1.5 or SDXL.",
    )


def _other(tensors: dict[str, Tensor], name: str) -> ModelError:
    for parts, what, hint in _OTHERS:
        if any(part in key for key in tensors for part in parts):
            return ModelError(f"{name} is {what}.", hint)
    return ModelError(f"{name} holds no model that the studio knows.", _WHOLE)


def _edge(tensor: Tensor | None, axis: int, name: str, missing: int = 0) -> int:
    if tensor is None and missing:
        return missing
    if tensor is None or len(tensor.shape) != 4:
        raise ModelError(f"{name} is damaged: its first layer has an impossible shape.", _WHOLE)
    return tensor.shape[axis]

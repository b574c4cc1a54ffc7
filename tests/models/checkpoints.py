"""Headers of tiny checkpoints, as far as names and shapes of tensors tell what they are."""

import json
import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

Header = dict[str, Any]
Shapes = dict[str, tuple[int, ...]]
Written = Callable[..., Path]


def header_of(shapes: Shapes) -> tuple[Header, int]:
    """The entries of an F16 file with these tensors, and the bytes that they take."""
    entries, at = {}, 0
    for name, shape in shapes.items():
        end = at + 2 * math.prod(shape)
        entries[name] = {"dtype": "F16", "shape": list(shape), "data_offsets": [at, end]}
        at = end
    return entries, at


def single(text: Shapes, channels: int = 4, context: int = 32, latents: int = 4) -> Shapes:
    """The telling tensors of a tiny single-file checkpoint."""
    unet = "model.diffusion_model."
    return {
        f"{unet}input_blocks.0.0.weight": (8, channels, 3, 3),
        f"{unet}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (8, context),
        "first_stage_model.decoder.conv_in.weight": (8, latents, 3, 3),
        **text,
    }


SD15: Shapes = {"cond_stage_model.transformer.text_model.final_layer_norm.weight": (8,)}
SD2: Shapes = {"cond_stage_model.model.ln_final.weight": (8,)}
SDXL: Shapes = {
    "conditioner.embedders.0.transformer.text_model.final_layer_norm.weight": (8,),
    "conditioner.embedders.1.model.ln_final.weight": (8,),
}
REFINER: Shapes = {"conditioner.embedders.0.model.ln_final.weight": (8,)}


def encoded(entries: Header, size: int) -> bytes:
    """A whole file: length, header, zeros."""
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + bytes(size)

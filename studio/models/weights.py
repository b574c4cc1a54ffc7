"""How large a model is in memory, from the headers of its files alone."""

from __future__ import annotations

import math
from pathlib import Path

from studio.core.checkpoint import Checkpoint
from studio.core.errors import ModelError
from studio.core.memory import Weights
from studio.models.header import Tensor, read_header

_DENOISER = "model.diffusion_model."
#: What only the text encoders of 5 GB have.
_T5 = "encoder.block.0.layer.0.SelfAttention.q.weight"
_LAST = "decoder.conv_out.weight"
#: Of all known decoders.
_CHANNELS = 128


def weigh(model: Checkpoint) -> Weights:
    """The sizes of that model.

    Raises:
        ModelError: A file of it is missing or damaged.
    """
    path = Path(model.path)
    if path.is_file():
        return _single(read_header(path))
    narrow = wide = 0
    channels = _CHANNELS
    for part in sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else ():
        # Variants of the same part have the same names.
        tensors = {
            name: tensor
            for file in sorted(part.glob("*.safetensors"))
            for name, tensor in read_header(file).items()
        }
        count = sum(_count(one) for one in tensors.values())
        if part.name in ("unet", "transformer") or _T5 in tensors:
            narrow += count
        elif part.name in ("vae", "text_encoder", "text_encoder_2", "text_encoder_3"):
            wide += count
        if part.name == "vae" and _LAST in tensors:
            channels = _inputs(tensors[_LAST])
    if not narrow:
        raise ModelError(f"There are no weights at {path}.", "Check the path.")
    return Weights(narrow, wide, channels)


def _single(tensors: dict[str, Tensor]) -> Weights:
    narrow = sum(_count(one) for name, one in tensors.items() if name.startswith(_DENOISER))
    whole = sum(_count(one) for one in tensors.values())
    last = tensors.get(f"first_stage_model.{_LAST}")
    return Weights(narrow, whole - narrow, _CHANNELS if last is None else _inputs(last))


def _count(tensor: Tensor) -> int:
    return math.prod(tensor.shape)


def _inputs(tensor: Tensor) -> int:
    return tensor.shape[1] if len(tensor.shape) == 4 and tensor.shape[1] > 0 else _CHANNELS

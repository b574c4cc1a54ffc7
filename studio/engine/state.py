"""Plain values and tensors as one array of bytes and back, bit by bit; never pickle.

The bytes are the length of a JSON header (uint32, little endian), the header, and the raw tensors.
Numbers, words and lists stand in the header; a tensor stands there by its place in the rest, with
its type, shape and strides, so that the same sums are taken over the same memory.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from studio.core.errors import EngineError
from studio.core.pixels import Pixels

_LENGTH = struct.Struct("<I")
#: What bytes that are not from here may lead to.
_NONSENSE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)
_PLAIN = (type(None), bool, int, float, str)


def pack(values: Mapping[str, Any]) -> Pixels:
    """Values as bytes, uint8 `[n]`.

    Raises:
        TypeError: One is neither a tensor, an array, plain, nor made of these.
    """
    parts: list[Pixels] = []
    tree = {name: _plain(value, parts) for name, value in values.items()}
    header = json.dumps(tree).encode()
    head = np.frombuffer(_LENGTH.pack(len(header)) + header, np.uint8)
    return np.concatenate([head, *parts])


def unpack(data: Pixels, place: torch.device) -> dict[str, Any]:
    """The values again.

    Args:
        data: What `pack` gave.
        place: Where the tensors go that were not on the CPU.

    Raises:
        EngineError: The bytes are not from there.
    """
    try:
        (length,) = _LENGTH.unpack(data[: _LENGTH.size].tobytes())
        begin = _LENGTH.size + length
        tree = json.loads(data[_LENGTH.size : begin].tobytes())
        rest = data[begin:]
        return {name: _value(one, rest, place) for name, one in tree.items()}
    except _NONSENSE as error:
        raise EngineError(
            "The noted step of this picture cannot be read, so it cannot go on from there.",
            "Start it anew: the same settings and seed give the same picture.",
        ) from error


def _plain(value: Any, parts: list[Pixels]) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, torch.Tensor):
        return {"tensor": [*_noted(value, parts), value.device.type != "cpu"]}
    if isinstance(value, np.ndarray | np.generic):
        whole = isinstance(value, np.ndarray)
        return {"array": [*_noted(torch.from_numpy(np.asarray(value)), parts), whole]}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_plain(one, parts) for one in value]}
    raise TypeError(f"a {type(value).__name__} cannot be noted")


def _noted(tensor: torch.Tensor, parts: list[Pixels]) -> list[Any]:
    """Type, shape, strides and place of a tensor whose bytes are now among the parts."""
    dense = tensor.detach().to("cpu").contiguous()
    begin = sum(one.size for one in parts)
    parts.append(dense.reshape(-1).view(torch.uint8).numpy())
    kind = str(tensor.dtype).removeprefix("torch.")
    return [kind, list(tensor.shape), list(tensor.stride()), begin]


def _value(tree: Any, rest: Pixels, place: torch.device) -> Any:
    if not isinstance(tree, dict):
        return tree
    ((kind, inside),) = tree.items()
    if kind in ("list", "tuple"):
        found = [_value(one, rest, place) for one in inside]
        return found if kind == "list" else tuple(found)
    tensor = _tensor(inside, rest)
    if kind == "tensor":
        return tensor.to(place) if inside[4] else tensor
    return tensor.numpy() if inside[4] else tensor.numpy()[()]


def _tensor(noted: list[Any], rest: Pixels) -> torch.Tensor:
    kind, shape, strides, begin, _ = noted
    dtype = getattr(torch, kind)
    if not isinstance(dtype, torch.dtype):
        raise TypeError(kind)
    count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if begin < 0 or begin + count > rest.size:
        raise ValueError("a tensor lies beyond the end")
    if not count:
        return torch.empty(shape, dtype=dtype)
    flat = torch.from_numpy(rest[begin : begin + count].copy())
    dense = flat.view(dtype).reshape(shape)
    if 0 in strides or list(dense.stride()) == strides:
        return dense
    return torch.empty_strided(shape, strides, dtype=dtype).copy_(dense)

"""The header of a .safetensors file: names, dtypes and shapes of its tensors, checked, unread."""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from studio.core.errors import ModelError

#: A header of 66 MB with a million tensors took a reader 16 s and 2.3 GB; real ones have 0.5 MB.
MAX_HEADER = 25_000_000
MAX_TENSORS = 100_000

_BITS = {
    "BOOL": 8,
    "U8": 8,
    "I8": 8,
    "F8_E4M3": 8,
    "F8_E4M3FNUZ": 8,
    "F8_E5M2": 8,
    "F8_E5M2FNUZ": 8,
    "F8_E8M0": 8,
    "U16": 16,
    "I16": 16,
    "F16": 16,
    "BF16": 16,
    "U32": 32,
    "I32": 32,
    "F32": 32,
    "U64": 64,
    "I64": 64,
    "F64": 64,
    "C64": 64,
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
}
_DAMAGED = "Fetch or copy the file again."


@dataclass(frozen=True, slots=True)
class Tensor:
    """One entry of a header; nothing of its values is read."""

    dtype: str
    shape: tuple[int, ...]


def read_header(path: Path) -> dict[str, Tensor]:
    """The tensors of a .safetensors file by name.

    Checked are the length of the header, unique keys, known dtypes, and that the tensors fill the
    rest of the file without holes, overlaps or a missing end.

    Raises:
        ModelError: The file is missing, damaged, or not of this format.

    Source: https://github.com/huggingface/safetensors, section Format.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            entries = _entries(stream, size, path.name)
            start = stream.tell()
    except OSError as error:
        raise ModelError(
            f"The model file {path.name} cannot be read: {error.strerror}.",
            "Check that it still lies there and that you may read it.",
        ) from error
    try:
        spans = {name: _span(entry) for name, entry in entries.items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path.name, "a tensor in its list makes no sense") from error
    _check_layout(sorted(one[1:] for one in spans.values()), size - start, path.name)
    return {name: tensor for name, (tensor, _, _) in spans.items()}


def _entries(stream: BinaryIO, size: int, name: str) -> dict[str, Any]:
    head = stream.read(8)
    length = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
    if length < 2 or length > size - 8:
        raise ModelError(
            f"{name} is not a whole .safetensors file.",
            f"{_DAMAGED} A download that broke off looks like this.",
        )
    if length > MAX_HEADER:
        raise ModelError(
            f"{name} begins with a list of {length:,} bytes; models have far less.",
            "Do not use this file.",
        )
    try:
        entries = json.loads(stream.read(length), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise _damaged(name, "its list of tensors cannot be read") from error
    if not isinstance(entries, dict):
        raise _damaged(name, "it holds no list of tensors")
    entries.pop("__metadata__", None)
    if len(entries) > MAX_TENSORS:
        raise ModelError(
            f"{name} lists {len(entries):,} tensors; models have a few thousand.",
            "Do not use this file.",
        )
    return entries


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _span(entry: Any) -> tuple[Tensor, int, int]:
    """A tensor and the bytes it takes, from and to."""
    shape = tuple(entry["shape"])
    begin, end = entry["data_offsets"]
    if any(type(edge) is not int or edge < 0 for edge in (*shape, begin, end)):
        raise ValueError("not a natural number")
    bits = _BITS[entry["dtype"]] * math.prod(shape)
    if bits % 8 or end - begin != bits // 8:
        raise ValueError("size of the tensor")
    return Tensor(entry["dtype"], shape), begin, end


def _check_layout(spans: list[tuple[int, int]], room: int, name: str) -> None:
    at = 0
    for begin, end in spans:
        if begin != at:
            raise _damaged(name, "its tensors overlap or leave holes")
        at = end
    if at > room:
        raise ModelError(f"{name} is cut off: {at - room:,} of {at:,} bytes are missing.", _DAMAGED)
    if at < room:
        raise _damaged(name, "there is something behind its tensors")


def _damaged(name: str, what: str) -> ModelError:
    return ModelError(f"{name} is damaged: {what}.", _DAMAGED)

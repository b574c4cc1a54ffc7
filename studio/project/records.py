"""Records: takes, recipes and waiting orders as what a project file keeps, and back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import numpy as np
import zstandard

from studio.core import packing
from studio.core.geometry import Rect
from studio.core.messages import Start
from studio.core.piece import Piece
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.document.files.metadata import Recipe
from studio.project.store.values import Record

#: No record unpacks to more: 16k x 16k pixels and a mask.
_MOST = 16384 * 16384 * 5
_RECIPE = {each.name for each in fields(Recipe)}

Packed = tuple[dict[str, Any], bytes]


def packed_take(
    job: int, index: int, pieces: Sequence[Piece], recipe: Recipe, partial: bool
) -> Packed:
    """A take as header and blob; compressing takes a while, so do it beside the window."""
    header = {
        "job": job,
        "index": index,
        "partial": partial,
        "recipe": asdict(recipe),
        "areas": [_numbers(piece.area) for piece in pieces],
    }
    return header, _compressed([piece.pixels for piece in pieces])


def unpacked_take(record: Record) -> tuple[int, int, tuple[Piece, ...], Recipe, bool]:
    """The take again, in the order of `packed_take`.

    Raises:
        ValueError: It is not a take.
    """
    header = record.header
    try:
        areas = [Rect(*map(int, numbers)) for numbers in header["areas"]]
        shapes = [(area.height, area.width, 4) for area in areas]
        arrays = _arrays(record.blob, shapes)
        pieces = tuple(Piece(area, pixels) for area, pixels in zip(areas, arrays, strict=True))
        recipe = recipe_of(header["recipe"])
        return int(header["job"]), int(header["index"]), pieces, recipe, bool(header["partial"])
    except (KeyError, TypeError, zstandard.ZstdError) as error:
        raise ValueError("not a take") from error


def recipe_of(values: Mapping[str, Any]) -> Recipe:
    """A recipe from `asdict`; what an older or newer studio names otherwise is left out.

    Raises:
        TypeError: It is no mapping.
    """
    return Recipe(**{name: value for name, value in values.items() if name in _RECIPE})


def packed_request(request: Request) -> Packed:
    """An order that waits."""
    text, arrays = packing.packed(Start(0, request))
    return {"order": json.loads(text)}, _compressed(arrays)


def unpacked_request(record: Record) -> Request:
    """The order again.

    Raises:
        ValueError: It is none, or of a studio whose orders say other things.
    """
    try:
        raw = _raw(record.blob)
        stream = io.BytesIO(raw)
        read: Callable[[int], bytearray] = lambda count: bytearray(stream.read(count))  # noqa: E731
        order = json.dumps(record.header["order"]).encode()
        message = packing.unpacked(Start, order, len(raw), read)
    except (KeyError, TypeError, AttributeError, ArithmeticError, zstandard.ZstdError) as error:
        raise ValueError("not an order") from error
    if not isinstance(message, Start):
        raise ValueError("not an order")
    return message.request


def _compressed(arrays: Sequence[Pixels]) -> bytes:
    # Without a copy as bytes: that of 8192 x 8192 px kept every other thread waiting for 0.13 s.
    flat = [np.ascontiguousarray(each).reshape(-1) for each in arrays]
    packer = zstandard.ZstdCompressor(level=1, write_checksum=True)
    if len(flat) == 1:
        return packer.compress(flat[0].data)
    pieces = packer.compressobj(size=sum(each.nbytes for each in flat))
    return b"".join([*(pieces.compress(each.data) for each in flat), pieces.flush()])


def _raw(blob: bytes) -> bytes:
    size = zstandard.frame_content_size(blob)
    if not 0 <= size <= _MOST:
        raise ValueError("of a size that nothing of ours has")
    return zstandard.ZstdDecompressor().decompress(blob, max_output_size=max(1, size))


def _arrays(blob: bytes, shapes: Sequence[tuple[int, int, int]]) -> list[Pixels]:
    raw = _raw(blob)
    if any(edge < 0 for shape in shapes for edge in shape):
        raise ValueError("a size below 0")
    arrays, at = [], 0
    for shape in shapes:
        count = shape[0] * shape[1] * shape[2]
        arrays.append(np.frombuffer(raw, np.uint8, count, at).reshape(shape))
        at += count
    return arrays


def _numbers(rect: Rect) -> list[int]:
    return [rect.x, rect.y, rect.width, rect.height]

"""Tiles, trees and changes as bytes: digest, compression with a bound, and back."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import zstandard

from studio.core.pixels import Pixels
from studio.document.tiles import TILE
from studio.project.store.values import Change

DIGEST = 16
#: A tree of more bytes than this is nothing that the studio wrote.
MAX_TREE = 1 << 26
_CHANNELS = (1, 2, 3, 4)
_NOTHING = bytes(DIGEST)
#: A change on the disk; the digest of nothing but zeros stands for an empty tile.
_CHANGE = np.dtype(
    [("grid", "<i8"), ("tx", "<i4"), ("ty", "<i4"), ("before", "V16"), ("after", "V16")]
)


#: Fewer tiles are done before threads have started.
_FEW = 6
_BATCH = 64
_THREADS = 4

S = TypeVar("S")
T = TypeVar("T")


class _Codecs(threading.local):
    """Compressors keep a state of their own, so each thread has its pair."""

    def __init__(self) -> None:
        self.shrink = zstandard.ZstdCompressor(level=1, write_checksum=True)
        self.grow = zstandard.ZstdDecompressor()


_codecs = _Codecs()


def digest(raw: bytes | memoryview) -> bytes:
    """blake2b of 128 bits: the name of a tile, and the seal of everything else."""
    return hashlib.blake2b(raw, digest_size=DIGEST).digest()


def packed(pixels: Pixels) -> tuple[bytes, bytes]:
    """Digest and compressed bytes of one tile.

    Args:
        pixels: uint8 `[256, 256, c]` or `[256, 256]`.

    Raises:
        ValueError: It is no tile.
    """
    if pixels.dtype != np.uint8 or pixels.shape[:2] != (TILE, TILE):
        raise ValueError(f"{pixels.dtype} {pixels.shape} is no tile")
    raw = np.ascontiguousarray(pixels).data.cast("B")
    return digest(raw), _codecs.shrink.compress(raw)


def unpacked(data: bytes) -> Pixels:
    """The tile in those bytes, read-only: uint8 `[256, 256, c]`, or `[256, 256]`.

    Raises:
        ValueError: They are no tile; nothing larger than a tile is ever unpacked.
    """
    channels, rest = divmod(_size(data), TILE * TILE)
    if rest or channels not in _CHANNELS:
        raise ValueError("what is packed has not the size of a tile")
    raw = _grown(data, channels * TILE * TILE)
    shape = (TILE, TILE) if channels == 1 else (TILE, TILE, channels)
    return np.frombuffer(raw, np.uint8).reshape(shape)


def packed_json(value: Mapping[str, Any]) -> bytes:
    """Compressed JSON, the same for equal values.

    Raises:
        ValueError: It holds what JSON cannot say, or more than `unpacked_json` would take.
    """
    text = json.dumps(value, sort_keys=True, allow_nan=False, separators=(",", ":"))
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_TREE:
        raise ValueError(f"{len(raw)} bytes are more than any tree has")
    return _codecs.shrink.compress(raw)


def unpacked_json(data: bytes) -> dict[str, Any]:
    """What `packed_json` packed.

    Raises:
        ValueError: The bytes are something else.
    """
    size = _size(data)
    if size > MAX_TREE:
        raise ValueError("what is packed is larger than any tree")
    try:
        value = json.loads(_grown(data, size).decode("utf-8", "surrogatepass"))
    except RecursionError as error:
        raise ValueError("what is packed is nested too deep") from error
    if not isinstance(value, dict):
        raise ValueError("what is packed is no object")
    return value


def packed_changes(changes: Iterable[Change]) -> bytes:
    """48 bytes for each change."""
    rows = [
        (grid, key[0], key[1], before or _NOTHING, after or _NOTHING)
        for grid, key, before, after in changes
    ]
    return np.array(rows, _CHANGE).tobytes()


def unpacked_changes(data: bytes) -> tuple[Change, ...]:
    """What `packed_changes` packed.

    Raises:
        ValueError: The bytes are something else.
    """
    rows = np.frombuffer(data, _CHANGE)
    return tuple(
        Change(grid, (tx, ty), _named(before), _named(after))
        for grid, tx, ty, before, after in rows.tolist()
    )


def _named(found: bytes) -> bytes | None:
    return None if found == _NOTHING else found


def _size(data: bytes) -> int:
    try:
        size = zstandard.frame_content_size(data)
    except zstandard.ZstdError as error:
        raise ValueError("what is packed cannot be unpacked") from error
    if size < 0:
        raise ValueError("what is packed does not say how large it is")
    return size


def _grown(data: bytes, size: int) -> bytes:
    try:
        raw = _codecs.grow.decompress(data, max_output_size=size)
    except zstandard.ZstdError as error:
        raise ValueError("what is packed cannot be unpacked") from error
    if len(raw) != size:
        raise ValueError("what is packed is shorter than it says")
    return raw


def verified(data: bytes, name: bytes) -> Pixels:
    """The tile in those bytes, if it is the one of that digest.

    Raises:
        ValueError: It is not.
    """
    pixels = unpacked(data)
    if digest(pixels.data.cast("B")) != name:
        raise ValueError("the tile is not the one that was written")
    return pixels


def packed_all(tiles: Iterable[Pixels]) -> Iterator[tuple[bytes, bytes]]:
    """As `packed`, for many, on all cores: hashing and compressing leave the interpreter free."""
    return _on_all_cores(packed, tiles)


def verified_all(packs: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, Pixels]]:
    """As `verified`, for many pairs of digest and bytes, on all cores.

    Raises:
        ValueError: One is not the tile of its digest.
    """
    return _on_all_cores(lambda pack: (pack[0], verified(pack[1], pack[0])), packs)


def whole_all(packs: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bool]]:
    """Whether each pack is the tile of its digest, on all cores."""
    return _on_all_cores(_whole, packs)


def _whole(pack: tuple[bytes, bytes]) -> tuple[bytes, bool]:
    try:
        verified(pack[1], pack[0])
    except ValueError:
        return pack[0], False
    return pack[0], True


def _on_all_cores(call: Callable[[S], T], given: Iterable[S]) -> Iterator[T]:
    """The answers in order; no more than a batch is under way, so that memory is bounded."""
    given = iter(given)
    batch = list(itertools.islice(given, _BATCH))
    if len(batch) < _FEW:
        yield from map(call, batch)
        return
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
        while batch:
            yield from pool.map(call, batch)
            batch = list(itertools.islice(given, _BATCH))

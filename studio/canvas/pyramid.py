"""Pyramid: a picture at every half size, in tiles computed only when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.tiles import TILE, pieces, tile_rect

#: Level 7 shows 1/128: enough for a zoom of 1 %.
LEVELS = 8

Packed = NDArray[np.uint32]
Raster = NDArray[Any]
Key = tuple[int, int, int]


class Pyramid:
    """Levels of one image; level n holds one pixel for each 2**n x 2**n of the document.

    A tile remembers which part of it is stale, so a brush stroke costs the stroke and not its
    tiles. The least recently seen tiles are forgotten first.
    """

    def __init__(
        self,
        source: Callable[[Rect], Raster | None],
        halve: Callable[[Raster], Raster],
        keep: int = 1536,
    ) -> None:
        """A pyramid over `source`.

        Args:
            source: `[h, w]` of that rectangle in document px, or None when all of it is nothing.
            halve: From `[2h, 2w]` to `[h, w]`.
            keep: Tiles to keep, all levels together; those that are nothing cost nothing.
        """
        self._source = source
        self._halve = halve
        self._keep = keep
        self._tiles: OrderedDict[Key, Raster | None] = OrderedDict()
        self._stale: dict[Key, Rect] = {}
        self._within = Rect(0, 0, 0, 0)
        self._held = 0  # tiles that are something
        self._depth = 0  # no tile lies at this level or above

    def invalidate(self, area: Rect) -> None:
        """Note that the source changed within `area` (document px)."""
        if area.empty:
            return
        if area.width * area.height > len(self._tiles) * TILE * TILE:
            for key in list(self._tiles):
                self._mark(key, scaled_down(area, key[0]))
            return
        for level in range(self._depth):
            part = scaled_down(area, level)
            for piece in pieces(part):
                self._mark((level, *piece.key), part)

    def read(self, level: int, area: Rect, within: Rect) -> Raster | None:
        """The pixels of `area` (px of that level) as a fresh array; None when all is nothing.

        Outside `within` (document px) all is nothing; it is not looked for there.
        """
        self._within = within
        return self._assembled(level, area, partly=False)

    def _assembled(self, level: int, area: Rect, partly: bool) -> Raster | None:
        """As `read`; `partly` does not compute a whole forgotten tile for the sake of a corner."""
        result: Raster | None = None
        something = scaled_down(self._within, level)
        for key, inner, outer in pieces(area):
            whole = tile_rect(key)
            part = whole.intersected(area)
            if whole.intersected(something).empty:
                continue
            if partly and part != whole and (level, *key) not in self._tiles:
                pixels = self._fresh(level, part)
            else:
                tile = self._tile((level, *key))
                pixels = None if tile is None else tile[inner]
            if pixels is None:
                continue
            if result is None:
                result = np.zeros((area.height, area.width), pixels.dtype)
            result[outer] = pixels
        return result

    def _mark(self, key: Key, area: Rect) -> None:
        if key not in self._tiles:
            return
        whole = tile_rect(key[1:])
        part = whole.intersected(area)
        if part.empty:
            return
        if part == whole:
            self._drop(key)
        else:
            self._stale[key] = self._stale.get(key, part).united(part)

    def _tile(self, key: Key) -> Raster | None:
        level, whole = key[0], tile_rect(key[1:])
        if key not in self._tiles:
            self._depth = max(self._depth, level + 1)
            self._put(key, self._fresh(level, whole))
            self._forget()
        elif key in self._stale:
            self._refresh(key, whole, self._stale.pop(key))
        self._tiles.move_to_end(key)
        return self._tiles[key]

    def _refresh(self, key: Key, whole: Rect, stale: Rect) -> None:
        pixels, part = self._tiles[key], self._fresh(key[0], stale)
        if part is None and pixels is None:
            return
        if pixels is None and part is not None:
            pixels = np.zeros((TILE, TILE), part.dtype)
            self._put(key, pixels)
        if pixels is not None:
            inside = stale.moved(-whole.x, -whole.y)
            pixels[inside.rows, inside.columns] = 0 if part is None else part

    def _put(self, key: Key, pixels: Raster | None) -> None:
        self._tiles[key] = pixels
        self._held += pixels is not None

    def _drop(self, key: Key) -> None:
        self._held -= self._tiles.pop(key) is not None
        self._stale.pop(key, None)

    def _forget(self) -> None:
        while self._held > self._keep:
            self._drop(next(iter(self._tiles)))

    def _fresh(self, level: int, area: Rect) -> Raster | None:
        if level == 0:
            return self._source(area)
        twice = Rect(2 * area.x, 2 * area.y, 2 * area.width, 2 * area.height)
        below = self._assembled(level - 1, twice, partly=True)
        return None if below is None else self._halve(below)


def scaled_down(area: Rect, level: int) -> Rect:
    """The px of that level that `area` (document px) touches."""
    return Rect.between(
        area.x >> level,
        area.y >> level,
        -(-area.right >> level),
        -(-area.bottom >> level),
    )


def halved_colours(pixels: Packed) -> Packed:
    """Box average of 2 x 2.

    Two channels at a time lie in the 16-bit halves of a word, where the sum of four has room.

    Args:
        pixels: uint32 `[2h, 2w]`, four premultiplied channels in each.
    """
    low, two = np.uint32(0x00FF00FF), np.uint32(0x00020002)
    corners = (pixels[::2, ::2], pixels[::2, 1::2], pixels[1::2, ::2], pixels[1::2, 1::2])
    even = np.full(corners[0].shape, two, np.uint32)
    odd = np.full(corners[0].shape, two, np.uint32)
    for corner in corners:
        even += corner & low
        odd += (corner >> np.uint32(8)) & low
    even >>= np.uint32(2)
    even &= low
    odd >>= np.uint32(2)
    odd &= low
    odd <<= np.uint32(8)
    odd |= even
    return odd


def halved_mask(pixels: Pixels) -> Pixels:
    """Box average of 2 x 2, uint8 `[2h, 2w]`; two neighbours at a time are read as one word."""
    pairs = np.ascontiguousarray(pixels).view(np.uint16)
    upper, lower = pairs[::2], pairs[1::2]
    low, byte = np.uint16(0xFF), np.uint16(8)
    total = (upper & low) + (upper >> byte)
    total += lower & low
    total += lower >> byte
    total += np.uint16(2)
    total >>= np.uint16(2)
    return total.astype(np.uint8)


def halved_reach(pixels: Pixels) -> Pixels:
    """The greatest of 2 x 2, uint8 `[2h, 2w]`: a single marked pixel is never lost."""
    rows = np.maximum(pixels[::2], pixels[1::2])
    return np.maximum(rows[:, ::2], rows[:, 1::2])

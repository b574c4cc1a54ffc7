"""Pyramid: a picture at every half size, in tiles computed only when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

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


class Partial(NamedTuple):
    """What there was time for.

    Attributes:
        pixels: As `Pyramid.read` gives them.
        late: What of them is not up to date, px of the level.
        missing: What of that has never been there.
    """

    pixels: Raster | None
    late: list[Rect]
    missing: list[Rect]


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
        self._levels: list[OrderedDict[Key, Raster | None]] = [OrderedDict() for _ in range(LEVELS)]
        self._stale: dict[Key, Rect] = {}
        self._changed: list[Rect] = []  # document px, not yet noted in the tiles
        self._within = Rect(0, 0, 0, 0)
        self._held = [0] * LEVELS  # tiles of each level that are something

    def invalidate(self, area: Rect) -> None:
        """Note that the source changed within `area` (document px)."""
        if not area.empty:
            self._changed.append(area)

    def read(self, level: int, area: Rect, within: Rect) -> Raster | None:
        """The pixels of `area` (px of that level) as a fresh array; None when all is nothing.

        Outside `within` (document px) all is nothing; it is not looked for there.
        """
        self._within = within
        self._settle()
        return self._assembled(level, area, self._tile)

    def read_partly(
        self, level: int, area: Rect, within: Rect, spent: Callable[[], bool]
    ) -> Partial:
        """As `read`, but what is not there in time is left as it was, or left out.

        Args:
            level: See `read`.
            area: See `read`.
            within: See `read`.
            spent: Whether the time is over; asked before each tile of work.
        """
        self._within = within
        self._settle()
        something = scaled_down(within, level)
        late: list[Rect] = []
        missing: list[Rect] = []
        for piece in pieces(area):
            key, part = (level, *piece.key), tile_rect(piece.key).intersected(area)
            if part.intersected(something).empty or self._made(key, spent):
                continue
            late.append(part)
            if key not in self._levels[level]:
                missing.append(part)
        pixels = self._assembled(level, area, lambda key: self._levels[level].get(key))
        return Partial(pixels, late, missing)

    def _made(self, key: Key, spent: Callable[[], bool]) -> bool:
        """Bring a tile up to date, the finer ones that it needs first, as long as there is time."""
        level, there = key[0], key in self._levels[key[0]]
        if there and key not in self._stale:
            return True
        if spent():
            return False
        stale = self._stale.get(key, tile_rect(key[1:])) if there else tile_rect(key[1:])
        if level > 0 and stale.size.area << 2 * level > 4 * TILE * TILE:
            something = scaled_down(self._within, level - 1)
            for piece in pieces(_twice(stale)):
                outside = tile_rect(piece.key).intersected(something).empty
                if not outside and not self._made((level - 1, *piece.key), spent):
                    return False
        self._tile(key)
        return True

    def _assembled(
        self, level: int, area: Rect, tile_of: Callable[[Key], Raster | None]
    ) -> Raster | None:
        """Pixels of tiles, or straight from below where only a corner of a tile is wanted."""
        result: Raster | None = None
        something = scaled_down(self._within, level)
        for key, inner, outer in pieces(area):
            if tile_rect(key).intersected(something).empty:
                continue
            tile = tile_of((level, *key))
            if tile is None:
                continue
            if result is None:
                result = np.zeros((area.height, area.width), tile.dtype)
            result[outer] = tile[inner]
        return result

    def _below(self, level: int, area: Rect) -> Raster | None:
        """Like `_assembled`, without computing a whole forgotten tile for the sake of a corner."""
        result: Raster | None = None
        something = scaled_down(self._within, level)
        for key, inner, outer in pieces(area):
            whole = tile_rect(key)
            part = whole.intersected(area)
            if whole.intersected(something).empty:
                continue
            if part != whole and (level, *key) not in self._levels[level]:
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

    def _settle(self) -> None:
        """Note in the tiles what changed: each touched tile once, however many changes there were.

        A tile keeps what it showed until it is computed again, so that a large change that takes
        several frames does not leave holes.
        """
        changed, self._changed = self._changed, []
        held = sum(len(level) for level in self._levels)
        parts: dict[tuple[int, int], Rect] = {}
        for area in changed:
            if area.size.area > held * TILE * TILE:
                self._mark_held(area)
                continue
            for piece in pieces(area):
                part = tile_rect(piece.key).intersected(area)
                other = parts.get(piece.key)
                parts[piece.key] = part if other is None else part.united(other)
        depth = 1 + max((level for level in range(LEVELS) if self._levels[level]), default=-1)
        for level, tiles in enumerate(self._levels[:depth]):
            above: dict[tuple[int, int], Rect] = {}
            for (tx, ty), part in parts.items():
                if (level, tx, ty) in tiles:
                    self._mark((level, tx, ty), part)
                if level + 1 == depth:
                    continue
                up, half = (tx >> 1, ty >> 1), scaled_down(part, 1)
                other = above.get(up)
                above[up] = half if other is None else half.united(other)
            parts = above

    def _mark_held(self, area: Rect) -> None:
        for level, tiles in enumerate(self._levels):
            part = scaled_down(area, level)
            for key in tiles:
                seen = tile_rect(key[1:]).intersected(part)
                if not seen.empty:
                    self._mark(key, seen)

    def _mark(self, key: Key, part: Rect) -> None:
        other = self._stale.get(key)
        self._stale[key] = part if other is None else part.united(other)

    def _tile(self, key: Key) -> Raster | None:
        level, whole = key[0], tile_rect(key[1:])
        tiles = self._levels[level]
        if key not in tiles or self._stale.get(key) == whole:
            self._drop(key)
            fresh = self._fresh(level, whole)
            self._put(key, fresh)
            self._forget()
            return fresh
        if key in self._stale:
            self._refresh(key, whole, self._stale.pop(key))
        tiles.move_to_end(key)
        return tiles[key]

    def _refresh(self, key: Key, whole: Rect, stale: Rect) -> None:
        pixels, part = self._levels[key[0]][key], self._fresh(key[0], stale)
        if part is None and pixels is None:
            return
        if pixels is None and part is not None:
            pixels = np.zeros((TILE, TILE), part.dtype)
            self._put(key, pixels)
        if pixels is not None:
            inside = stale.moved(-whole.x, -whole.y)
            pixels[inside.rows, inside.columns] = 0 if part is None else part

    def _put(self, key: Key, pixels: Raster | None) -> None:
        self._levels[key[0]][key] = pixels
        self._held[key[0]] += pixels is not None

    def _drop(self, key: Key) -> None:
        self._held[key[0]] -= self._levels[key[0]].pop(key, None) is not None
        self._stale.pop(key, None)

    def _forget(self) -> None:
        """Forget the least recently seen tiles, the finest first.

        A coarse tile costs all the finer ones under it to compute again; but some of each level
        stay, which a view at that level shows.
        """
        while sum(self._held) > self._keep:
            level = next(each for each in range(LEVELS) if self._held[each] > self._keep // LEVELS)
            self._drop(next(iter(self._levels[level])))

    def _fresh(self, level: int, area: Rect) -> Raster | None:
        if level == 0:
            return self._source(area)
        below = self._below(level - 1, _twice(area))
        return None if below is None else self._halve(below)


def _twice(area: Rect) -> Rect:
    """The same place one level below."""
    return Rect(2 * area.x, 2 * area.y, 2 * area.width, 2 * area.height)


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

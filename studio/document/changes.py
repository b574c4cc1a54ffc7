"""What a gesture changed: the touched box of each tile, or the tile itself, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds
from studio.document.tiles import TILE, TileGrid, pieces, tile_rect

#: A box of that many px or more is kept as its whole tiles, which are shared and not copied.
_WHOLE_FROM = TILE * TILE // 4


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One changed box, never across a tile's edge: document px, pixels before and after.

    Attributes:
        area: The box.
        before: Its pixels then.
        after: Its pixels now.
        shared: Whether both are whole tiles of grids and no copies.
    """

    area: Rect
    before: Pixels
    after: Pixels
    shared: bool = False

    @property
    def nbytes(self) -> int:
        """What it keeps: of shared tiles one, since the document or a neighbour has the other.

        A step's tile after is the next step's tile before.
        """
        return self.before.nbytes if self.shared else self.before.nbytes + self.after.nbytes


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """All changed boxes of one gesture; together they cost what was touched, not what they span."""

    parts: tuple[Part, ...]

    @classmethod
    def of_box(cls, area: Rect, before: Pixels, after: Pixels) -> Change:
        """The difference of two arrays that fill `area`; both uint8, of one shape.

        Raises:
            ValueError: An array does not fill the area.
        """
        for pixels in (before, after):
            if pixels.shape != before.shape or pixels.shape[:2] != (area.height, area.width):
                raise ValueError(f"{before.shape} and {after.shape} do not fill {area}")
        parts: list[Part] = []
        for key, inner, outer in pieces(area):
            corner = tile_rect(key).moved(inner[1].start, inner[0].start)
            box = _box(before[outer], after[outer])
            if not box.empty:
                parts.append(_part(corner, box, before[outer], after[outer]))
        return cls(tuple(parts))

    @classmethod
    def between(cls, before: TileGrid, after: TileGrid) -> Change:
        """The difference of a snapshot and what the grid has become; shared tiles cost nothing."""
        parts: list[Part] = []
        nothing = TileGrid(before.channels).read(Rect(0, 0, TILE, TILE))
        nothing.flags.writeable = False
        for key in sorted(before.keys() | after.keys()):
            if before.shares(key, after):
                continue
            old, new = before.tile(key), after.tile(key)
            old = nothing if old is None else old
            new = nothing if new is None else new
            box = _box(old, new)
            corner = tile_rect(key)
            if box.size.area >= _WHOLE_FROM:
                old, new = before.shared(key), after.shared(key)
                old, new = nothing if old is None else old, nothing if new is None else new
                parts.append(Part(corner, old, new, shared=True))
            elif not box.empty:
                parts.append(_part(corner, box, old, new))
        return cls(tuple(parts))

    @property
    def area(self) -> Rect:
        """The rectangle around everything that changed."""
        whole = Rect(0, 0, 0, 0)
        for part in self.parts:
            whole = whole.united(part.area)
        return whole

    @property
    def nbytes(self) -> int:
        """Bytes kept for undo and redo."""
        return sum(part.nbytes for part in self.parts)


def joined(areas: Iterable[Rect], most: int) -> list[Rect]:
    """Neighbours as one rectangle where it holds little more than they do: each costs a repaint.

    Args:
        areas: In an order that brings neighbours together.
        most: Px that one rectangle may hold.
    """
    found: list[Rect] = []
    for area in areas:
        both = area.united(found[-1]) if found else area
        parts = area.size.area + (found[-1].size.area if found else 0)
        if found and both.size.area <= min(1.3 * parts, most):
            found[-1] = both
        else:
            found.append(area)
    return found


def _part(corner: Rect, box: Rect, before: Pixels, after: Pixels) -> Part:
    return Part(
        box.moved(corner.x, corner.y),
        before[box.rows, box.columns].copy(),
        after[box.rows, box.columns].copy(),
    )


def _box(before: Pixels, after: Pixels) -> Rect:
    return mask_bounds((_words(before) != _words(after)).view(np.uint8))


def _words(pixels: Pixels) -> NDArray[np.unsignedinteger[Any]]:
    """One number a pixel: comparing these is eight times as fast as comparing channels."""
    if pixels.ndim == 2:
        return pixels
    return np.ascontiguousarray(pixels).view(np.uint32)[..., 0]

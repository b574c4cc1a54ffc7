"""What a gesture changed: only the touched box of each tile, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds
from studio.document.tiles import TILE, TileGrid, pieces, tile_rect


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One changed box, never across a tile's edge: document px, pixels before and after."""

    area: Rect
    before: Pixels
    after: Pixels


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
            parts += _parts(corner, before[outer], after[outer])
        return cls(tuple(parts))

    @classmethod
    def between(cls, before: TileGrid, after: TileGrid) -> Change:
        """The difference of a snapshot and what the grid has become; shared tiles cost nothing."""
        parts: list[Part] = []
        nothing = np.zeros_like(TileGrid(before.channels).read(Rect(0, 0, TILE, TILE)))
        for key in sorted(before.keys() | after.keys()):
            old, new = before.tile(key), after.tile(key)
            old = nothing if old is None else old
            new = nothing if new is None else new
            if not np.may_share_memory(old, new):
                parts += _parts(tile_rect(key), old, new)
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
        return sum(part.before.nbytes + part.after.nbytes for part in self.parts)


def _parts(corner: Rect, before: Pixels, after: Pixels) -> Iterator[Part]:
    box = mask_bounds((_words(before) != _words(after)).view(np.uint8))
    if not box.empty:
        yield Part(
            box.moved(corner.x, corner.y),
            before[box.rows, box.columns].copy(),
            after[box.rows, box.columns].copy(),
        )


def _words(pixels: Pixels) -> NDArray[np.unsignedinteger[Any]]:
    """One number a pixel: comparing these is eight times as fast as comparing channels."""
    if pixels.ndim == 2:
        return pixels
    return np.ascontiguousarray(pixels).view(np.uint32)[..., 0]

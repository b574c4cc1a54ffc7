"""Piece: pixels with their place; a take is made of one or of several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from studio.core.geometry import Rect
from studio.core.pixels import Pixels

#: Lays the second picture over the first, in place; both uint8 `[h, w, 4]` straight alpha.
Over = Callable[[Pixels, Pixels], None]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What one run made.

    Attributes:
        area: Where it belongs, document px.
        pixels: uint8 `[area.height, area.width, 4]` straight alpha, 0 where the picture stays.
    """

    area: Rect
    pixels: Pixels


def around(pieces: Iterable[Piece]) -> Rect:
    """The smallest rectangle around all of them; empty without any."""
    whole = Rect(0, 0, 0, 0)
    for piece in pieces:
        whole = whole.united(piece.area)
    return whole


def laid(
    read: Callable[[Rect], Pixels], pieces: Sequence[Piece], over: Over
) -> Callable[[Rect], Pixels]:
    """What `read` gives with those pieces laid over it, the first lowest.

    Args:
        read: uint8 `[h, w, 4]` of a rectangle, document px, a fresh array.
        pieces: Of a take.
        over: Lays them.
    """

    def shown(area: Rect) -> Pixels:
        picture = read(area)
        for piece in pieces:
            inside = piece.area.intersected(area)
            if not inside.empty:
                to = inside.moved(-area.x, -area.y)
                at = inside.moved(-piece.area.x, -piece.area.y)
                over(picture[to.rows, to.columns], piece.pixels[at.rows, at.columns])
        return picture

    return shown

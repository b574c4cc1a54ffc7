"""Piece: pixels with their place; a take is made of one or of several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.core.geometry import Rect
from studio.core.pixels import Pixels


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

"""Edges: which tiles a change concerns when the picture's edge goes on to the end of its tiles."""

from __future__ import annotations

from studio.core.geometry import Rect
from studio.document.tiles import TILE


def to_padding(area: Rect, bounds: Rect) -> Rect:
    """`area` with the rest of each edge tile that repeats its pixels beyond the picture."""
    left, top, right, bottom = area.x, area.y, area.right, area.bottom
    if left <= bounds.x:
        left = left // TILE * TILE
    if top <= bounds.y:
        top = top // TILE * TILE
    if right >= bounds.right:
        right = -(-right // TILE) * TILE
    if bottom >= bounds.bottom:
        bottom = -(-bottom // TILE) * TILE
    return Rect.between(left, top, right, bottom)


def core(before: Rect, after: Rect) -> Rect:
    """Whole tiles that look the same with both bounds: not at an edge that moved."""
    both = before.intersected(after)
    if both.empty:
        return both
    left = both.x // TILE + int(before.x != after.x)
    top = both.y // TILE + int(before.y != after.y)
    right = (both.right - 1) // TILE + int(before.right == after.right)
    bottom = (both.bottom - 1) // TILE + int(before.bottom == after.bottom)
    width, height = max(0, right - left), max(0, bottom - top)
    return Rect(left * TILE, top * TILE, width * TILE, height * TILE)


def beside(area: Rect, core: Rect) -> list[Rect]:
    """Rectangles of whole tiles that hold `area` without `core`, which lies inside it."""
    left, top = area.x // TILE * TILE, area.y // TILE * TILE
    right, bottom = -(-area.right // TILE) * TILE, -(-area.bottom // TILE) * TILE
    if core.empty:
        return [Rect.between(left, top, right, bottom)]
    return [
        Rect.between(left, top, right, core.y),
        Rect.between(left, core.bottom, right, bottom),
        Rect.between(left, core.y, core.x, core.bottom),
        Rect.between(core.right, core.y, right, core.bottom),
    ]

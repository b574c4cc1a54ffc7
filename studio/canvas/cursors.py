"""Cursors: arrows that say which way an edge moves, on a view that is turned."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt

from studio.canvas.viewport import Viewport

_SHAPES = Qt.CursorShape
#: By the angle of their arrow, in eighths of a full turn, clockwise from the right.
_ARROWS = (
    _SHAPES.SizeHorCursor,
    _SHAPES.SizeFDiagCursor,
    _SHAPES.SizeVerCursor,
    _SHAPES.SizeBDiagCursor,
)


def as_seen(cursor: Qt.CursorShape, viewport: Viewport) -> Qt.CursorShape:
    """The arrow that points on the screen where `cursor` points in the document."""
    if not viewport.turned or cursor not in _ARROWS:
        return cursor
    angle = _ARROWS.index(cursor) * math.pi / 4
    dx, dy = viewport.direction_on_screen(math.cos(angle), math.sin(angle))
    return _ARROWS[round(math.atan2(dy, dx) / (math.pi / 4)) % 4]

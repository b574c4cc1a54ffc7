"""Frame: moves and resizes the generation frame; beyond the picture it means outpainting."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import Pointer, Spot
from studio.core.geometry import Rect, snap_up
from studio.document.document import Document
from studio.document.edits import MoveFrame

#: Edges move in steps of this many document px unless told otherwise.
GRID = 8
#: Smallest edge, document px.
LEAST = 64
#: How near a hand must come, view px: to a handle, and to the picture's edge that attracts.
TARGET = 12.0
MAGNET = 6.0

#: Which edges move with the pointer: -1 left or top, 1 right or bottom, 0 neither.
Grip = tuple[int, int]
INSIDE: Grip = (0, 0)

NOTHING = Rect(0, 0, 0, 0)

#: Numbers of drags: moves of one merge, those of two do not.
gestures = itertools.count(1)

CURSORS = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    INSIDE: Qt.CursorShape.SizeAllCursor,
}


class Frame:
    """Edges and corners resize, inside moves, outside draws a new frame."""

    name: ClassVar[str] = "frame"

    def __init__(
        self,
        grid: Callable[[], int] = lambda: GRID,
        box: Callable[[], Rect] = lambda: NOTHING,
    ) -> None:
        """A frame tool.

        Args:
            grid: Gives the steps in which edges move, document px; the model's.
            box: Gives what the model will look at by itself; who drags it makes it the frame.
        """
        self._grid, self._box = grid, box
        self._start: Pointer | None = None
        self._grip: Grip | None = None
        self._before = self._held = self._kept = NOTHING

    def press(self, document: Document, at: Pointer) -> None:
        """Take hold of what lies under the pointer."""
        self._start, self._before = at, document.frame
        self._held, self._grip = self._under(document, at)
        # A box shows all of the mask, or it would not be taken as the frame.
        self._kept = NOTHING if self._held == document.frame else document.masks.bounds()

    def move(self, document: Document, at: Pointer) -> None:
        """The frame follows, on its grid."""
        start = self._start
        if start is None:
            return
        magnet = MAGNET * start.grain
        if self._grip is None:
            if max(abs(at.x - start.x), abs(at.y - start.y)) > TARGET * start.grain:
                document.set_frame(drawn(start, at, self._grid()))
            return
        way = at.x - start.x, at.y - start.y
        if self._grip == INSIDE:
            frame = moved(self._held, way, document.bounds, magnet, self._grid())
        else:
            frame = stretched(self._held, self._grip, way, document.bounds, magnet, self._grid())
            if at.shift and 0 not in self._grip:
                frame = in_proportion(frame, self._held, self._grip, self._grid())
        document.set_frame(frame.united(self._kept))

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """The whole drag as one step."""
        if self._start is None:
            return None
        self._start = None
        if document.frame == self._before:
            return None
        return MoveFrame(document, document.frame, next(gestures), self._before)

    def cancel(self, document: Document) -> None:
        """Put the frame back."""
        if self._start is not None:
            document.set_frame(self._before)
        self._start = None

    def path(self) -> tuple[Spot, ...]:
        """None: the frame itself is to be seen."""
        return ()

    def ring(self, at: Spot) -> Spot | None:
        """None: it paints nothing."""
        return None

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """What a press there would do."""
        held = self._grip if self._start is not None else self._under(document, at)[1]
        return Qt.CursorShape.CrossCursor if held is None else CURSORS[held]

    def _under(self, document: Document, at: Pointer) -> tuple[Rect, Grip | None]:
        """What a press there takes hold of, and of which of its edges."""
        box = self._box()
        held = grip(box, at)
        return (box, held) if held is not None else (document.frame, grip(document.frame, at))


def grip(frame: Rect, at: Pointer) -> Grip | None:
    """What a press there takes hold of; None outside."""
    reach = TARGET * at.grain / 2
    if frame.empty or not (
        frame.x - reach <= at.x <= frame.right + reach
        and frame.y - reach <= at.y <= frame.bottom + reach
    ):
        return None
    return _side(at.x, frame.x, frame.right, reach), _side(at.y, frame.y, frame.bottom, reach)


def stretched(
    frame: Rect, held: Grip, way: Spot, bounds: Rect, magnet: float, grid: int = GRID
) -> Rect:
    """The frame with the held edges moved.

    Args:
        frame: At the press.
        held: The edges.
        way: Of the pointer since the press, document px.
        bounds: The picture, whose edges attract.
        magnet: From how far, document px.
        grid: Steps of an edge, document px.
    """
    left, right = frame.x, frame.right
    top, bottom = frame.y, frame.bottom
    if held[0] < 0:
        left = right - _length(right - (left + way[0]), right - bounds.x, magnet, grid)
    elif held[0] > 0:
        right = left + _length(right + way[0] - left, bounds.right - left, magnet, grid)
    if held[1] < 0:
        top = bottom - _length(bottom - (top + way[1]), bottom - bounds.y, magnet, grid)
    elif held[1] > 0:
        bottom = top + _length(bottom + way[1] - top, bounds.bottom - top, magnet, grid)
    return Rect.between(left, top, right, bottom)


def moved(frame: Rect, way: Spot, bounds: Rect, magnet: float, grid: int = GRID) -> Rect:
    """The frame elsewhere; near the picture's edge its own edge comes to lie on it."""
    x = _place(frame.x + way[0], frame.width, bounds.x, bounds.right, magnet, grid)
    y = _place(frame.y + way[1], frame.height, bounds.y, bounds.bottom, magnet, grid)
    return Rect(x, y, frame.width, frame.height)


def drawn(start: Pointer, at: Pointer, grid: int = GRID) -> Rect:
    """A new frame from corner to corner."""
    x, y = round(start.x / grid) * grid, round(start.y / grid) * grid
    width, height = _length(abs(at.x - x), 0, 0, grid), _length(abs(at.y - y), 0, 0, grid)
    return Rect(x if at.x >= x else x - width, y if at.y >= y else y - height, width, height)


def in_proportion(frame: Rect, before: Rect, held: Grip, grid: int = GRID) -> Rect:
    """The frame with the proportions it had, its free corner staying where it is."""
    share = max(frame.width / before.width, frame.height / before.height)
    width = _length(before.width * share, 0, 0, grid)
    height = _length(before.height * share, 0, 0, grid)
    x = frame.right - width if held[0] < 0 else frame.x
    y = frame.bottom - height if held[1] < 0 else frame.y
    return Rect(x, y, width, height)


def _side(at: float, low: float, high: float, reach: float) -> int:
    if abs(at - low) <= reach and abs(at - low) <= abs(at - high):
        return -1
    return 1 if abs(at - high) <= reach else 0


def _length(wanted: float, to_edge: int, magnet: float, grid: int) -> int:
    """An edge length on the grid, or exactly up to the picture's edge."""
    if to_edge >= LEAST and abs(wanted - to_edge) <= magnet:
        return to_edge
    return max(snap_up(LEAST, grid), round(wanted / grid) * grid)


def _place(wanted: float, length: int, low: int, high: int, magnet: float, grid: int) -> int:
    if abs(wanted - low) <= magnet:
        return low
    if abs(wanted + length - high) <= magnet:
        return high - length
    return round(wanted / grid) * grid

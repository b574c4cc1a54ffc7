"""Polygon: masks what straight lines between clicks enclose."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import Pointer, Spot
from studio.canvas.tools.selecting import selected, way
from studio.document.document import Document
from studio.document.mask_ops import filled_polygon, polygon_bounds

#: A click this near to the first corner closes the line, view px.
TARGET = 8.0


class Polygon:
    """Each click is a corner; the first corner, a double click or Enter closes the line."""

    name: ClassVar[str] = "polygon"

    def __init__(self, mode: Callable[[], str]) -> None:
        """A polygon tool.

        Args:
            mode: How a shape joins the mask when no modifier says so.
        """
        self._mode = mode
        self._start: Pointer | None = None
        self._corners: list[Spot] = []
        self._at: Spot | None = None
        self._closing = False

    @property
    def open(self) -> bool:
        """Whether more corners are waited for after a release."""
        return self._start is not None

    def press(self, document: Document, at: Pointer) -> None:
        """One more corner, which may still be moved, or the end."""
        self._closing = self._closes(at)
        if self._start is None:
            self._start = at
        if not self._closing:
            self._corners.append((at.x, at.y))
        self._at = None

    def move(self, document: Document, at: Pointer) -> None:
        """While the button is down the corner follows, else the line to the next one."""
        if self._start is not None:
            self._at = at.x, at.y

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """The corner lies where the button was let go."""
        if self._start is None:
            return None
        if self._closing:
            return self.finish(document)
        self._corners[-1] = at.x, at.y
        self._at = None
        return None

    def finish(self, document: Document) -> QUndoCommand | None:
        """Close the line and join what it encloses to the mask."""
        start, points = self._start, tuple(self._corners)
        self.cancel(document)
        if start is None or len(points) < 3:
            return None
        how = way(start, self._mode())
        bounds = polygon_bounds(points)
        return selected(document, lambda part: filled_polygon(points, part), bounds, how)

    def step_back(self, document: Document) -> None:
        """Take the last corner back; without one left the line never was."""
        self._corners = self._corners[:-1]
        if not self._corners:
            self.cancel(document)

    def cancel(self, document: Document) -> None:
        """Forget it."""
        self._start, self._corners, self._at = None, [], None
        self._closing = False

    def path(self) -> tuple[Spot, ...]:
        """The line so far, with its way to the pointer."""
        return (*self._corners, self._at) if self._at is not None else tuple(self._corners)

    def ring(self, at: Spot) -> Spot | None:
        """None: it paints nothing."""
        return None

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """A hand where a click closes the line, else a cross."""
        closes = self._closes(at)
        return Qt.CursorShape.PointingHandCursor if closes else Qt.CursorShape.CrossCursor

    def _closes(self, at: Pointer) -> bool:
        if len(self._corners) < 3:
            return False
        x, y = self._corners[0]
        return math.hypot(at.x - x, at.y - y) <= TARGET * at.grain

"""Lasso: masks what a freehand line encloses."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import Pointer, Spot
from studio.canvas.tools.selecting import selected, way
from studio.document.document import Document
from studio.document.mask_ops import filled_polygon, polygon_bounds


class Lasso:
    """The line closes itself when the pen is lifted."""

    name: ClassVar[str] = "lasso"

    def __init__(self, mode: Callable[[], str]) -> None:
        """A lasso.

        Args:
            mode: How a shape joins the mask when no modifier says so.
        """
        self._mode = mode
        self._start: Pointer | None = None
        self._points: list[Spot] = []

    def press(self, document: Document, at: Pointer) -> None:
        """Begin the line."""
        self._start, self._points = at, [(at.x, at.y)]

    def move(self, document: Document, at: Pointer) -> None:
        """Go on with the line."""
        if self._start is not None:
            self._points.append((at.x, at.y))

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """Join what it encloses to the mask."""
        start, points = self._start, tuple(self._points)
        self.cancel(document)
        if start is None or len(points) < 3:
            return None
        how = way(start, self._mode())
        bounds = polygon_bounds(points)
        return selected(document, lambda part: filled_polygon(points, part), bounds, how)

    def cancel(self, document: Document) -> None:
        """Forget it."""
        self._start, self._points = None, []

    def path(self) -> tuple[Spot, ...]:
        """The line so far."""
        return tuple(self._points)

    def ring(self, at: Spot) -> Spot | None:
        """None: it paints nothing."""
        return None

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

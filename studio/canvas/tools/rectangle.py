"""Rectangle: masks a rectangle of whole pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import Pointer, Spot
from studio.canvas.tools.selecting import selected, way
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.mask_ops import filled_rectangle


class Rectangle:
    """From corner to corner; the pixels under both are inside."""

    name: ClassVar[str] = "rectangle"

    def __init__(self, mode: Callable[[], str]) -> None:
        """A rectangle tool.

        Args:
            mode: How a shape joins the mask when no modifier says so.
        """
        self._mode = mode
        self._start: Pointer | None = None
        self._end: Pointer | None = None

    def press(self, document: Document, at: Pointer) -> None:
        """The first corner."""
        self._start = self._end = at

    def move(self, document: Document, at: Pointer) -> None:
        """The other corner."""
        self._end = at

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """Join it to the mask; a click without a way is nothing."""
        start = self._start
        self.cancel(document)
        if start is None or not _moved(start, at):
            return None
        area = spanned(start, at)
        how = way(start, self._mode())
        return selected(document, lambda part: self._filled(area, part), area, how)

    def cancel(self, document: Document) -> None:
        """Forget it."""
        self._start = self._end = None

    def path(self) -> tuple[Spot, ...]:
        """The shape."""
        if self._start is None or self._end is None or not _moved(self._start, self._end):
            return ()
        return self._outline(spanned(self._start, self._end))

    def ring(self, at: Spot) -> Spot | None:
        """None: it paints nothing."""
        return None

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def _filled(self, span: Rect, part: Rect) -> Pixels:
        return filled_rectangle(span, part)

    def _outline(self, span: Rect) -> tuple[Spot, ...]:
        right, bottom = span.right, span.bottom
        return (span.x, span.y), (right, span.y), (right, bottom), (span.x, bottom)


def spanned(start: Pointer, end: Pointer) -> Rect:
    """The whole pixels between two points, those under both included."""
    left, right = sorted((start.x, end.x))
    top, bottom = sorted((start.y, end.y))
    return Rect.between(int(left // 1), int(top // 1), int(right // 1) + 1, int(bottom // 1) + 1)


def _moved(start: Pointer, end: Pointer) -> bool:
    return max(abs(end.x - start.x), abs(end.y - start.y)) > 2 * start.grain

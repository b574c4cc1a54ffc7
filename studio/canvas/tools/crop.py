"""Crop: cuts the picture to a rectangle, which is drawn and adjusted first."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.placement import INSIDE, Grip, grip, moved, scaled
from studio.canvas.tools.base import Pointer, Spot
from studio.canvas.tools.frame import CURSORS
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits import Crop as CropPicture

NOTHING = Rect(0, 0, 0, 0)


class Crop:
    """Draw a rectangle or drag the picture's edges, adjust; Enter or a double click cuts."""

    name: ClassVar[str] = "crop"

    def __init__(self, show: Callable[[Rect], None]) -> None:
        """A crop tool.

        Args:
            show: Shows the rectangle, document px; an empty one: none.
        """
        self._show = show
        self._area = NOTHING
        self._start: Pointer | None = None
        self._held: Grip | None = None
        self._before = NOTHING

    @property
    def open(self) -> bool:
        """Whether there is a rectangle to be adjusted."""
        return not self._area.empty

    def press(self, document: Document, at: Pointer) -> None:
        """Take hold of the rectangle, or begin one."""
        self._before = self._area if self.open else document.bounds
        self._held = grip(self._before, (at.x, at.y), at.grain)
        if self._held == INSIDE and not self.open:
            self._held = None
        self._start = at

    def move(self, document: Document, at: Pointer) -> None:
        """The rectangle follows."""
        start = self._start
        if start is None:
            return
        way = at.x - start.x, at.y - start.y
        if self._held is None:
            self._area = _spanned(start, at)
        elif self._held == INSIDE:
            self._area = moved(self._before, way, at.shift).to
        else:
            self._area = scaled(self._before, self._held, way, at.shift).to
        self._show(self._area)

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """Wait for Enter."""
        self._start = None
        return None

    def finish(self, document: Document) -> QUndoCommand | None:
        """Cut; pixels outside stay and come back when the picture grows again."""
        area = self._area
        self.cancel(document)
        if area.empty or area == document.bounds:
            return None
        return CropPicture(document, area)

    def step_back(self, document: Document) -> None:
        """Forget the rectangle."""
        self.cancel(document)

    def cancel(self, document: Document) -> None:
        """Forget the rectangle."""
        self._start, self._area = None, NOTHING
        self._show(NOTHING)

    def path(self) -> tuple[Spot, ...]:
        """None: the rectangle itself is to be seen."""
        return ()

    def ring(self, at: Spot) -> Spot | None:
        """None: it paints nothing."""
        return None

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """What a press there would do."""
        held = self._held
        if self._start is None:
            held = grip(self._area if self.open else document.bounds, (at.x, at.y), at.grain)
            held = None if held == INSIDE and not self.open else held
        return Qt.CursorShape.CrossCursor if held is None else CURSORS[held]


def _spanned(start: Pointer, at: Pointer) -> Rect:
    left, right = sorted((start.x, at.x))
    top, bottom = sorted((start.y, at.y))
    if right - left < 1 or bottom - top < 1:
        return NOTHING
    return Rect.between(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))

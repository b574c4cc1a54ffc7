"""Brush: paints the mask or a layer; Shift draws straight, Ctrl+drag changes the brush itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import MAX_SIZE, MIN_SIZE, BrushSettings, Pointer, Spot
from studio.canvas.tools.painting import Painting
from studio.core.geometry import Rect
from studio.document.document import Document

#: Ctrl+drag: view px that take the hardness from 0 to 1.
HARDNESS_WAY = 200.0


class Brush:
    """Paints with the settings it is given at each press."""

    name: ClassVar[str] = "brush"
    erases: ClassVar[bool] = False

    def __init__(
        self, settings: Callable[[], BrushSettings], change: Callable[[BrushSettings], None]
    ) -> None:
        """A brush.

        Args:
            settings: Gives what to paint with.
            change: Takes what Ctrl+drag made of it.
        """
        self._settings = settings
        self._change = change
        self._painting: Painting | None = None
        self._end: Spot | None = None
        self._resized: tuple[Pointer, BrushSettings] | None = None

    def press(self, document: Document, at: Pointer) -> None:
        """Begin a stroke, from the end of the last one with Shift; with Ctrl change the brush.

        With Alt a layer's brush takes the colour under the pointer.
        """
        if at.control:
            self._resized = at, self._settings()
            return
        if at.alt and self._settings().target == "layer":
            self._pick(document, at)
            return
        self._painting = Painting(document, self._settings(), self.erases)
        if at.shift and self._end is not None:
            self._painting.to(*self._end, at.pressure)
        self._painting.to(at.x, at.y, at.pressure)
        self._end = at.x, at.y

    def move(self, document: Document, at: Pointer) -> None:
        """Paint on, or change the brush."""
        if self._resized is not None:
            self._change(resized(*self._resized, at))
        elif self._painting is not None:
            self._painting.to(at.x, at.y, at.pressure)
            self._end = at.x, at.y

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """The stroke as one step."""
        painting, self._painting, self._resized = self._painting, None, None
        return None if painting is None else painting.finish()

    def cancel(self, document: Document) -> None:
        """Put the pixels, or the brush, back."""
        if self._resized is not None:
            self._change(self._resized[1])
        if self._painting is not None:
            self._painting.cancel()
            self._end = None
        self._painting = self._resized = None

    def _pick(self, document: Document, at: Pointer) -> None:
        pixel = document.composite(Rect(math.floor(at.x), math.floor(at.y), 1, 1))[0, 0]
        if pixel[3]:
            colour = int(pixel[0]), int(pixel[1]), int(pixel[2])
            self._change(replace(self._settings(), colour=colour))

    def path(self) -> tuple[Spot, ...]:
        """None: the paint itself is to be seen."""
        return ()

    def ring(self, at: Spot) -> Spot | None:
        """Under the pointer; while Ctrl+drag changes the brush, where the drag began."""
        return at if self._resized is None else (self._resized[0].x, self._resized[0].y)

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """None: the ring is drawn in its place."""
        return Qt.CursorShape.BlankCursor


def resized(start: Pointer, settings: BrushSettings, at: Pointer) -> BrushSettings:
    """The brush after a drag: to the right larger, up harder.

    Args:
        start: Where the drag began.
        settings: Of the brush at that moment.
        at: Where the pointer is now.
    """
    across, down = at.hand[0] - start.hand[0], at.hand[1] - start.hand[1]
    size = settings.size + 2 * across * start.grain
    hardness = settings.hardness - down / HARDNESS_WAY
    return replace(
        settings,
        size=min(max(size, MIN_SIZE), MAX_SIZE),
        hardness=min(max(hardness, 0.0), 1.0),
    )


def stepped(size: float, direction: int) -> float:
    """The next whole size of a brush, larger with 1 and smaller with -1: about an eighth."""
    step = max(1, round(size / 8))
    return float(min(max(round(size) + direction * step, MIN_SIZE), MAX_SIZE))

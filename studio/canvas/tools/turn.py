"""Turn: rotates the view about its middle; the document never hears of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import Pointer, Spot
from studio.document.document import Document

#: A turn that ends this near (degrees) to a right angle ends there, where pixels stay exact.
SNAP = 2.0


class Turn:
    """What was taken hold of stays under the pointer, the middle of the view where it is."""

    name: ClassVar[str] = "turn"

    def __init__(
        self,
        middle: Callable[[], Spot],
        angle: Callable[[], float],
        turn_to: Callable[[float], None],
    ) -> None:
        """A hand that turns.

        Args:
            middle: Of the view, view px.
            angle: Of the view now, degrees.
            turn_to: Sets that angle.
        """
        self._middle = middle
        self._angle = angle
        self._turn_to = turn_to
        self._held: tuple[float, float] | None = None

    def press(self, document: Document, at: Pointer) -> None:
        """Take hold."""
        self._held = self._angle(), self._bearing(at)

    def move(self, document: Document, at: Pointer) -> None:
        """Turn what is held under the pointer."""
        if self._held is not None:
            before, bearing = self._held
            self._turn_to(snapped(before + self._bearing(at) - bearing))

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """Let go; looking otherwise is no step."""
        self._held = None
        return None

    def cancel(self, document: Document) -> None:
        """Turn back."""
        if self._held is not None:
            self._turn_to(self._held[0])
        self._held = None

    def path(self) -> tuple[Spot, ...]:
        """None."""
        return ()

    def ring(self, at: Spot) -> Spot | None:
        """None: it paints nothing."""
        return None

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """A hand, closed while it holds."""
        held = self._held is not None
        return Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.OpenHandCursor

    def _bearing(self, at: Pointer) -> float:
        x, y = self._middle()
        return math.degrees(math.atan2(at.hand[1] - y, at.hand[0] - x))


def snapped(angle: float) -> float:
    """The angle, or the right angle next to it; degrees."""
    quarter = round(angle / 90) * 90.0
    return quarter if abs(angle - quarter) < SNAP else angle

"""Pan: takes hold of the picture and moves the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import Pointer, Spot
from studio.document.document import Document


class Pan:
    """The document px that was taken hold of stays under the pointer."""

    name: ClassVar[str] = "pan"

    def __init__(self, pan: Callable[[float, float], None]) -> None:
        """A hand.

        Args:
            pan: Moves the view by that many document px.
        """
        self._pan = pan
        self._held: Spot | None = None

    def press(self, document: Document, at: Pointer) -> None:
        """Take hold."""
        self._held = at.x, at.y

    def move(self, document: Document, at: Pointer) -> None:
        """Bring what is held under the pointer."""
        if self._held is not None:
            self._pan(at.x - self._held[0], at.y - self._held[1])

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """Let go; looking elsewhere is no step."""
        self._held = None
        return None

    def cancel(self, document: Document) -> None:
        """Let go where it is."""
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

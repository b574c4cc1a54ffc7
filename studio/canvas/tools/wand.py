"""Wand: masks what is like the picture under the pointer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import Pointer, Spot
from studio.canvas.tools.selecting import way
from studio.document.document import Document
from studio.document.edits import MagicWand


@dataclass(frozen=True, slots=True)
class WandSettings:
    """What counts as alike.

    Attributes:
        tolerance: 0 to 255, of each channel.
        contiguous: Only what hangs together with the point.
        layer: Whether the active layer alone is looked at, not the whole picture.
    """

    tolerance: int = 32
    contiguous: bool = True
    layer: bool = False


class Wand:
    """Chooses where the button is let go, so that a press can still be taken back."""

    name: ClassVar[str] = "wand"

    def __init__(self, mode: Callable[[], str], settings: Callable[[], WandSettings]) -> None:
        """A wand.

        Args:
            mode: How a selection joins the mask when no modifier says so.
            settings: Gives what counts as alike.
        """
        self._mode = mode
        self._settings = settings
        self._start: Pointer | None = None

    def press(self, document: Document, at: Pointer) -> None:
        """Aim."""
        self._start = at

    def move(self, document: Document, at: Pointer) -> None:
        """Aim elsewhere."""

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """Join what is alike to the mask."""
        start, self._start = self._start, None
        if start is None or not document.has_picture:
            return None
        settings = self._settings()
        command = MagicWand(
            document,
            (math.floor(at.x), math.floor(at.y)),
            settings.tolerance,
            way(start, self._mode()),
            settings.contiguous,
            document.active if settings.layer else None,
        )
        return command if command.change.parts else None

    def cancel(self, document: Document) -> None:
        """Forget it."""
        self._start = None

    def path(self) -> tuple[Spot, ...]:
        """None."""
        return ()

    def ring(self, at: Spot) -> Spot | None:
        """None: it paints nothing."""
        return None

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

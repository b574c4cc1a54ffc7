"""Changes: pushes commands to the history, and says why one cannot be made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand

from studio.core.errors import StudioError
from studio.document.document import Document


class Changes(QObject):
    """The way from an action to one step of undo.

    Signals:
        refused: StudioError.
    """

    refused = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document

    def push(self, make: Callable[[], QUndoCommand | None]) -> None:
        """Do what `make` gives; it may raise a StudioError, or give None for nothing to do."""
        try:
            command = make()
        except StudioError as error:
            self.refused.emit(error)
            return
        if command is not None:
            self._document.history.push(command)

"""Changes of place: the generation frame and the picture's rectangle."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits.merging import FRAME


class MoveFrame(QUndoCommand):
    """The frame goes elsewhere; moves of one drag merge.

    Args:
        frame: Where it goes, document px.
        gesture: Moves in a row with the same number become one step.
        before: Where it was, when the drag already moved it.
    """

    def __init__(
        self, document: Document, frame: Rect, gesture: int = 0, before: Rect | None = None
    ) -> None:
        super().__init__(_tr("Move frame"))
        self._document, self.gesture = document, gesture
        self._before = document.frame if before is None else before
        self.frame = frame

    def id(self) -> int:
        """What Qt asks to merge."""
        return FRAME

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the place of a later move of the same drag."""
        if not isinstance(other, MoveFrame) or other.gesture != self.gesture:
            return False
        self.frame = other.frame
        self.setObsolete(self.frame == self._before)
        return True

    def redo(self) -> None:
        """Move it."""
        self.setObsolete(self.frame == self._before)
        self._document.set_frame(self.frame)

    def undo(self) -> None:
        """Move it back."""
        self._document.set_frame(self._before)


class SetBounds(QUndoCommand):
    """Crop or enlarge the picture; pixels outside stay and come back when it grows again.

    A frame that was the whole picture stays the whole picture.
    """

    def __init__(self, document: Document, bounds: Rect, text: str = "") -> None:
        super().__init__(text or _tr("Change canvas size"))
        self._document = document
        self._before, self._after = document.bounds, bounds
        self._frame_before = document.frame
        followed = document.frame == document.bounds
        self._frame_after = bounds if followed else document.frame

    def redo(self) -> None:
        """Take the new rectangle."""
        self.setObsolete(self._before == self._after)
        self._document.set_bounds(self._after)
        self._document.set_frame(self._frame_after)

    def undo(self) -> None:
        """Take the old rectangle."""
        self._document.set_bounds(self._before)
        self._document.set_frame(self._frame_before)


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

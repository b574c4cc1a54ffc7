"""Changes of the mask as a whole or of its looks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.edits.merging import MASK_PROPERTIES
from studio.document.edits.strokes import MaskStroke
from studio.document.masks import Mask
from studio.document.tiles import TileGrid, kept_bytes


class MaskWrite(MaskStroke):
    """New densities for an area, over whatever is there: a rectangle, a lasso, a mask file."""

    def __init__(self, document: Document, area: Rect, after: Pixels, text: str = "") -> None:
        super().__init__(
            document, area, document.masks.active.read(area), after, text or _tr("Change mask")
        )


class MaskReplace(QUndoCommand):
    """A whole new mask; old and new share the tiles that are the same."""

    def __init__(self, document: Document, after: TileGrid, text: str = "") -> None:
        super().__init__(text or _tr("Change mask"))
        self._document, self._mask = document, document.masks.active
        self._before = document.masks.active.pixels.snapshot()
        self._after = after.snapshot()

    @property
    def nbytes(self) -> int:
        """What it keeps."""
        return kept_bytes(self._before, self._after)

    def redo(self) -> None:
        """Take the new one."""
        self.setObsolete(not (self._before.keys() or self._after.keys()))
        self._document.masks.replace(self._after, self._mask)

    def undo(self) -> None:
        """Take the old one."""
        self._document.masks.replace(self._before, self._mask)


class MaskClear(MaskReplace):
    """Nothing is masked."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, TileGrid(1), _tr("Clear mask"))


class MaskInvert(QUndoCommand):
    """Masked becomes unmasked within the picture (the frame without one); keeps no pixels."""

    def __init__(self, document: Document) -> None:
        super().__init__(_tr("Invert mask"))
        self._document, self._mask = document, document.masks.active
        self._area = document.bounds if document.has_picture else document.frame

    def redo(self) -> None:
        """Invert."""
        self.setObsolete(self._area.empty)
        pixels = self._mask.pixels.snapshot()
        pixels.invert(self._area)
        self._document.masks.replace(pixels, self._mask)

    def undo(self) -> None:
        """Invert again, which is the way back."""
        self.redo()


class MaskProperties(QUndoCommand):
    """Name, strength, colour or visibility of a mask, the active one unless told.

    Changes of the strength in a row merge while `gesture` is the same, as with LayerProperties.
    """

    def __init__(
        self, document: Document, gesture: int = 0, mask: Mask | None = None, **properties: Any
    ) -> None:
        super().__init__(_tr("Change mask settings"))
        self._document, self.gesture = document, gesture
        self.mask = mask or document.masks.active
        self.before = {name: getattr(self.mask, name) for name in properties}
        self.after = dict(properties)

    def id(self) -> int:
        """What Qt asks to merge."""
        return MASK_PROPERTIES if self.after.keys() == {"strength"} else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the value of a later command of the same drag."""
        if not isinstance(other, MaskProperties):
            return False
        if other.mask is not self.mask or other.gesture != self.gesture:
            return False
        self.after = other.after
        self.setObsolete(self.before == self.after)
        return True

    def redo(self) -> None:
        """Set the new values."""
        self.setObsolete(self.before == self.after)
        self._document.masks.set_properties(self.mask, **self.after)

    def undo(self) -> None:
        """Set the old values."""
        self._document.masks.set_properties(self.mask, **self.before)


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

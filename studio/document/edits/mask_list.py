"""Changes of the list of masks: masks come, go and change places."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.document.document import Document
from studio.document.masks import COLOURS, Mask


class AddMask(QUndoCommand):
    """One more mask, which becomes the active one.

    Args:
        mask: An empty one with a name and a colour of its own when there is none.
        index: Its place in the list; the end without one.
    """

    def __init__(
        self, document: Document, mask: Mask | None = None, index: int | None = None, text: str = ""
    ) -> None:
        super().__init__(text or _tr("Add mask"))
        self._document = document
        self.mask = mask or Mask(free_name(document), colour=_colour(document))
        self._index = len(document.masks.all) if index is None else index
        self._was_active = document.masks.active

    def redo(self) -> None:
        """Put it in."""
        self._document.masks.insert(self.mask, self._index)
        self._document.masks.select(self.mask)

    def undo(self) -> None:
        """Take it out."""
        self._document.masks.remove(self.mask)
        self._document.masks.select(self._was_active)


class RemoveMask(QUndoCommand):
    """A mask leaves the document; the last one can only be cleared.

    Raises:
        ValueError: It is not of this document, or the only one.
    """

    def __init__(self, document: Document, mask: Mask) -> None:
        super().__init__(_tr("Remove mask"))
        if len(document.masks.all) == 1:
            raise ValueError("the last mask cannot be removed, only cleared")
        self._document, self._mask = document, mask
        self._index = document.masks.all.index(mask)
        self._was_active = document.masks.active

    @property
    def nbytes(self) -> int:
        """What it keeps."""
        return self._mask.pixels.nbytes

    def redo(self) -> None:
        """Take it out."""
        self._document.masks.remove(self._mask)

    def undo(self) -> None:
        """Put it back where it was."""
        self._document.masks.insert(self._mask, self._index)
        self._document.masks.select(self._was_active)


class MoveMask(QUndoCommand):
    """A mask goes to another place of the list."""

    def __init__(self, document: Document, mask: Mask, index: int) -> None:
        super().__init__(_tr("Move mask"))
        self._document, self._mask = document, mask
        self._before, self._after = document.masks.all.index(mask), index

    def redo(self) -> None:
        """Move it."""
        self.setObsolete(self._before == self._after)
        self._document.masks.move(self._mask, self._after)

    def undo(self) -> None:
        """Move it back."""
        self._document.masks.move(self._mask, self._before)


def free_name(document: Document) -> str:
    """'mask 2' and so on: a name that no mask of the document has."""
    pattern = re.escape(_tr("mask {number}")).replace(re.escape("{number}"), r"(\d+)")
    found = [re.fullmatch(pattern, mask.name) for mask in document.masks.all]
    return _tr("mask {number}").format(number=1 + max([1, *(int(one[1]) for one in found if one)]))


def _colour(document: Document) -> tuple[int, int, int]:
    """The first that no mask has; when all are taken, they repeat."""
    taken = {mask.colour for mask in document.masks.all}
    free = [colour for colour in COLOURS if colour not in taken]
    return free[0] if free else COLOURS[len(document.masks.all) % len(COLOURS)]


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

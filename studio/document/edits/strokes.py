"""Strokes: pixels of a layer or of the mask, before and after."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.changes import Change
from studio.document.document import Document
from studio.document.layer import Layer
from studio.document.tiles import TileGrid


class Stroke(QUndoCommand):
    """What layer and mask strokes share: a change, written forth and back.

    What live painting has put there is neither written nor repainted by the first redo.
    """

    def __init__(self, change: Change, text: str) -> None:
        super().__init__(text)
        self.change = change
        self._there = False  # whether live painting has put it there, for the first redo

    @property
    def nbytes(self) -> int:
        """What it keeps."""
        return self.change.nbytes

    def redo(self) -> None:
        """Paint; a stroke that changes nothing leaves no step."""
        self.setObsolete(not self.change.parts)
        there, self._there = self._there, False
        if not there:
            self._put([(part.area, part.after) for part in self.change.parts])

    def undo(self) -> None:
        """Put the pixels back."""
        self._put([(part.area, part.before) for part in self.change.parts])

    @abstractmethod
    def _put(self, parts: Sequence[tuple[Rect, Pixels]]) -> None: ...


class LayerStroke(Stroke):
    """Pixels of one layer: uint8 `[h, w, 4]` before and after, document px."""

    def __init__(
        self,
        document: Document,
        layer: Layer,
        area: Rect,
        before: Pixels,
        after: Pixels,
        text: str = "",
    ) -> None:
        super().__init__(Change.of_box(area, before, after), text or _tr("Paint"))
        self._document, self._layer = document, layer

    @classmethod
    def since(
        cls, document: Document, layer: Layer, before: TileGrid, text: str = ""
    ) -> LayerStroke:
        """What was painted on the layer since `before`, a snapshot; cheap however far it spans."""
        nothing = np.zeros((0, 0, 4), np.uint8)
        command = cls(document, layer, Rect(0, 0, 0, 0), nothing, nothing, text)
        command.change, command._there = Change.between(before, layer.pixels), True
        return command

    def _put(self, parts: Sequence[tuple[Rect, Pixels]]) -> None:
        self._document.paint_parts(self._layer, parts)


class MaskStroke(Stroke):
    """Densities of the mask that is active now: uint8 `[h, w]` before and after, document px."""

    def __init__(
        self, document: Document, area: Rect, before: Pixels, after: Pixels, text: str = ""
    ) -> None:
        super().__init__(Change.of_box(area, before, after), text or _tr("Paint mask"))
        self._document, self._mask = document, document.masks.active

    @classmethod
    def since(cls, document: Document, before: TileGrid, text: str = "") -> MaskStroke:
        """What was painted on the mask since `before`, a snapshot; cheap however far it spans."""
        nothing = np.zeros((0, 0), np.uint8)
        command = cls(document, Rect(0, 0, 0, 0), nothing, nothing, text)
        command.change, command._there = Change.between(before, document.masks.active.pixels), True
        return command

    def _put(self, parts: Sequence[tuple[Rect, Pixels]]) -> None:
        self._document.masks.write_parts(self._mask, parts, self._document.bounds.size.area)


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

"""Changes of the stack of layers: takes and layers come, go, move and change their properties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect
from studio.core.piece import Piece
from studio.core.pixels import Pixels, mask_bounds, size_of
from studio.document.composite import over
from studio.document.document import Document
from studio.document.edits.groups import groups_at
from studio.document.edits.merging import LAYER_PROPERTIES
from studio.document.layer import Group, Layer


class AddTake(QUndoCommand):
    """A take as a new layer on top; the picture grows where the take reaches beyond it.

    Without a picture the take becomes the picture.

    Args:
        pixels: uint8 `[area.height, area.width, 4]`; alpha 0 where nothing changes.
        area: Document px.
        name: Of the layer; 'take N' when empty.
        text: Of the step; 'Keep take' when empty.
    """

    def __init__(
        self, document: Document, pixels: Pixels, area: Rect, name: str = "", text: str = ""
    ) -> None:
        super().__init__(text or _tr("Keep take"))
        self._document = document
        self.layer = Layer(name or _take_name(document), kind="result")
        self.layer.pixels.write(area, pixels)
        self._was_active = document.active
        self._bounds_before = document.bounds
        self._bounds_after = _grown(document.bounds, pixels, area)

    @classmethod
    def of(
        cls, document: Document, pieces: Sequence[Piece], name: str = "", text: str = ""
    ) -> AddTake:
        """A take that several runs made, as one layer; each piece lies over those before it."""
        made = cls(document, pieces[0].pixels, pieces[0].area, name, text)
        for piece in pieces[1:]:
            beneath = made.layer.pixels.read(piece.area)
            over(beneath, piece.pixels)
            made.layer.pixels.write(piece.area, beneath)
            made._bounds_after = _grown(made._bounds_after, piece.pixels, piece.area)
        return made

    def redo(self) -> None:
        """Lay it on top."""
        self._document.set_bounds(self._bounds_after)
        self._document.insert_layer(self.layer, len(self._document.layers))
        self._document.set_active(self.layer)

    def undo(self) -> None:
        """Take it off again."""
        self._document.remove_layer(self.layer)
        self._document.set_bounds(self._bounds_before)
        self._document.set_active(self._was_active)


class AddLayer(QUndoCommand):
    """A layer at that place from the bottom; on top without one."""

    def __init__(
        self, document: Document, layer: Layer, index: int | None = None, text: str = ""
    ) -> None:
        super().__init__(text or _tr("Add layer"))
        self._document, self._layer = document, layer
        self._index = len(document.layers) if index is None else index
        self._was_active = document.active

    def redo(self) -> None:
        """Put it in."""
        self._document.insert_layer(self._layer, self._index)
        self._document.set_active(self._layer)

    def undo(self) -> None:
        """Take it out."""
        self._document.remove_layer(self._layer)
        self._document.set_active(self._was_active)


class RemoveLayer(QUndoCommand):
    """A layer leaves the document."""

    def __init__(self, document: Document, layer: Layer) -> None:
        super().__init__(_tr("Remove layer"))
        self._document, self._layer = document, layer
        self._index = document.layers.index(layer)
        self._was_active = document.active

    @property
    def nbytes(self) -> int:
        """What it keeps."""
        return self._layer.pixels.nbytes

    def redo(self) -> None:
        """Take it out."""
        self._document.remove_layer(self._layer)

    def undo(self) -> None:
        """Put it back where it was."""
        self._document.insert_layer(self._layer, self._index)
        self._document.set_active(self._was_active)


class MoveLayer(QUndoCommand):
    """A layer goes to another place from the bottom.

    Between members of a group it joins that group; away from the members of its own it leaves it.

    Args:
        index: Its place when it is taken out first.
        groups: What it is in then, instead of what follows from its place.
    """

    def __init__(
        self,
        document: Document,
        layer: Layer,
        index: int,
        groups: tuple[Group, ...] | None = None,
    ) -> None:
        super().__init__(_tr("Move layer"))
        self._document, self._layer = document, layer
        self._before, self._after = document.layers.index(layer), index
        self._groups_before = layer.groups
        self._groups_after = groups_at(document.layers, layer, index) if groups is None else groups

    def redo(self) -> None:
        """Move it."""
        stays = self._before == self._after and self._groups_before == self._groups_after
        self.setObsolete(stays)
        self._put(self._after, self._groups_after)

    def undo(self) -> None:
        """Move it back."""
        self._put(self._before, self._groups_before)

    def _put(self, index: int, groups: tuple[Group, ...]) -> None:
        if self._layer.groups != groups:
            self._document.set_layer(self._layer, groups=groups)
        self._document.move_layer(self._layer, index)


class LayerProperties(QUndoCommand):
    """Name, visibility, opacity, blend mode, locks or groups of a layer.

    Changes of one layer's opacity in a row merge while `gesture` is the same, so that a drag of
    the slider is one step; give each drag a number of its own to keep drags apart.
    """

    def __init__(
        self, document: Document, layer: Layer, gesture: int = 0, **properties: Any
    ) -> None:
        super().__init__(_tr("Change layer"))
        self._document, self.layer, self.gesture = document, layer, gesture
        self.before = {name: getattr(layer, name) for name in properties}
        self.after = dict(properties)

    def id(self) -> int:
        """What Qt asks to merge."""
        return LAYER_PROPERTIES if self.after.keys() == {"opacity"} else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the value of a later command of the same drag."""
        if not isinstance(other, LayerProperties):
            return False
        if other.layer is not self.layer or other.gesture != self.gesture:
            return False
        self.after = other.after
        self.setObsolete(self.before == self.after)
        return True

    def redo(self) -> None:
        """Set the new values."""
        self.setObsolete(self.before == self.after)
        self._document.set_layer(self.layer, **self.after)

    def undo(self) -> None:
        """Set the old values."""
        self._document.set_layer(self.layer, **self.before)


def _take_name(document: Document) -> str:
    pattern = re.escape(_tr("take {number}")).replace(re.escape("{number}"), r"(\d+)")
    found = [re.fullmatch(pattern, layer.name) for layer in document.layers]
    return _tr("take {number}").format(number=1 + max([0, *(int(one[1]) for one in found if one)]))


def _grown(bounds: Rect, pixels: Pixels, area: Rect) -> Rect:
    if bounds.empty or size_of(pixels) != area.size:
        return area
    content = mask_bounds(pixels[..., 3]).moved(area.x, area.y)
    return bounds if bounds.contains(content) else bounds.united(content)


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

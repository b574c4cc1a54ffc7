"""One command per kind of change; pushed to the history, each is one step of undo.

A command writes pixels, so pushing it after live painting is harmless: what already is there is
neither written nor repainted. A gesture that changed nothing leaves no step.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds, size_of
from studio.document.changes import Change, Part
from studio.document.document import Document
from studio.document.layer import Layer
from studio.document.tiles import TileGrid

#: What mergeWith joins; 0 and below never merge (Qt: -1 is no id).
_PROPERTIES_ID = 1
_FRAME_ID = 2


class LayerStroke(QUndoCommand):
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
        super().__init__(text or _tr("Paint"))
        self._document, self._layer = document, layer
        self.change = Change.of_box(area, before, after)
        self._there = False  # whether live painting has already put it there, for the first redo

    @classmethod
    def since(
        cls, document: Document, layer: Layer, before: TileGrid, text: str = ""
    ) -> LayerStroke:
        """What was painted on the layer since `before`, a snapshot; cheap however far it spans."""
        nothing = np.zeros((0, 0, 4), np.uint8)
        command = cls(document, layer, Rect(0, 0, 0, 0), nothing, nothing, text)
        command.change, command._there = Change.between(before, layer.pixels), True
        return command

    def redo(self) -> None:
        """Paint."""
        self.setObsolete(not self.change.parts)
        there, self._there = self._there, False
        for part in () if there else self.change.parts:
            self._put(part, part.after)

    def undo(self) -> None:
        """Put the pixels back."""
        for part in self.change.parts:
            self._put(part, part.before)

    def _put(self, part: Part, pixels: Pixels) -> None:
        if not np.array_equal(self._layer.pixels.read(part.area), pixels):
            self._document.paint(self._layer, part.area, pixels)


class MaskStroke(QUndoCommand):
    """Densities of the mask: uint8 `[h, w]` before and after, document px."""

    def __init__(
        self, document: Document, area: Rect, before: Pixels, after: Pixels, text: str = ""
    ) -> None:
        super().__init__(text or _tr("Paint mask"))
        self._document = document
        self.change = Change.of_box(area, before, after)
        self._there = False  # whether live painting has already put it there, for the first redo

    @classmethod
    def since(cls, document: Document, before: TileGrid, text: str = "") -> MaskStroke:
        """What was painted on the mask since `before`, a snapshot; cheap however far it spans."""
        nothing = np.zeros((0, 0), np.uint8)
        command = cls(document, Rect(0, 0, 0, 0), nothing, nothing, text)
        command.change, command._there = Change.between(before, document.mask.pixels), True
        return command

    def redo(self) -> None:
        """Paint."""
        self.setObsolete(not self.change.parts)
        there, self._there = self._there, False
        for part in () if there else self.change.parts:
            self._put(part, part.after)

    def undo(self) -> None:
        """Put the densities back."""
        for part in self.change.parts:
            self._put(part, part.before)

    def _put(self, part: Part, pixels: Pixels) -> None:
        if not np.array_equal(self._document.mask.read(part.area), pixels):
            self._document.write_mask(part.area, pixels)


class MaskWrite(MaskStroke):
    """New densities for an area, over whatever is there: a rectangle, a lasso, a mask file."""

    def __init__(self, document: Document, area: Rect, after: Pixels, text: str = "") -> None:
        super().__init__(
            document, area, document.mask.read(area), after, text or _tr("Change mask")
        )


class MaskReplace(QUndoCommand):
    """A whole new mask; old and new share the tiles that are the same."""

    def __init__(self, document: Document, after: TileGrid, text: str = "") -> None:
        super().__init__(text or _tr("Change mask"))
        self._document = document
        self._before = document.mask.pixels.snapshot()
        self._after = after.snapshot()

    def redo(self) -> None:
        """Take the new one."""
        self.setObsolete(not (self._before.keys() or self._after.keys()))
        self._document.replace_mask(self._after)

    def undo(self) -> None:
        """Take the old one."""
        self._document.replace_mask(self._before)


class MaskClear(MaskReplace):
    """Nothing is masked."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, TileGrid(1), _tr("Clear mask"))


class MaskInvert(QUndoCommand):
    """Masked becomes unmasked within the picture (the frame without one); keeps no pixels."""

    def __init__(self, document: Document) -> None:
        super().__init__(_tr("Invert mask"))
        self._document = document
        self._area = document.bounds if document.has_picture else document.frame

    def redo(self) -> None:
        """Invert."""
        self.setObsolete(self._area.empty)
        pixels = self._document.mask.pixels.snapshot()
        pixels.invert(self._area)
        self._document.replace_mask(pixels)

    def undo(self) -> None:
        """Invert again, which is the way back."""
        self.redo()


class AddTake(QUndoCommand):
    """A take as a new layer on top; the picture grows where the take reaches beyond it.

    Without a picture the take becomes the picture.

    Args:
        pixels: uint8 `[area.height, area.width, 4]`; alpha 0 where nothing changes.
        area: Document px.
        name: Of the layer; 'take N' when empty.
    """

    def __init__(self, document: Document, pixels: Pixels, area: Rect, name: str = "") -> None:
        super().__init__(_tr("Keep take"))
        self._document = document
        self.layer = Layer(name or _take_name(document))
        self.layer.pixels.write(area, pixels)
        self._was_active = document.active
        self._bounds_before = document.bounds
        self._bounds_after = _grown(document.bounds, pixels, area)

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

    def redo(self) -> None:
        """Take it out."""
        self._document.remove_layer(self._layer)

    def undo(self) -> None:
        """Put it back where it was."""
        self._document.insert_layer(self._layer, self._index)
        self._document.set_active(self._was_active)


class MoveLayer(QUndoCommand):
    """A layer goes to another place from the bottom."""

    def __init__(self, document: Document, layer: Layer, index: int) -> None:
        super().__init__(_tr("Move layer"))
        self._document, self._layer = document, layer
        self._before, self._after = document.layers.index(layer), index

    def redo(self) -> None:
        """Move it."""
        self.setObsolete(self._before == self._after)
        self._document.move_layer(self._layer, self._after)

    def undo(self) -> None:
        """Move it back."""
        self._document.move_layer(self._layer, self._before)


class LayerProperties(QUndoCommand):
    """Name, visibility, opacity, blend mode or lock of a layer.

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
        return _PROPERTIES_ID if self.after.keys() == {"opacity"} else -1

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
        return _FRAME_ID

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

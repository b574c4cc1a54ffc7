"""Changes of a layer's place and shape: move, scale, rotate, flip."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits.merging import LAYER_SHIFT
from studio.document.edits.stack import LayerReplace
from studio.document.layer import Layer
from studio.document.limits import check_size
from studio.document.resample import moved, rotated, scaled, turned
from studio.document.tiles import TileGrid

#: Rotations that need no resampling, clockwise.
_EXACT = {90.0: "right", 180.0: "half", 270.0: "left"}


class ShiftLayer(QUndoCommand):
    """A layer moves by whole px; it keeps no pixels, moving back is exact.

    Moves of one layer in a row with the same `gesture` become one step.
    """

    def __init__(
        self, document: Document, layer: Layer, dx: int, dy: int, gesture: int = 0
    ) -> None:
        super().__init__(_tr("Move layer's content"))
        self._document, self.layer, self.gesture = document, layer, gesture
        self.dx, self.dy = dx, dy

    def id(self) -> int:
        """What Qt asks to merge."""
        return LAYER_SHIFT

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the way of a later move of the same drag."""
        if not isinstance(other, ShiftLayer):
            return False
        if other.layer is not self.layer or other.gesture != self.gesture:
            return False
        self.dx, self.dy = self.dx + other.dx, self.dy + other.dy
        self.setObsolete(self.dx == self.dy == 0)
        return True

    def redo(self) -> None:
        """Move it."""
        self.setObsolete(self.dx == self.dy == 0)
        self._by(self.dx, self.dy)

    def undo(self) -> None:
        """Move it back."""
        self._by(-self.dx, -self.dy)

    def _by(self, dx: int, dy: int) -> None:
        self._document.replace_pixels(self.layer, moved(self.layer.pixels, dx, dy))


class TransformLayer(LayerReplace):
    """What is on a layer is flipped, then made to fill a rectangle, then rotated about its middle.

    Flips, moves by whole px and rotations by right angles are exact; everything else is resampled
    with colours counting by their alpha.

    Args:
        to: Where `source` goes, document px; stays without it.
        degrees: Clockwise as seen, about the middle of `to`.
        flip_across: Left becomes right.
        flip_down: Top becomes bottom.
        how: A key of `resample.FILTERS`.
        source: Document px, around what is on the layer; the layer's tight bounds without it.

    Raises:
        UsageError: It is scaled to no size, or to one beyond the limit.
    """

    def __init__(
        self,
        document: Document,
        layer: Layer,
        to: Rect | None = None,
        degrees: float = 0.0,
        flip_across: bool = False,
        flip_down: bool = False,
        how: str = "bicubic",
        source: Rect | None = None,
    ) -> None:
        grid = layer.pixels.snapshot()
        source = layer.pixels.tight_bounds() if source is None else source
        to = source if to is None else to
        if not source.empty:
            # A layer may reach farther than any picture; only scaling it makes it larger.
            if to.size != source.size:
                check_size(to.size)
            for flip, turn in ((flip_across, "across"), (flip_down, "down")):
                grid = turned(grid, turn, source) if flip else grid
            if to.size != source.size:
                grid = scaled(grid, source, to, how)
            elif to != source:
                grid = moved(grid, to.x - source.x, to.y - source.y)
            grid = _rotated(grid, to, degrees % 360, how)
        super().__init__(document, layer, grid, _tr("Transform layer"))


def _rotated(grid: TileGrid, about: Rect, degrees: float, how: str) -> TileGrid:
    if degrees == 0:
        return grid
    if degrees in _EXACT:
        exact = turned(grid, _EXACT[degrees], about)
        # A quarter turn keeps the corner; the middle is to stay, to half a pixel.
        away = (about.width - about.height) // 2 if degrees != 180 else 0
        return moved(exact, away, -away)
    return rotated(grid, degrees, (about.x + about.width / 2, about.y + about.height / 2), how)


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

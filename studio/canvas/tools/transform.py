"""Transform: moves, scales, flips and rotates what is on the chosen layers, by handles."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.canvas.placement import INSIDE, Placement, grip, moved, near, rotated, scaled
from studio.canvas.tools.base import Pointer, Spot
from studio.canvas.tools.frame import CURSORS
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits import TransformLayers
from studio.document.layer import Layer


class Transform:
    """Inside the box moves, handles scale, beside it rotates; Shift keeps proportions or steps.

    While a drag goes on the document is not touched: a preview stands for what will be.
    """

    name: ClassVar[str] = "transform"

    def __init__(
        self,
        box: Callable[[], Rect],
        show: Callable[[Placement | None], None],
        resampling: Callable[[], str],
        layers: Callable[[], tuple[Layer, ...]],
    ) -> None:
        """A tool with handles.

        Args:
            box: Gives the rectangle around what is on the layers, document px.
            show: Shows where the content goes; None: where it is.
            resampling: Gives a key of `resample.FILTERS`.
            layers: Gives what is transformed as one.
        """
        self._box = box
        self._show = show
        self._resampling = resampling
        self._layers = layers
        self._start: Pointer | None = None
        self._source = Rect(0, 0, 0, 0)
        self._placement: Placement | None = None

    def press(self, document: Document, at: Pointer) -> None:
        """Take hold of what lies under the pointer."""
        source = self._box()
        if not source.empty:
            self._start, self._source = at, source

    def move(self, document: Document, at: Pointer) -> None:
        """Show where the content goes."""
        if self._start is not None:
            self._placement = self._placed(self._start, at)
            self._show(self._placement)

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """The whole drag as one step."""
        placement, layers = self._placement, self._layers()
        self.cancel(document)
        if placement is None or placement.plain or not layers:
            return None
        return TransformLayers(
            document,
            layers,
            to=placement.to,
            degrees=placement.degrees,
            flip_across=placement.flip_across,
            flip_down=placement.flip_down,
            how=self._resampling(),
        )

    def cancel(self, document: Document) -> None:
        """The content is where it was."""
        if self._placement is not None:
            self._show(None)
        self._start = self._placement = None

    def path(self) -> tuple[Spot, ...]:
        """None: the box itself is to be seen."""
        return ()

    def ring(self, at: Spot) -> Spot | None:
        """None: it paints nothing."""
        return None

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """What a press there would do."""
        start = self._start or at
        box = self._source if self._start is not None else self._box()
        held = None if box.empty else grip(box, (start.x, start.y), at.grain)
        if held is not None:
            return CURSORS[held]
        turns = not box.empty and near(box, (start.x, start.y), at.grain)
        return Qt.CursorShape.PointingHandCursor if turns else Qt.CursorShape.ArrowCursor

    def _placed(self, start: Pointer, at: Pointer) -> Placement | None:
        source, way = self._source, (at.x - start.x, at.y - start.y)
        held = grip(source, (start.x, start.y), start.grain)
        if held == INSIDE:
            return moved(source, way, at.shift)
        if held is not None:
            return scaled(source, held, way, at.shift)
        if near(source, (start.x, start.y), start.grain):
            return rotated(source, (start.x, start.y), (at.x, at.y), at.shift)
        return None

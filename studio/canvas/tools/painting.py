"""Painting: one stroke that writes into the document while it goes on, and can be taken back."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import BrushSettings
from studio.canvas.tools.stabiliser import Stabiliser
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.brush import Point, Stroke, Tip, erased, masked, painted, unmasked
from studio.document.changes import joined
from studio.document.document import Document
from studio.document.edits import LayerStroke, MaskStroke
from studio.document.tiles import TILE, TileGrid, tile_rect

#: Px that are mixed at once: what the processor's cache does not hold is slow.
MOST = 4 * TILE * TILE


class Painting:
    """Brush or eraser on the mask or on the active layer, from press to release.

    The document may change under a stroke (an undo from the menu): what others write becomes part
    of what taking back restores, and where mask or layer are gone there is nothing to restore.
    """

    def __init__(self, document: Document, settings: BrushSettings, erases: bool) -> None:
        """Begin; nothing is written before the first `to`.

        Raises:
            ValueError: The target is a layer and there is none.
        """
        self._document = document
        self._settings = settings
        self._erases = erases
        self._layer = document.active if settings.target == "layer" else None
        if settings.target == "layer" and self._layer is None:
            raise ValueError("no layer to paint on")
        self._mask = document.masks.active
        self._before = self._grid.snapshot()
        self._limits = document.bounds
        if self._layer is None and document.has_picture:
            self._limits = document.bounds.united(document.frame)
        self._stroke = Stroke(
            Tip(
                radius=settings.size / 2,
                hardness=settings.hardness,
                flow=settings.flow,
                spacing=settings.spacing,
                pressure_size=settings.pressure_size,
                pressure_flow=settings.pressure_flow,
            )
        )
        self._stabiliser = Stabiliser(settings.smoothing)
        self._writing = False
        self._signal.connect(self._on_changed)

    @property
    def _grid(self) -> TileGrid:
        return self._mask.pixels if self._layer is None else self._layer.pixels

    @property
    def _gone(self) -> bool:
        if self._layer is None:
            return self._document.masks.active is not self._mask
        return self._layer not in self._document.layers

    @property
    def _signal(self) -> SignalInstance:
        return self._document.masks.changed if self._layer is None else self._document.changed

    def to(self, x: float, y: float, pressure: float) -> None:
        """Go on to that place, document px."""
        self._lay(self._stabiliser.to(Point(x, y, pressure)))

    def finish(self) -> QUndoCommand | None:
        """What was painted, as one step; None when nothing changed."""
        self._lay(self._stabiliser.end())
        self._signal.disconnect(self._on_changed)
        if self._gone:
            return None
        command: LayerStroke | MaskStroke
        if self._layer is None:
            command = MaskStroke.since(self._document, self._before)
        else:
            command = LayerStroke.since(self._document, self._layer, self._before)
        return command if command.change.parts else None

    def cancel(self) -> None:
        """Put the pixels back."""
        self._signal.disconnect(self._on_changed)
        for key in sorted(self._stroke.coverage.keys()):
            area = tile_rect(key)
            self._put(area, self._before.read(area))

    def _lay(self, points: list[Point]) -> None:
        """Paint along these points; each px is written once."""
        touched: dict[tuple[int, int], Rect] = {}
        for point in points:
            for area in self._stroke.to(point):
                key = area.x // TILE, area.y // TILE
                touched[key] = area.united(touched.get(key, area))
        for area in joined(touched.values(), MOST):
            inside = area.intersected(self._limits)
            if not inside.empty:
                self._put(inside, self._mixed(self._before.read(inside), inside))

    def _mixed(self, before: Pixels, area: Rect) -> Pixels:
        coverage, opacity = self._stroke.coverage.read(area), self._settings.opacity
        if self._layer is None:
            return (unmasked if self._erases else masked)(before, coverage, opacity)
        if self._erases:
            # Where the alpha is to stay there is nothing to take away.
            return before if self._layer.alpha_locked else erased(before, coverage, opacity)
        colour, locked = self._settings.colour, self._layer.alpha_locked
        return painted(before, coverage, colour, opacity, locked)

    def _put(self, area: Rect, pixels: Pixels) -> None:
        if self._gone:
            return
        self._writing = True
        try:
            if self._layer is None:
                self._document.masks.write(area, pixels)
            else:
                self._document.paint(self._layer, area, pixels)
        finally:
            self._writing = False

    def _on_changed(self, area: Rect) -> None:
        """What others changed, so what is not our own paint, is what taking back restores."""
        if self._writing or self._gone:
            return
        inside = area.intersected(self._limits)
        before, live = self._before.read(inside), self._grid.read(inside)
        foreign = live != self._mixed(before, inside)
        self._before.write(inside, np.where(foreign, live, before))

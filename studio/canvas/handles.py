"""Handles: the box around a layer's content or a crop, and what is shown while it is dragged."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.canvas.lifted import Lifted
from studio.canvas.placement import Placement
from studio.canvas.surface import Surface
from studio.core.geometry import Rect

NOTHING = Rect(0, 0, 0, 0)


class Handles(QObject):
    """Keeps the boxes of a surface's scene up to date; the document is not touched."""

    def __init__(self, surface: Surface) -> None:
        """Handles on that surface."""
        super().__init__(surface)
        self._surface = surface
        self._shown = False
        self._content: Rect | None = None
        surface.document.changed.connect(self._on_changed)
        surface.document.layers_changed.connect(self._on_changed)

    def show_box(self, shown: bool) -> None:
        """Whether the box around the active layer's content is shown."""
        self._shown = shown
        self._refresh()

    def content(self) -> Rect:
        """Around what is on the active layer, document px; empty for nothing."""
        if self._content is None:
            layer = self._surface.document.active
            self._content = NOTHING if layer is None else layer.pixels.tight_bounds()
        return self._content

    def place(self, placement: Placement | None) -> None:
        """Show the active layer's content there; None: where it is."""
        scene, layer = self._surface.scene, self._surface.document.active
        lifted = scene.shown.lifted
        if placement is None or layer is None:
            if lifted is not None:
                scene.shown.lifted = None
                scene.composer.lift(None)
            self._refresh()
            return
        if lifted is None:
            scene.shown.lifted = Lifted(layer, placement.source, placement)
            scene.composer.lift(layer)
        else:
            lifted.placement = placement
        scene.shown.box = placement.corners
        self._surface.update()

    def show_crop(self, area: Rect) -> None:
        """Show what a crop would leave, document px; an empty rectangle: no crop."""
        self._surface.scene.shown.crop = area
        self._surface.update()

    def _on_changed(self) -> None:
        self._content = None
        # The box follows what is painted; while content is dragged, nothing is.
        if self._shown and self._surface.scene.shown.lifted is None:
            self._refresh()

    def _refresh(self) -> None:
        box = self.content() if self._shown else NOTHING
        corners = () if box.empty else Placement(box, box).corners
        self._surface.scene.shown.box = corners
        self._surface.update()

"""Handles: the box around what is on layers or a crop, and what is shown while it is dragged."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from studio.canvas.lifted import Lifted
from studio.canvas.placement import Placement
from studio.canvas.surface import Surface
from studio.core.geometry import Rect
from studio.document.layer import Layer

NOTHING = Rect(0, 0, 0, 0)


class Handles(QObject):
    """Keeps the boxes of a surface's scene up to date; the document is not touched."""

    def __init__(self, surface: Surface) -> None:
        """Handles on that surface."""
        super().__init__(surface)
        self._surface = surface
        self._shown = False
        self._content: Rect | None = None
        self._chosen: Callable[[], tuple[Layer, ...]] = self._active
        surface.document.changed.connect(self._on_changed)
        surface.document.layers_changed.connect(self._on_changed)

    def choose_by(self, chosen: Callable[[], tuple[Layer, ...]]) -> None:
        """Let `chosen` tell which layers are taken hold of; the active one without it."""
        self._chosen = chosen

    def layers(self) -> tuple[Layer, ...]:
        """What is taken hold of, bottom to top."""
        chosen = set(map(id, self._chosen()))
        return tuple(each for each in self._surface.document.layers if id(each) in chosen)

    def renew(self) -> None:
        """Other layers may be chosen."""
        self._on_changed()

    def show_box(self, shown: bool) -> None:
        """Whether the box around what is on the chosen layers is shown."""
        self._shown = shown
        self._refresh()

    def content(self) -> Rect:
        """Around what is on the chosen layers, document px; empty for nothing."""
        if self._content is None:
            whole = NOTHING
            for layer in self.layers():
                whole = whole.united(layer.pixels.tight_bounds())
            self._content = whole
        return self._content

    def place(self, placement: Placement | None) -> None:
        """Show what is on the chosen layers there; None: where it is."""
        scene, layers = self._surface.scene, self.layers()
        lifted = scene.shown.lifted
        if placement is None or not layers:
            if lifted is not None:
                scene.shown.lifted = None
                scene.composer.lift(())
            self._refresh()
            return
        if lifted is None:
            scene.shown.lifted = Lifted(layers, placement.source, placement)
            scene.composer.lift(layers)
        else:
            lifted.placement = placement
        scene.shown.box = placement.corners
        self._surface.update()

    def show_crop(self, area: Rect) -> None:
        """Show what a crop would leave, document px; an empty rectangle: no crop."""
        self._surface.scene.shown.crop = area
        self._surface.update()

    def _active(self) -> tuple[Layer, ...]:
        layer = self._surface.document.active
        return () if layer is None else (layer,)

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

"""Thumbnails: layers in small, made anew only when their pixels changed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QImage

from studio.core.geometry import Rect
from studio.document.layer import Layer
from studio.ui.images import small, to_image

EDGE = 64


class Thumbnails:
    """One for each layer that is listed.

    To make that of a layer of 8192 px takes about 8 ms, which twenty of them would let the artist
    feel at every change.
    """

    def __init__(self) -> None:
        self._made: dict[int, tuple[int, Rect, QImage | None]] = {}

    def of(self, layer: Layer, bounds: Rect) -> QImage | None:
        """What the layer holds within the picture; None for nothing.

        Args:
            layer: Any.
            bounds: The picture's, document px.
        """
        revision = layer.pixels.revision
        made = self._made.get(layer.id)
        if made is not None and made[:2] == (revision, bounds):
            return made[2]
        area = layer.pixels.bounds().intersected(bounds)
        image = None if area.empty else to_image(small(layer.pixels.read, area, EDGE))
        self._made[layer.id] = revision, bounds, image
        return image

    def keep(self, layers: Iterable[Layer]) -> None:
        """Forget those of all other layers."""
        ids = {layer.id for layer in layers}
        self._made = {key: value for key, value in self._made.items() if key in ids}

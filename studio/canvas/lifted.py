"""Lifted: what is on layers, taken off the picture and shown elsewhere while it is dragged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter, QTransform

from studio.canvas.compose import as_image, premultiplied
from studio.canvas.placement import Placement
from studio.canvas.pyramid import LEVELS, Packed, Pyramid, halved_colours, scaled_down
from studio.canvas.viewport import Viewport
from studio.core.geometry import Rect
from studio.document.layer import Layer

#: Longest side that is kept while content is dragged, px: more would be felt, and is not seen.
MOST = 1536


class Lifted:
    """The content of layers at a size that can be drawn at once."""

    def __init__(self, layers: Sequence[Layer], source: Rect, placement: Placement) -> None:
        """Take it up.

        Args:
            layers: Bottom to top; they are not changed.
            source: Around their pixels, document px.
            placement: Where they are shown.
        """
        self.placement = placement
        level = 0
        while max(source.width, source.height) >> level > MOST and level + 1 < LEVELS:
            level += 1
        part = scaled_down(source, level)
        edge = 1 << level
        self._on_document = QTransform(edge, 0, 0, edge, part.x * edge, part.y * edge)
        shown = [each for each in layers if each.shown]
        self._images = [(_content(each, source, level, part), each.opacity) for each in shown]

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw it where it goes; the painter is in px of the sheet."""
        left, top = viewport.origin
        sheet = QTransform(viewport.zoom, 0, 0, viewport.zoom, left, top)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setWorldTransform(self._on_document * self.placement.transform * sheet, True)
        for image, opacity in self._images:
            painter.setOpacity(opacity)
            painter.drawImage(QPointF(0, 0), image)
        painter.restore()


def _content(layer: Layer, source: Rect, level: int, part: Rect) -> QImage:
    def read(area: Rect) -> Packed | None:
        pixels = layer.pixels.read(area)
        return premultiplied(pixels) if pixels.any() else None

    pixels = Pyramid(read, halved_colours).read(level, part, source)
    if pixels is None:
        return QImage()
    return as_image(pixels)

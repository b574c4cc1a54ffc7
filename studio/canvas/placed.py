"""Placed: a small picture at its place on the plane, such as a preview or a take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from studio.canvas.compose import device_rect, premultiplied
from studio.canvas.viewport import Viewport
from studio.core.geometry import Rect
from studio.core.piece import Piece, around
from studio.core.pixels import Pixels

#: A preview is often an eighth of its area; enlarged in one go by bilinear interpolation it would
#: show diamonds, so the way up to this edge is bicubic.
CUBIC = 512


class Placed:
    """Colours and, if given, a mask, both scaled to `area`; the document never hears of it."""

    def __init__(self, area: Rect, pixels: Pixels, mask: Pixels | None = None) -> None:
        """A picture of any size, shown over the whole of `area`.

        Args:
            area: Document px.
            pixels: uint8 `[h, w, 3]`, or `[h, w, 4]` straight alpha.
            mask: uint8 `[h, w]` of any size, the alpha over the whole of `area`.
        """
        self.area = area
        self._colours = [_image(pixels)]
        self._mask = [] if mask is None else [_alpha(mask)]

    def paint(self, painter: QPainter, viewport: Viewport, exposed: Rect) -> None:
        """Draw what lies in `exposed` (device px); the painter is in device px."""
        target = viewport.device_rect(self.area).intersected(exposed)
        if target.empty:
            return
        if not self._mask:
            painter.save()
            painter.setClipRect(device_rect(target), Qt.ClipOperation.IntersectClip)
            _draw(painter, viewport, self.area, self._colours)
            painter.restore()
            return
        buffer = QImage(target.width, target.height, QImage.Format.Format_ARGB32_Premultiplied)
        buffer.fill(Qt.GlobalColor.transparent)
        masked = QPainter(buffer)
        masked.translate(-target.x, -target.y)
        _draw(masked, viewport, self.area, self._colours)
        masked.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        _draw(masked, viewport, self.area, self._mask)
        masked.end()
        painter.drawImage(QPoint(target.x, target.y), buffer)


class Together:
    """Several of them, one over the other, as one."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        """Pieces of a take, the first lowest."""
        self.area = around(pieces)
        self._parts = [Placed(piece.area, piece.pixels) for piece in pieces]

    def paint(self, painter: QPainter, viewport: Viewport, exposed: Rect) -> None:
        """As `Placed.paint`."""
        for part in self._parts:
            part.paint(painter, viewport, exposed)


def _draw(painter: QPainter, viewport: Viewport, area: Rect, sizes: list[QImage]) -> None:
    """Draw the smallest of the half sizes that is not enlarged; they are made when first needed."""
    place = viewport.device_rect(area)
    level = 0
    while _too_fine(sizes[level], place):
        if level + 1 == len(sizes):
            sizes.append(_half(sizes[level]))
        level += 1
    image = sizes[level]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, viewport.smooth)
    across, down = place.width / image.width(), place.height / image.height()
    painter.setTransform(QTransform(across, 0, 0, down, place.x, place.y), True)
    painter.drawImage(QPoint(0, 0), image)
    painter.restore()


def _too_fine(image: QImage, place: Rect) -> bool:
    return image.width() >= 2 * max(1, place.width) and image.height() >= 2 * max(1, place.height)


def _half(image: QImage) -> QImage:
    return image.scaled(
        max(1, image.width() // 2),
        max(1, image.height() // 2),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _image(pixels: Pixels) -> QImage:
    height, width = pixels.shape[:2]
    if pixels.shape[2] == 3:
        picture = Image.fromarray(np.ascontiguousarray(pixels))
        times = CUBIC // max(height, width)
        if times > 1:
            picture = picture.resize((width * times, height * times), Image.Resampling.BICUBIC)
        pixels = np.asarray(picture.convert("RGBA"))
        height, width = pixels.shape[:2]
    packed = premultiplied(pixels)
    return QImage(packed.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)


def _alpha(mask: Pixels) -> QImage:
    height, width = mask.shape
    own = mask.copy()
    return QImage(own.data, width, height, width, QImage.Format.Format_Alpha8)

"""Pixels as Qt images."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from studio.core.geometry import Size
from studio.core.pixels import Pixels, resize, size_of
from studio.document.composite import over

#: A document area is read at no more than this many px for a thumbnail; larger ones in strides.
_MOST_READ = 4_000_000


def to_image(pixels: Pixels) -> QImage:
    """A copy: uint8 `[h, w, 3]` or `[h, w, 4]` straight alpha."""
    kind = QImage.Format.Format_RGBA8888 if pixels.shape[2] == 4 else QImage.Format.Format_RGB888
    whole = np.ascontiguousarray(pixels)
    height, width = whole.shape[:2]
    return QImage(whole.data, width, height, whole.strides[0], kind).copy()


def from_image(image: QImage) -> Pixels:
    """Pixels of their own: uint8 `[h, w, 4]` straight alpha."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8)
    rows = rows.reshape(plain.height(), plain.bytesPerLine())[:, : plain.width() * 4]
    return rows.reshape(plain.height(), plain.width(), 4).copy()


def thumbnail(pixels: Pixels, edge: int) -> Pixels:
    """The picture scaled into a square of `edge` px; uint8 `[h, w, c]` as it came."""
    size = size_of(pixels)
    if size.area > _MOST_READ:
        stride = max(1, min(size.width, size.height) // (4 * edge))
        pixels = np.ascontiguousarray(pixels[::stride, ::stride])
        size = size_of(pixels)
    scale = edge / max(size.width, size.height, 1)
    if scale >= 1:
        return pixels
    return resize(
        pixels, Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))
    )


def laid_over(picture: Pixels, take: Pixels) -> Pixels:
    """The picture as it would be with the take: both uint8 `[h, w, 4]`, a fresh array."""
    result = picture.copy()
    over(result, take)
    return result

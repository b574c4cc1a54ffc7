"""Pixels as Qt images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QImage

from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels, resize, size_of

#: An area of more px than this is sampled for a thumbnail, not read whole: reading 16 million px
#: would be felt in the hand.
_MOST_READ = 500_000


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
    stride = _stride(size, edge)
    if stride > 1:
        pixels = np.ascontiguousarray(pixels[::stride, ::stride])
        size = size_of(pixels)
    scale = edge / max(size.width, size.height, 1)
    if scale >= 1:
        return pixels
    return resize(
        pixels, Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))
    )


def small(read: Callable[[Rect], Pixels], area: Rect, edge: int) -> Pixels:
    """A thumbnail of what `read` gives for `area`, of which it asks for a few rows only.

    Args:
        read: uint8 `[h, w, 4]` of a rectangle, document px.
        area: Document px, not empty.
        edge: Of the square that it has to fit into, px.
    """
    stride = _stride(area.size, edge)
    if stride == 1:
        return thumbnail(read(area), edge)
    rows = [read(Rect(area.x, y, area.width, 1)) for y in range(area.y, area.bottom, stride)]
    return thumbnail(np.ascontiguousarray(np.concatenate(rows)[:, ::stride]), edge)


def _stride(size: Size, edge: int) -> int:
    if size.area <= _MOST_READ:
        return 1
    return max(1, max(size.width, size.height) // (4 * edge))

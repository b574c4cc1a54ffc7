"""Array conventions: what a picture, a mask and a preview are, and the few operations all share.

A picture is uint8 `[h, w, 4]` sRGB with straight alpha; a mask is uint8 `[h, w]`, 0 keep, 255
repaint, between: strength; a preview is uint8 `[h, w, 3]` sRGB.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.geometry import Rect, Size

Pixels = NDArray[np.uint8]


def size_of(pixels: Pixels) -> Size:
    """The size of a picture, mask or preview."""
    return Size(int(pixels.shape[1]), int(pixels.shape[0]))


def mask_bounds(mask: Pixels) -> Rect:
    """The smallest rectangle around all pixels above 0; empty when there is none.

    Args:
        mask: uint8 `[h, w]`.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return Rect(0, 0, 0, 0)
    columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].any(axis=0))
    return Rect.between(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def resize(pixels: Pixels, size: Size) -> Pixels:
    """Scale by Lanczos.

    Colours under transparent pixels do not bleed: RGBA is scaled premultiplied.

    Args:
        pixels: uint8 `[h, w]`, `[h, w, 3]` or `[h, w, 4]`.
        size: The size wanted, px.
    """
    if size_of(pixels) == size:
        return pixels.copy()
    if pixels.ndim == 3 and pixels.shape[2] == 4 and pixels[..., 3].min() < 255:
        image = Image.fromarray(pixels, "RGBA").convert("RGBa")
        return np.asarray(_scaled(image, size).convert("RGBA"))
    return np.asarray(_scaled(Image.fromarray(pixels), size))


def _scaled(image: Image.Image, size: Size) -> Image.Image:
    return image.resize((size.width, size.height), Image.Resampling.LANCZOS)


def opaque(pixels: Pixels, backdrop: tuple[int, int, int] = (255, 255, 255)) -> Pixels:
    """The colours over a plain backdrop.

    Args:
        pixels: uint8 `[h, w, 4]` straight alpha.
        backdrop: sRGB, 0 to 255.

    Returns:
        uint8 `[h, w, 3]`.
    """
    alpha = pixels[..., 3:].astype(np.uint16)
    if int(alpha.min()) == 255:
        return np.ascontiguousarray(pixels[..., :3])
    back = np.asarray(backdrop, np.uint16)
    mixed = (pixels[..., :3] * alpha + back * (255 - alpha) + 127) // 255
    return mixed.astype(np.uint8)

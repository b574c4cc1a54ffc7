"""Outline: a thin two-tone line around what is masked, from densities on the screen."""

from __future__ import annotations

import numpy as np

from studio.canvas.pyramid import Packed
from studio.core.pixels import Pixels

#: Densities from 1/8 on count as inside, so that a weak mask has an outline too.
GAIN = 4.0


def outline(densities: Pixels) -> Packed:
    """An antialiased line, light inside and dark outside, one px each.

    The distance to the edge is estimated by the density over its gradient, which is exact for a
    straight edge that interpolation has softened over a pixel.

    Args:
        densities: uint8 `[h, w]`.

    Returns:
        uint32 `[h, w]` premultiplied ARGB; the outermost px are not meaningful.
    """
    level = np.minimum(densities.astype(np.float32) * np.float32(GAIN / 255), 1)
    across = np.zeros_like(level)
    down = np.zeros_like(level)
    across[:, 1:-1] = (level[:, 2:] - level[:, :-2]) * 0.5
    down[1:-1] = (level[2:] - level[:-2]) * 0.5
    slope = np.sqrt(across * across + down * down)
    distance = (level - np.float32(0.5)) / np.maximum(slope, np.float32(1e-3))
    light = np.clip(1 - np.abs(distance - np.float32(0.5)), 0, 1)
    dark = np.clip(1 - np.abs(distance + np.float32(0.5)), 0, 1)
    alpha = np.clip(light + dark, 0, 1)
    grey = (light * 255).astype(np.uint32)
    result: Packed = (alpha * 255).astype(np.uint32) << np.uint32(24)
    result |= grey | (grey << np.uint32(8)) | (grey << np.uint32(16))
    return result

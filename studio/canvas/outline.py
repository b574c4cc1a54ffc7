"""Outline: a thin two-tone line around what is masked, from densities on the screen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.canvas.pyramid import Packed
from studio.core.geometry import Rect
from studio.core.pixels import Pixels

#: Densities from 1/12 on count as inside, so that a weak mask has an outline too.
_STEEP = np.minimum(np.arange(256) * 6, 255).astype(np.uint8)


def outline(densities: Pixels) -> tuple[Rect, Packed] | None:
    """An antialiased line, light inside and dark outside, one px each.

    The distance to the edge is estimated by the density over its gradient, which is exact for a
    straight edge that interpolation has softened over a pixel. Only px with a gradient are looked
    at: a mask is flat nearly everywhere.

    Args:
        densities: uint8 `[h, w]`; its outermost px get no line.

    Returns:
        Where the line lies in `densities`, and uint32 `[h, w]` premultiplied ARGB of that part;
        None when there is no edge.
    """
    level = np.take(_STEEP, densities)
    middle = level[1:-1, 1:-1]
    slopes = (level[1:-1, 2:] != level[1:-1, :-2]) | (level[2:, 1:-1] != level[:-2, 1:-1])
    rows, columns = np.nonzero(slopes)
    if rows.size == 0:
        return None
    colours = _line(
        middle[rows, columns].astype(np.float32),
        level[rows + 1, columns + 2].astype(np.float32) - level[rows + 1, columns],
        level[rows + 2, columns + 1].astype(np.float32) - level[rows, columns + 1],
    )
    top, left = int(rows[0]), int(columns.min())
    result = np.zeros((int(rows[-1]) - top + 1, int(columns.max()) - left + 1), np.uint32)
    result[rows - top, columns - left] = colours
    return Rect(left + 1, top + 1, result.shape[1], result.shape[0]), result


def _line(
    level: NDArray[np.float32], across: NDArray[np.float32], down: NDArray[np.float32]
) -> Packed:
    """Premultiplied ARGB for densities (0 to 255) and their differences over two px."""
    slope = np.hypot(across, down) / 2
    distance = (level - np.float32(127.5)) / slope
    light = np.clip(1 - np.abs(distance - np.float32(0.5)), 0, 1)
    dark = np.clip(1 - np.abs(distance + np.float32(0.5)), 0, 1)
    alpha = (np.minimum(light + dark, 1) * 255).astype(np.uint32)
    grey = (light * 255).astype(np.uint32)
    packed: Packed = (alpha << np.uint32(24)) | (grey * np.uint32(0x010101))
    return packed

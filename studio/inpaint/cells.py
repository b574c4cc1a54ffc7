"""Cells: local means on a coarse grid, where what is fine cancels out, and the way back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

#: Edge of a cell, px.
CELL = 4


def cells(planes: NDArray[np.generic]) -> Floats:
    """Sums over the cells.

    Args:
        planes: `[c, h, w]` of any number type.

    Returns:
        float32 `[c, rows, columns]`, one for each cell of 4 x 4 px; the last may be cut.
    """
    high, wide = (-size % CELL for size in planes.shape[1:])
    if high or wide:
        planes = np.pad(planes, ((0, 0), (0, high), (0, wide)))
    count, rows, columns = planes.shape[0], planes.shape[1] // CELL, planes.shape[2] // CELL
    thin = planes.reshape(count, rows, CELL, -1).sum(axis=2, dtype=np.float32)
    summed: Floats = thin.reshape(count, rows, columns, CELL).sum(axis=3)
    return summed


def around(sums: Floats) -> Floats:
    """Each cell's sum and those of its eight neighbours."""
    edged = np.pad(sums, ((0, 0), (1, 1), (1, 1)))
    across = edged[:, :, :-2] + edged[:, :, 1:-1] + edged[:, :, 2:]
    summed: Floats = across[:, :-2] + across[:, 1:-1] + across[:, 2:]
    return summed


def local_means(planes: NDArray[np.generic], there: Bools) -> tuple[Floats, Bools]:
    """Means over each cell and its neighbours, of the pixels that are there alone.

    Args:
        planes: `[c, h, w]`, 0 where nothing is there.
        there: bool `[h, w]`.

    Returns:
        float32 `[c, rows, columns]`, and which cells themselves have such pixels.
    """
    own = cells(there[None])
    count = np.maximum(around(own), np.float32(1))
    means: Floats = np.divide(around(cells(planes)), count, dtype=np.float32)
    return means, own[0] > 0


def enlarged(means: Floats, height: int, width: int) -> Floats:
    """Cells as a smooth surface over their pixels: float32 `[c, height, width]`."""
    size = means.shape[2] * CELL, means.shape[1] * CELL
    planes = [Image.fromarray(plane).resize(size, Image.Resampling.BICUBIC) for plane in means]
    return np.stack([np.asarray(plane)[:height, :width] for plane in planes])

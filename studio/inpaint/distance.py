"""Distance: exact Euclidean distances and nearest pixels, in pure array arithmetic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]


def distance(here: Bools, reach: int) -> Floats:
    """How far each pixel's centre is from the nearest pixel that is `here`, at most `reach`.

    Exact: a pass over the columns counts rows to the nearest, a pass over the rows takes the
    smallest sum of squares within reach. Cost grows with `reach`, not with what is `here`.

    Args:
        here: bool `[h, w]`.
        reach: Largest distance told apart, 1 to 180 px.

    Returns:
        float32 `[h, w]` in px: 0 where `here`, `reach` where nothing is nearer.

    Source: A. Meijster et al., A general algorithm for computing distance transforms in linear
        time (2000), its first phase; the second by shifting, which suits arrays.
    """
    if not here.any():
        return np.full(here.shape, reach, np.float32)
    column = np.minimum(_rows_to_nearest(here), reach).astype(np.uint16)
    squares = column * column
    nearest = squares.copy()
    for shift in range(1, min(reach, here.shape[1])):
        sideways = squares + np.uint16(shift * shift)
        np.minimum(nearest[:, shift:], sideways[:, :-shift], out=nearest[:, shift:])
        np.minimum(nearest[:, :-shift], sideways[:, shift:], out=nearest[:, :-shift])
    np.minimum(nearest, np.uint16(reach * reach), out=nearest)
    result: Floats = _ROOTS[nearest]
    return result


#: Square roots of all squares that `distance` can meet.
_ROOTS: Floats = np.sqrt(np.arange(1 << 16, dtype=np.float32))


def _rows_to_nearest(here: Bools) -> NDArray[np.int32]:
    """For each pixel the rows up or down to the nearest one that is `here`; huge without one."""
    high = here.shape[0]
    rows = np.arange(high, dtype=np.int32)[:, None]
    far = np.int32(1 << 20)
    above = np.maximum.accumulate(np.where(here, rows, -far), axis=0)
    below = np.minimum.accumulate(np.where(here, rows, far)[::-1], axis=0)[::-1]
    nearest: NDArray[np.int32] = np.minimum(rows - above, below - rows)
    return nearest


def near(here: Bools, reach: int) -> Bools:
    """Whether a pixel that is `here` lies within a square of `reach` px around each pixel."""
    result = here
    for axis in (0, 1):
        result = _widened(result, reach, axis)
    return result


def _widened(here: Bools, reach: int, axis: int) -> Bools:
    """Widen along one axis by doubling steps, both ways."""
    result, done = here.copy(), 0
    while done < reach:
        step = min(reach - done, max(1, done))
        before = result.copy()
        if step < here.shape[axis]:
            first, last = [slice(None)] * 2, [slice(None)] * 2
            first[axis], last[axis] = slice(step, None), slice(None, -step)
            result[tuple(first)] |= before[tuple(last)]
            result[tuple(last)] |= before[tuple(first)]
        done += step
    return result


def nearest_index(here: Bools) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Row and column of the nearest pixel that is `here`, for each pixel.

    Jump flooding with a closing pass of step 1: the odd pixel gets one that is a fraction of a
    pixel farther than the nearest, which a fill cannot show.

    Args:
        here: bool `[h, w]`, at least one of them true.

    Source: G. Rong, T.-S. Tan, Jump flooding in GPU (2006), variant JFA+1.
    """
    high, wide = here.shape
    rows, columns = np.indices((high, wide), dtype=np.int32)
    far = np.int32(-(1 << 14))
    row, column = np.where(here, rows, far), np.where(here, columns, far)
    step = 1 << max(0, (max(high, wide) - 1).bit_length() - 1)
    steps = [step >> one for one in range(step.bit_length())]
    for jump in [*steps, 1]:
        row, column = _flooded(row, column, rows, columns, jump)
    return row, column


def _flooded(
    row: NDArray[np.int32],
    column: NDArray[np.int32],
    rows: NDArray[np.int32],
    columns: NDArray[np.int32],
    jump: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """One pass: each pixel also asks its eight neighbours at that step."""
    high, wide = row.shape
    best_row, best_column = row.copy(), column.copy()
    best = (row - rows) ** 2 + (column - columns) ** 2
    for down in (-jump, 0, jump):
        for right in (-jump, 0, jump):
            if (down, right) == (0, 0) or abs(down) >= high or abs(right) >= wide:
                continue
            to = (
                slice(max(0, -down), high - max(0, down)),
                slice(max(0, -right), wide - max(0, right)),
            )
            at = (
                slice(max(0, down), high + min(0, down)),
                slice(max(0, right), wide + min(0, right)),
            )
            far = (row[at] - rows[to]) ** 2 + (column[at] - columns[to]) ** 2
            nearer = far < best[to]
            np.copyto(best[to], far, where=nearer)
            np.copyto(best_row[to], row[at], where=nearer)
            np.copyto(best_column[to], column[at], where=nearer)
    return best_row, best_column

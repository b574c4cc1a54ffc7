"""Distance: exact Euclidean distances and nearest pixels, in pure array arithmetic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

#: Farther than any two pixels are apart; its square still fits into int32.
FAR = np.int32(1 << 15)
#: Steps between two looks whether all have found their nearest.
ASKED = 16


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


def _rows_to_nearest(here: Bools) -> Ints:
    """For each pixel the rows up or down to the nearest one that is `here`; huge without one."""
    apart: Ints = np.abs(_nearest_row(here) - np.arange(here.shape[0], dtype=np.int32)[:, None])
    return apart


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


def nearest_index(here: Bools) -> tuple[Ints, Ints]:
    """Row and column of the nearest pixel that is `here`, for each pixel; exact.

    Cost grows with the greatest distance: farther columns are asked until none can be nearer.

    Args:
        here: bool `[h, w]`, at least one of them true.

    Source: as `distance`.
    """
    high, wide = here.shape
    home = _nearest_row(here)
    gap = home - np.arange(high, dtype=np.int32)[:, None]
    squares = np.where(here.any(axis=0), gap * gap, FAR * FAR)
    best, row = squares.copy(), home.copy()
    column = np.broadcast_to(np.arange(wide, dtype=np.int32), here.shape).copy()
    columns = column.copy()
    for shift in range(1, wide):
        if shift % ASKED == 1 and shift * shift >= int(best.max()):
            break
        for to, of in (
            (np.s_[:, shift:], np.s_[:, :-shift]),
            (np.s_[:, :-shift], np.s_[:, shift:]),
        ):
            sideways = squares[of] + np.int32(shift * shift)
            nearer = sideways < best[to]
            np.copyto(best[to], sideways, where=nearer)
            np.copyto(row[to], home[of], where=nearer)
            np.copyto(column[to], columns[of], where=nearer)
    return row, column


def _nearest_row(here: Bools) -> Ints:
    """For each pixel the nearest row in its column that is `here`; any without one."""
    high = here.shape[0]
    rows = np.arange(high, dtype=np.int32)[:, None]
    above = np.maximum.accumulate(np.where(here, rows, -FAR), axis=0)
    below = np.minimum.accumulate(np.where(here, rows, FAR)[::-1], axis=0)[::-1]
    nearest: Ints = np.where(rows - above <= below - rows, above, below)
    return nearest

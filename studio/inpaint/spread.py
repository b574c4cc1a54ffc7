"""Spread: carry known values smoothly into unknown places, coarse to fine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

_LEAST = np.float32(1e-6)


def spread(values: Floats, known: Bools, sweeps: int = 0, finest: int | None = None) -> Floats:
    """The same values where known, a smooth continuation of them everywhere else.

    A pyramid of weighted means is built until nothing is unknown, then each level fills its gaps
    from the coarser one. With `sweeps` each level is relaxed towards the harmonic function
    (Laplace's equation, known values fixed, no flow over the border): the membrane of
    gradient-domain compositing, to the accuracy of one pass of nested iteration.

    Args:
        values: float32 `[c, h, w]`; unknown places may hold anything finite.
        known: bool `[h, w]`, at least one of them true.
        sweeps: Relaxations per level.
        finest: Relaxations of the finest level, where they cost most; `sweeps` when None.

    Returns:
        float32 `[c, h, w]`, fresh.

    Source: push-pull of S. J. Gortler et al., The Lumigraph (1996), section 3.4; relaxation after
        J. Kazhdan, H. Hoppe, Streaming multigrid for gradient-domain operations (2008).
    """
    weight = known.astype(np.float32)
    levels = [(values * weight, weight)]
    while levels[-1][1].size > 1 and not levels[-1][1].all():
        levels.append(_halved(*levels[-1]))
    total, weight = levels.pop()
    coarse: Floats = np.divide(total, np.maximum(weight, _LEAST), dtype=np.float32)
    while levels:
        fine, weight = levels.pop()
        count = sweeps if levels or finest is None else finest
        coarse = _relaxed(_pulled(fine, weight, coarse), weight, count)
    return coarse


def _halved(values: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Half the size: means of the known of each 2 x 2, times how far it is known, 0 to 1."""
    high, wide = weight.shape
    if high % 2 or wide % 2:
        edge = ((0, high % 2), (0, wide % 2))
        values, weight = np.pad(values, ((0, 0), *edge)), np.pad(weight, edge)
    total = _sum_of_fours(weight)
    # The values carry their weight: past 1 it counts no more, so both are brought back to it.
    share: Floats = np.divide(1, np.maximum(total, 1), dtype=np.float32)
    return _sum_of_fours(values) * share, total * share


def _sum_of_fours(plane: Floats) -> Floats:
    rows = plane[..., 0::2, :] + plane[..., 1::2, :]
    total: Floats = rows[..., 0::2] + rows[..., 1::2]
    return total


def _pulled(fine: Floats, weight: Floats, coarse: Floats) -> Floats:
    """The level's own values as far as they are known, the coarser level's for the rest."""
    up = doubled(doubled(coarse).swapaxes(-1, -2)).swapaxes(-1, -2)
    result: Floats = up[..., : weight.shape[0], : weight.shape[1]] * (1 - weight)
    result += fine
    return result


def doubled(values: Floats) -> Floats:
    """Twice as many rows, linear between their centres, the border held."""
    shape = (*values.shape[:-2], 2 * values.shape[-2], values.shape[-1])
    out: Floats = np.empty(shape, np.float32)
    quarter = values * np.float32(0.25)
    rest = values - quarter
    even, odd = out[..., 0::2, :], out[..., 1::2, :]
    np.add(rest[..., 1:, :], quarter[..., :-1, :], out=even[..., 1:, :])
    even[..., 0, :] = values[..., 0, :]
    np.add(rest[..., :-1, :], quarter[..., 1:, :], out=odd[..., :-1, :])
    odd[..., -1, :] = values[..., -1, :]
    return out


def _relaxed(values: Floats, weight: Floats, sweeps: int) -> Floats:
    """Jacobi sweeps over what is not wholly known."""
    if sweeps == 0:
        return values
    free = weight < 1
    for _ in range(sweeps):
        around = np.pad(values, ((0, 0), (1, 1), (1, 1)), mode="edge")
        mean = around[:, :-2, 1:-1] + around[:, 2:, 1:-1]
        mean += around[:, 1:-1, :-2]
        mean += around[:, 1:-1, 2:]
        mean *= np.float32(0.25)
        np.copyto(values, mean, where=free)
    return values

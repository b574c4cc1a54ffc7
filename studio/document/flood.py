"""Connected regions of flat arrays, by runs of rows; 4-connected, pure numpy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from studio.core.pixels import Pixels

Flags = NDArray[np.bool_]
_Numbers = NDArray[np.int32]


class _Runs(NamedTuple):
    """Stretches of True: positions in the array laid flat, each row closed by one False."""

    start: _Numbers
    end: _Numbers
    width: int


def touching(inside: Flags, seeds: Flags) -> Flags:
    """Those pixels of `inside` that are joined to a seed by pixels of `inside`.

    Args:
        inside: bool `[h, w]`.
        seeds: bool `[h, w]`; seeds outside `inside` do not count.

    Source: run-based labelling (He, Chao, Suzuki 2008), the equivalences solved for all runs at
    once by hooking to the smaller label and pointer jumping (Shiloach, Vishkin 1982).
    """
    runs = _runs(inside)
    if not runs.start.size:
        return np.zeros_like(inside)
    labels = _labels(runs.start.size, *_neighbours(runs))
    rows, columns = np.nonzero(seeds & inside)
    if not rows.size:
        return np.zeros_like(inside)
    hit = np.searchsorted(runs.start, rows * (runs.width + 1) + columns, side="right") - 1
    wanted = np.zeros(runs.start.size, np.bool_)
    wanted[labels[hit]] = True
    return _drawn(runs, wanted[labels], inside.shape[0])


def holes(mask: Pixels) -> Pixels:
    """Every gap that the mask encloses, raised to what encloses it: uint8 `[h, w]`.

    Levels of density are filled one by one; beyond eight of them, eight in equal steps.
    """
    levels = np.unique(mask)
    levels = levels[levels > 0]
    if levels.size > 8:
        levels = levels[np.linspace(0, levels.size - 1, 9).round().astype(np.intp)[1:]]
    border = np.zeros(mask.shape, np.bool_)
    border[[0, -1]] = border[:, [0, -1]] = True
    filled = mask.copy()
    for level in levels:
        below = mask < level
        enclosed = below & ~touching(below, border)
        np.maximum(filled, enclosed * level, out=filled)
    return filled


def _runs(inside: Flags) -> _Runs:
    height, width = inside.shape
    closed = np.zeros((height, width + 1), np.bool_)
    closed[:, :width] = inside
    flat = closed.ravel()
    change = np.flatnonzero(flat[1:] != flat[:-1]).astype(np.int32) + 1
    if flat.size and flat[0]:
        change = np.concatenate([np.zeros(1, np.int32), change])
    return _Runs(change[::2], change[1::2], width)


def _neighbours(runs: _Runs) -> tuple[_Numbers, _Numbers]:
    """Pairs of runs that touch, the upper one first."""
    # One row further down, runs that touch are those that overlap.
    start, end = runs.start + (runs.width + 1), runs.end + (runs.width + 1)
    first = np.searchsorted(runs.end, start, side="right")
    last = np.searchsorted(runs.start, end, side="left")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(start.size, dtype=np.int32), counts)
    offset = np.arange(upper.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, (first[upper] + offset).astype(np.int32)


def _labels(count: int, upper: _Numbers, lower: _Numbers) -> _Numbers:
    """The same number for all runs of a region."""
    label = np.arange(count, dtype=np.int32)
    while upper.size:
        low, high = np.minimum(label[upper], label[lower]), np.maximum(label[upper], label[lower])
        apart = low != high
        upper, lower, low, high = upper[apart], lower[apart], low[apart], high[apart]
        np.minimum.at(label, high, low)
        while True:
            jumped = label[label]
            if np.array_equal(jumped, label):
                break
            label = jumped
    return label


def _drawn(runs: _Runs, wanted: Flags, height: int) -> Flags:
    steps = np.zeros(height * (runs.width + 1) + 1, np.int8)
    steps[runs.start[wanted]] = 1
    steps[runs.end[wanted]] -= 1
    np.cumsum(steps, out=steps)
    drawn: Flags = steps[:-1].view(np.bool_).reshape(height, runs.width + 1)[:, : runs.width]
    return np.ascontiguousarray(drawn)

"""Islands: the parts of a mask that lie far apart, each planned as a box of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds
from studio.inpaint.region import Plan, box_of, plan

#: Parts of a mask that touch the same or adjoining cells of this many px belong together.
CELL = 32
#: Islands share a box while it is at most this much larger than their own boxes together.
WORTH = 1.1


def islands(mask: Pixels, x: int = 0, y: int = 0) -> tuple[Rect, ...]:
    """Bounds of the parts of a mask that lie apart, top to bottom, then left to right.

    Args:
        mask: uint8 `[h, w]`.
        x: Where its first column lies, document px.
        y: Where its first row lies, document px.

    Returns:
        Tight bounds, document px; empty for an empty mask.

    Source: run-based connected components; L. He et al., A run-based two-scan labeling algorithm
        (2008), on a coarse grid and with the bounds in place of labels.
    """
    found: list[Rect] = []
    above: list[tuple[int, int, int]] = []
    for row in range(0, mask.shape[0], CELL):
        here: list[tuple[int, int, int]] = []
        strip = mask[row : row + CELL]
        for first, last in _runs(strip):
            area = _tight(strip, first * CELL, last * CELL, row)
            joined = {owner for start, end, owner in above if first <= end and start <= last}
            for owner in joined:
                area, found[owner] = area.united(found[owner]), Rect(0, 0, 0, 0)
            above = [(s, e, len(found) if o in joined else o) for s, e, o in above]
            here = [(s, e, len(found) if o in joined else o) for s, e, o in here]
            here.append((first, last, len(found)))
            found.append(area)
        above = here
    placed = [one.moved(x, y) for one in found if not one.empty]
    return tuple(sorted(placed, key=lambda one: (one.y, one.x)))


def _runs(strip: Pixels) -> Iterator[tuple[int, int]]:
    """First and end cell of each stretch of cells that hold something."""
    columns = strip.any(axis=0)
    cells = np.logical_or.reduceat(columns, np.arange(0, columns.size, CELL))
    ends = np.flatnonzero(np.diff(np.pad(cells, 1).astype(np.int8)))
    yield from zip(ends[0::2].tolist(), ends[1::2].tolist(), strict=True)


def _tight(strip: Pixels, left: int, right: int, row: int) -> Rect:
    return mask_bounds(strip[:, left:right]).moved(left, row)


def plans(
    bounds: Rect, frame: Rect, parts: Sequence[Rect], native: int, grid: int
) -> tuple[Plan, ...]:
    """One plan for each island, or for islands whose boxes would be nearly the same, in order.

    Each plan's own mask is what lies within its `mask` rectangle: what its box shows of other
    islands is left to their plans.

    Args:
        bounds: The picture, document px; as for `region.plan`, like the rest.
        frame: The artist's frame.
        parts: What `islands` found; without any there is the one plan of the frame.
        native: Edge in px of the square area that the model works best at.
        grid: Working width and height are multiples of this many px.

    Raises:
        UsageError: As `region.plan`.
    """
    groups: list[Rect] = []
    for part in parts:
        groups.append(part)
        while (pair := _worth_joining(groups, bounds, frame, native, grid)) is not None:
            groups.append(groups.pop().united(groups.pop(pair)))
    if not groups:
        return (plan(bounds, frame, Rect(0, 0, 0, 0), native, grid),)
    ordered = sorted(groups, key=lambda one: (one.y, one.x))
    return tuple(plan(bounds, frame, one, native, grid) for one in ordered)


def _worth_joining(
    groups: Sequence[Rect], bounds: Rect, frame: Rect, native: int, grid: int
) -> int | None:
    """Which group should share a box with the last one, if any."""

    def area(mask: Rect) -> int:
        return box_of(bounds, frame, mask, native, grid).size.area

    last = groups[-1]
    alone = area(last)
    for index, other in enumerate(groups[:-1]):
        if area(other.united(last)) <= WORTH * (alone + area(other)):
            return index
    return None

"""Working size: the edges at which a model works on a box of any shape."""

from __future__ import annotations

import math

from studio.core.geometry import Size, snap_nearest
from studio.core.request import MAX_EDGE

#: No edge is shorter than this many grid steps: denoisers halve their input three times and more.
LEAST_STEPS = 8
#: A box whose area lies within these shares of native x native is worked as it is.
AS_IT_IS = (0.75, 1.3)
#: An area up to this many times native x native is made in one run.
AT_ONCE = 1.6
#: The area may leave native x native by these factors to keep the aspect ratio.
TOLERATED = (0.7, 1.4)
#: An aspect ratio that is off by no more than this cannot be seen.
ASPECT_ERROR = 0.01


def at_once(box: Size, native: int) -> bool:
    """Whether a model works on all of a box without painting coarsely."""
    return box.area <= AT_ONCE * native * native


def working_size(box: Size, native: int, grid: int) -> Size:
    """The size on the grid that keeps the shape of `box` and has about native x native px.

    A box that already lies on the grid and is near the native area is not scaled at all. Otherwise
    of all widths whose area is tolerable the one nearest to the native area is taken that keeps
    the aspect ratio to 1 %, else the one that keeps it best. Only where an edge would become
    shorter than 8 grid steps or longer than 16384 px the shape gives way.

    Args:
        box: What the model sees, document px; not empty.
        native: Edge in px of the square area that the model works best at.
        grid: Both edges of the answer are multiples of it.
    """
    least, most = LEAST_STEPS * grid, MAX_EDGE // grid * grid
    target = native * native
    if _fits_as_it_is(box, target, least, grid):
        return box
    aspect = box.width / box.height
    low, high = (math.sqrt(target * share * aspect) for share in TOLERATED)
    first = min(max(least, snap_nearest(low, grid)), most)
    last = min(max(least, snap_nearest(high, grid)), most)
    found = [
        Size(width, min(max(least, snap_nearest(width / aspect, grid)), most))
        for width in range(first, last + 1, grid)
    ]
    return min(found, key=lambda size: _fault(size, aspect, target))


def _fits_as_it_is(box: Size, target: int, least: int, grid: int) -> bool:
    on_grid = box.width % grid == 0 and box.height % grid == 0
    low, high = AS_IT_IS
    return (
        on_grid
        and min(box.width, box.height) >= least
        and low * target <= box.area <= high * target
    )


def _fault(size: Size, aspect: float, target: int) -> tuple[float, float]:
    error = abs(math.log(size.width / size.height / aspect))
    return max(error, ASPECT_ERROR), abs(math.log(size.area / target))

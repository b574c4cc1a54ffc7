"""Region: which rectangle the model sees for a mask and a frame, and at which size it works."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size, snap_up
from studio.core.request import MAX_EDGE
from studio.inpaint.working import at_once, working_size

#: The least context on each side of a mask, px.
LEAST_MARGIN = 32
#: Below this many px a box shows too little of a scene, whatever the model.
LEAST_EDGE = 256
#: The longer edge of a box that was chosen here is at most this many times the shorter one.
WIDEST = 2.5


@dataclass(frozen=True, slots=True)
class Plan:
    """What one generation looks at and what it may change.

    Attributes:
        box: The rectangle that the model sees, document px; may reach beyond the picture, and
            what lies there is transparent.
        working: The size at which the model works; multiples of the family's grid.
        mask: The bounds of the mask, document px; empty without a mask.
        may_change: No pixel outside this rectangle changes, document px.
    """

    box: Rect
    working: Size
    mask: Rect
    may_change: Rect

    @property
    def scale(self) -> float:
        """Working px per document px: above 1 the model paints finer than the canvas."""
        return math.sqrt(self.working.area / self.box.size.area)


def plan(bounds: Rect, frame: Rect, mask_bounds: Rect, native: int, grid: int) -> Plan:
    """Choose box and working size; its cost depends on the numbers only, never on the canvas.

    1. Without a mask the box is the frame, to the pixel. Only where the frame holds the whole
       picture and more, too large to be worked in one run, it is laid around what is missing, as
       around a mask: who adds a strip to a large photograph did not ask for all of it to be seen.
    2. A frame that holds the whole mask, but not the whole picture, was set by the artist to say
       how much the model shall see: it is the box, to the pixel.
    3. Otherwise the box is laid around the mask. On each side it shows half of the mask's longer
       edge, or as little as a quarter when the box can so keep to `native` px, and at least 32
       px; it is at least `native` / 2 px on an edge (smaller models get up to 256), at most 2.5
       times as wide as high or as high as wide, and its edges are multiples of `grid`. It is
       pushed back into the rectangle around picture and mask, and ends there where that is too
       small.

    Args:
        bounds: The picture, document px; empty when there is none.
        frame: The artist's frame, document px; may reach beyond the picture; may be empty when
            there is a mask.
        mask_bounds: The bounds of the mask, document px; empty without a mask.
        native: Edge in px of the square area that the model works best at.
        grid: Working width and height are multiples of this many px.

    Raises:
        UsageError: There is neither a frame nor a mask, or what has to change is larger than
            16384 px.
    """
    box = box_of(bounds, frame, mask_bounds, native, grid)
    largest = frame if mask_bounds.empty else box
    if _beyond(largest):
        raise UsageError(
            f"The area of {largest.width} x {largest.height} px is too large.",
            f"Take at most {MAX_EDGE} px on each side.",
        )
    may_change = box if mask_bounds.empty else mask_bounds
    return Plan(box, working_size(box.size, native, grid), mask_bounds, may_change)


def box_of(bounds: Rect, frame: Rect, mask_bounds: Rect, native: int, grid: int) -> Rect:
    """The box of `plan` alone, which see.

    Raises:
        UsageError: There is neither a frame nor a mask.
    """
    if native < 1 or grid < 1:
        raise UsageError(f"A model cannot work at {native} px on a grid of {grid} px.")
    if mask_bounds.empty:
        if frame.empty:
            raise UsageError(
                "There is no area to paint in.", "Draw a frame or paint a mask over the picture."
            )
        return _of_frame(bounds, frame, native, grid)
    if frame.contains(mask_bounds) and not frame.contains(bounds) and not _beyond(frame):
        return frame
    return _around(mask_bounds, _limits(bounds, frame, mask_bounds), native, grid)


def strips(bounds: Rect, whole: Rect) -> list[Rect]:
    """What a picture lacks of a larger rectangle: left, right, then over and under all three."""
    around = [
        Rect.between(whole.x, bounds.y, bounds.x, bounds.bottom),
        Rect.between(bounds.right, bounds.y, whole.right, bounds.bottom),
        Rect.between(whole.x, whole.y, whole.right, bounds.y),
        Rect.between(whole.x, bounds.bottom, whole.right, whole.bottom),
    ]
    return [one for one in around if not one.empty]


def _of_frame(bounds: Rect, frame: Rect, native: int, grid: int) -> Rect:
    """The box of a run without a mask."""
    if bounds.empty or not frame.contains(bounds) or at_once(frame.size, native):
        return frame
    missing = Rect(0, 0, 0, 0)
    for strip in strips(bounds, frame):
        missing = missing.united(strip)
    return frame if missing.empty else _around(missing, frame, native, grid)


def _beyond(box: Rect) -> bool:
    return max(box.width, box.height) > MAX_EDGE


def _limits(bounds: Rect, frame: Rect, mask: Rect) -> Rect:
    """Where context may come from: the picture, or the frame while there is no picture."""
    return (frame if bounds.empty else bounds).united(mask)


def _around(mask: Rect, limits: Rect, native: int, grid: int) -> Rect:
    width, height = _wanted(mask, native)
    width, height = snap_up(width, grid), snap_up(height, grid)
    x, width = _placed(mask.x, mask.width, width, limits.x, limits.right)
    y, height = _placed(mask.y, mask.height, height, limits.y, limits.bottom)
    return Rect(x, y, width, height)


def _wanted(mask: Rect, native: int) -> tuple[int, int]:
    """Width and height that show enough around the mask, with no regard to limits."""
    longer = max(mask.width, mask.height)
    generous = 2 * longer
    edge = generous if generous <= native else max(native, math.ceil(1.5 * longer))
    margin = max(LEAST_MARGIN, (edge - longer + 1) // 2)
    seen = max(native // 2, min(native, LEAST_EDGE))
    least = max(seen, math.ceil((longer + 2 * margin) / WIDEST))
    return max(mask.width + 2 * margin, least), max(mask.height + 2 * margin, least)


def _placed(start: int, length: int, wanted: int, low: int, high: int) -> tuple[int, int]:
    """Start and length of one edge of the box: centred on the mask, pushed into low to high."""
    wanted = max(length, min(wanted, high - low, MAX_EDGE))
    centred = start - (wanted - length) // 2
    return max(low, min(centred, high - wanted)), wanted

"""Passes: what is too large for one run, cut into runs that follow each other."""

from __future__ import annotations

import math
from itertools import pairwise

from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size, snap_up
from studio.core.request import MAX_EDGE
from studio.inpaint.region import Plan, plan, strips
from studio.inpaint.working import working_size

#: Worked below this scale, a box loses detail that a second pass brings back.
COARSE = 0.75
#: A run that sees less than this share of the resolution does not see what it carries on.
LEAST = 0.5
#: Neighbouring boxes of a second pass share this part of their edges.
OVERLAP = 0.25
#: A second pass takes at most so many runs; beyond that its boxes grow, and its detail gives way.
MOST = 16


def expansion(bounds: Rect, frame: Rect, native: int, grid: int) -> tuple[Plan, ...]:
    """Runs that fill what the frame has and the picture has not, each seeing what is there by then.

    A frame that a model sees at half its resolution or better is one run, as a run that sees all
    leaves no borders of its own; a second pass makes up for the resolution. A larger one is filled
    from the picture outwards, left, right, then top and bottom, each side in as few pieces as that
    allows: each piece is the mask of its run, and by its turn the pieces before it belong to the
    picture.

    Args:
        bounds: The picture, document px; not empty.
        frame: Up to where the picture shall reach, document px.
        native: Edge in px of the square area that the model works best at.
        grid: Working width and height are multiples of this many px.

    Returns:
        Plans in order; their masks tile what is missing. Empty if the frame holds nothing new.

    Raises:
        UsageError: There is no picture to start from, or a run is too large.
    """
    if bounds.empty:
        raise UsageError("There is no picture to expand.", "Open one, or paint a new one first.")
    whole = bounds.united(frame)
    missing = strips(bounds, whole)
    if not missing:
        return ()
    size = working_size(whole.size, native, grid)
    if max(whole.width, whole.height) <= MAX_EDGE and _scale(whole, size) >= LEAST:
        area = missing[0]
        for one in missing[1:]:
            area = area.united(one)
        return (Plan(whole, size, area, area),)
    found, grown = [], bounds
    for strip in missing:
        found.extend(_fewest(strip, grown, native, grid))
        grown = grown.united(strip)
    return tuple(found)


def _fewest(strip: Rect, grown: Rect, native: int, grid: int) -> list[Plan]:
    """A side in as few runs as see enough of it at half resolution or better."""
    longer, nothing = max(strip.width, strip.height), Rect(0, 0, 0, 0)
    count = max(1, longer // (4 * native))  # a box shows half as much again of a longer piece

    def planned(piece: Rect) -> Plan:
        return plan(grown.united(piece), nothing, piece, native, grid)

    while True:
        most = -(-longer // count)
        cut = _pieces(strip, grown, most)
        # The pieces are nearly equal: where the first sees too little, the others need no plan.
        if most <= native // 2 or planned(cut[0]).scale >= LEAST:
            made = [planned(piece) for piece in cut]
            if most <= native // 2 or all(one.scale >= LEAST for one in made):
                return made
        count += 1


def _scale(box: Rect, working: Size) -> float:
    return math.sqrt(working.area / box.size.area)


def _pieces(strip: Rect, picture: Rect, most: int) -> list[Rect]:
    """The strip in pieces of at most `most` px, those that touch the picture first."""
    columns, rows = _cuts(strip.x, strip.width, most), _cuts(strip.y, strip.height, most)
    if strip.right <= picture.x:
        columns.reverse()
    if strip.bottom <= picture.y:
        rows.reverse()
    upright = strip.right <= picture.x or strip.x >= picture.right
    if upright:
        return [Rect(x, y, wide, high) for x, wide in columns for y, high in rows]
    return [Rect(x, y, wide, high) for y, high in rows for x, wide in columns]


def _cuts(start: int, length: int, most: int) -> list[tuple[int, int]]:
    """Starts and lengths of the fewest nearly equal parts of at most `most`."""
    count = -(-length // most)
    edges = [start + length * one // count for one in range(count + 1)]
    return [(low, high - low) for low, high in pairwise(edges)]


def refinement(first: Plan, native: int, grid: int) -> tuple[Plan, ...]:
    """Runs at full resolution over what a first one painted coarsely; at low strength.

    Args:
        first: The plan of the first run.
        native: Edge in px of the square area that the model works best at.
        grid: Working width and height are multiples of this many px.

    Returns:
        Plans in reading order, their boxes overlapping by a quarter, their masks covering all that
        the first run may have changed; empty if it worked finely enough. Of what a box shares with
        those before it the mask leaves out the half on their side, so that each run carries on
        what they made and is blended with it. At most 16: of what is too large for so many the
        boxes are larger than the model's own size.
    """
    if first.scale >= COARSE or max(first.box.width, first.box.height) > MAX_EDGE:
        return ()
    area, edge = first.may_change, snap_up(native, grid)
    while True:
        columns = _starts(area.x, area.width, edge, first.box.x, first.box.right)
        rows = _starts(area.y, area.height, edge, first.box.y, first.box.bottom)
        if len(columns) * len(rows) <= MOST:
            break
        edge += snap_up(edge // 8, grid)
    found = []
    for y, high, top in rows:
        for x, wide, left in columns:
            box = Rect(x, y, wide, high)
            part = Rect.between(left, top, box.right, box.bottom).intersected(area)
            found.append(Plan(box, working_size(box.size, native, grid), part, part))
    return tuple(found)


def _starts(start: int, length: int, edge: int, low: int, high: int) -> list[tuple[int, int, int]]:
    """Overlapping boxes over a stretch, within low to high: start, length and where it is new."""
    edge = min(edge, high - low)
    if length <= edge:
        only = max(low, min(start - (edge - length) // 2, high - edge))
        return [(only, edge, only)]
    step = round(edge * (1 - OVERLAP))
    count = -(-(length - edge) // step) + 1
    starts = [start + (length - edge) * one // (count - 1) for one in range(count)]
    laps = [before + edge - one for before, one in pairwise(starts)]
    fresh = [starts[0], *(one + lap // 2 for one, lap in zip(starts[1:], laps, strict=True))]
    return [(one, edge, new) for one, new in zip(starts, fresh, strict=True)]

"""Placement: where the content of a layer goes while its handles are dragged."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtGui import QTransform

from studio.core.geometry import Rect

Spot = tuple[float, float]
#: Which edges move with the pointer: -1 left or top, 1 right or bottom, 0 neither.
Grip = tuple[int, int]

INSIDE: Grip = (0, 0)
#: How near a hand must come to a handle, view px.
TARGET = 12.0
#: Outside the box but this near to it a drag rotates, view px.
ROUND = 48.0
#: With Shift rotations go in steps of that many degrees.
STEP = 15.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Content flipped, then made to fill `to`, then rotated about the middle of `to`.

    Attributes:
        source: Around the content before, document px.
        to: Where it goes, document px.
        degrees: Clockwise as seen on an upright view.
        flip_across: Left becomes right.
        flip_down: Top becomes bottom.
    """

    source: Rect
    to: Rect
    degrees: float = 0.0
    flip_across: bool = False
    flip_down: bool = False

    @property
    def plain(self) -> bool:
        """Whether everything stays as it is."""
        return self == Placement(self.source, self.source)

    @property
    def transform(self) -> QTransform:
        """From where the content is to where it goes, both in document px."""
        source, to = self.source, self.to
        across = to.width / source.width * (-1 if self.flip_across else 1)
        down = to.height / source.height * (-1 if self.flip_down else 1)
        change = QTransform()
        change.translate(to.x + to.width / 2, to.y + to.height / 2)
        change.rotate(self.degrees)
        change.scale(across, down)
        change.translate(-source.x - source.width / 2, -source.y - source.height / 2)
        return change

    @property
    def corners(self) -> tuple[Spot, Spot, Spot, Spot]:
        """Of the box where the content goes, clockwise from its top left."""
        to, turn = self.to, math.radians(self.degrees)
        middle = to.x + to.width / 2, to.y + to.height / 2
        cosine, sine = math.cos(turn), math.sin(turn)

        def turned(x: float, y: float) -> Spot:
            dx, dy = x - middle[0], y - middle[1]
            return middle[0] + cosine * dx - sine * dy, middle[1] + sine * dx + cosine * dy

        return (
            turned(to.x, to.y),
            turned(to.right, to.y),
            turned(to.right, to.bottom),
            turned(to.x, to.bottom),
        )

    @property
    def area(self) -> Rect:
        """Whole px around the box where the content goes."""
        xs, ys = zip(*self.corners, strict=True)
        return Rect.between(
            math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys))
        )


def moved(source: Rect, way: Spot, straight: bool) -> Placement:
    """The content elsewhere; `straight` keeps it on its row or its column."""
    dx, dy = way
    if straight:
        dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
    return Placement(source, source.moved(round(dx), round(dy)))


def scaled(source: Rect, held: Grip, way: Spot, even: bool) -> Placement:
    """The content with the held edges moved; past the other edge it flips.

    Args:
        source: The box at the press.
        held: The edges.
        way: Of the pointer since the press, document px.
        even: Whether proportions stay, for a corner.
    """
    wide = source.width + held[0] * way[0]
    high = source.height + held[1] * way[1]
    if even and 0 not in held:
        share = max(abs(wide) / source.width, abs(high) / source.height)
        wide = math.copysign(source.width * share, wide)
        high = math.copysign(source.height * share, high)
    left, width = _side(source.x, source.right, held[0], wide)
    top, height = _side(source.y, source.bottom, held[1], high)
    return Placement(
        source,
        Rect(left, top, width, height),
        flip_across=wide < 0,
        flip_down=high < 0,
    )


def rotated(source: Rect, start: Spot, at: Spot, stepwise: bool) -> Placement:
    """The content turned about its middle, as the pointer went round it."""
    x, y = source.x + source.width / 2, source.y + source.height / 2
    turn = math.atan2(at[1] - y, at[0] - x) - math.atan2(start[1] - y, start[0] - x)
    degrees = math.degrees(turn)
    if stepwise:
        degrees = round(degrees / STEP) * STEP
    return replace(Placement(source, source), degrees=degrees % 360)


def grip(box: Rect, at: Spot, grain: float) -> Grip | None:
    """What a press there takes hold of: a handle or the inside; None outside.

    Args:
        box: Document px.
        at: Document px.
        grain: Document px per view px.
    """
    reach = TARGET * grain / 2
    x, y = at
    if not box.x - reach <= x <= box.right + reach or not box.y - reach <= y <= box.bottom + reach:
        return None
    return _edge(x, box.x, box.right, reach), _edge(y, box.y, box.bottom, reach)


def near(box: Rect, at: Spot, grain: float) -> bool:
    """Whether a drag from there rotates the box."""
    reach = ROUND * grain
    return (
        box.x - reach <= at[0] <= box.right + reach and box.y - reach <= at[1] <= box.bottom + reach
    )


def _edge(at: float, low: float, high: float, reach: float) -> int:
    if abs(at - low) <= reach and abs(at - low) <= abs(at - high):
        return -1
    return 1 if abs(at - high) <= reach else 0


def _side(low: int, high: int, held: int, length: float) -> tuple[int, int]:
    """Where a box begins and how long it is when one end moves; at least 1 px."""
    size = max(1, round(abs(length)))
    if held == 0:
        return low, high - low
    fixed = high if held < 0 else low
    # Past the fixed end the box lies on its other side.
    onwards = (held > 0) == (length >= 0)
    return (fixed if onwards else fixed - size), size

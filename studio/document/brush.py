"""A round brush: its dab, its way along a stroke, and the coverage that the stroke gathers."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.composite import over
from studio.document.tiles import TileGrid, pieces, tile_rect

#: Dabs are placed to this fraction of a pixel; finer is not seen, and each place is one cached dab.
SUBPIXEL = 4
#: From this radius in px on whole pixels do: making sixteen large dabs would be felt.
_WHOLE_FROM = 64.0
_STEPS = 64
_ALPHA = np.uint32(24)  # bits to the left, in a pixel read as one word
#: Dabs are laid together as long as they span no more than so many times one of them.
_SPREAD = 3
MIN_RADIUS = 0.5


@dataclass(frozen=True, slots=True)
class Tip:
    """What a brush is.

    Attributes:
        radius: In document px, at full pressure.
        hardness: 0 (soft from the middle on) to 1 (soft by one pixel only).
        flow: 0 to 1, what one dab lays down; below 1 dabs of a stroke add up.
        spacing: Distance of dabs in diameters.
        pressure_size: Share of the radius that pressure rules, 0 to 1.
        pressure_flow: Share of the flow that pressure rules, 0 to 1.
    """

    radius: float = 20.0
    hardness: float = 0.8
    flow: float = 1.0
    spacing: float = 0.1
    pressure_size: float = 0.0
    pressure_flow: float = 0.0


@dataclass(frozen=True, slots=True)
class Point:
    """Where the pen is, document px, and how hard it presses, 0 to 1."""

    x: float
    y: float
    pressure: float = 1.0


@functools.lru_cache(maxsize=64)
def dab(radius: float, hardness: float, dx: float = 0.0, dy: float = 0.0) -> Pixels:
    """One touch of the brush.

    Args:
        radius: In px, at least `MIN_RADIUS`.
        hardness: 0 to 1; full density up to that share of the radius, then down to 0.
        dx: Of the centre from the middle of the array, -0.5 to 0.5 px.
        dy: Likewise.

    Returns:
        uint8 `[d, d]` with d odd, read-only and shared: the same array for the same brush.
    """
    reach = math.ceil(radius + 1)
    fall = _fall(radius, hardness, reach)
    if dx == 0 and dy == 0:
        quarter = np.arange(reach + 1, dtype=np.float32)
        corner = _looked_up(fall, quarter, quarter)
        half = np.concatenate([corner[:, :0:-1], corner], axis=1)
        pixels = np.concatenate([half[:0:-1], half], axis=0)
    else:
        away = np.arange(-reach, reach + 1, dtype=np.float32)
        pixels = _looked_up(fall, away - np.float32(dx), away - np.float32(dy))
    pixels.flags.writeable = False
    return pixels


def _fall(radius: float, hardness: float, reach: int) -> Pixels:
    """Density by distance from the centre, in steps of 1 / `_STEPS` px."""
    distance = np.arange((2 * reach + 4) * _STEPS, dtype=np.float32) / _STEPS
    ramp = max(1.0, radius * (1.0 - hardness))
    level = ((radius + 0.5 - distance) / ramp).clip(0, 1)
    # A ramp of one pixel is the edge's own coverage; a longer one eases in and out.
    eased = level * level * (3 - 2 * level)
    alpha = level + (eased - level) * min(1.0, ramp - 1.0)
    fall: Pixels = np.rint(alpha * 255).astype(np.uint8)
    return fall


def _looked_up(fall: Pixels, x: NDArray[np.float32], y: NDArray[np.float32]) -> Pixels:
    distance = np.sqrt(x[None, :] ** 2 + y[:, None] ** 2)
    steps = (distance * np.float32(_STEPS) + np.float32(0.5)).astype(np.int32)
    found: Pixels = np.take(fall, steps)
    return found


def along(start: Point, end: Point, gap: float, carried: float) -> tuple[list[Point], float]:
    """Evenly spaced points on the way from `start` to `end`.

    Args:
        start: Not itself part of the result.
        end: Reached at most.
        gap: Distance of the points in px, above 0.
        carried: Way already gone since the last point, as the previous call returned it.

    Returns:
        The points, pressure between both ends in proportion, and the way to carry on.
    """
    length = math.hypot(end.x - start.x, end.y - start.y)
    points = []
    at = gap - carried
    while at <= length:
        share = at / length if length > 0 else 1.0
        points.append(
            Point(
                start.x + (end.x - start.x) * share,
                start.y + (end.y - start.y) * share,
                start.pressure + (end.pressure - start.pressure) * share,
            )
        )
        at += gap
    return points, length - (at - gap)


class Stroke:
    """What one stroke covers: dabs do not add up at full flow, however often they overlap.

    Attributes:
        coverage: One channel, 0 to 255, document px; opacity is applied when it is used.
    """

    def __init__(self, tip: Tip) -> None:
        self.coverage = TileGrid(1)
        self._tip = tip
        self._last: Point | None = None
        self._carried = 0.0

    def to(self, point: Point) -> tuple[Rect, ...]:
        """Go on to that point (the first call begins there).

        Returns:
            Rectangles in document px that hold everything whose coverage may have changed, none
            across a tile's edge, so that a long diagonal line costs its own tiles only; none at
            all when the pen has not moved far enough for another dab.
        """
        point = _usable(point)
        if self._last is None:
            points, self._carried = [point], 0.0
        else:
            pressed = max(self._last.pressure, point.pressure)
            gap = max(0.5, self._radius(pressed) * 2 * max(0.01, self._tip.spacing))
            points, self._carried = along(self._last, point, gap, min(self._carried, gap))
        self._last = point
        touched: dict[tuple[int, int], Rect] = {}
        for area in self._laid([self._touch(each) for each in points]):
            for piece in pieces(area):
                part = area.intersected(tile_rect(piece.key))
                touched[piece.key] = part.united(touched.get(piece.key, part))
        return tuple(touched.values())

    def _radius(self, pressure: float) -> float:
        if pressure >= 1.0 or self._tip.pressure_size <= 0.0:
            return max(MIN_RADIUS, self._tip.radius)
        # In 64 steps at most, so that a pen's trembling does not make a new dab each time.
        step = max(0.25, self._tip.radius / 64)
        share = 1.0 - self._tip.pressure_size * (1.0 - pressure)
        return max(MIN_RADIUS, round(self._tip.radius * share / step) * step)

    def _touch(self, point: Point) -> _Touch:
        radius = self._radius(point.pressure)
        column, row = math.floor(point.x), math.floor(point.y)
        dx = dy = 0.0
        if radius < _WHOLE_FROM:
            dx = round((point.x - column - 0.5) * SUBPIXEL) / SUBPIXEL
            dy = round((point.y - row - 0.5) * SUBPIXEL) / SUBPIXEL
        pixels = dab(radius, self._tip.hardness, dx, dy)
        reach = pixels.shape[0] // 2
        area = Rect(column - reach, row - reach, pixels.shape[1], pixels.shape[0])
        flow = self._tip.flow * (1.0 - self._tip.pressure_flow * (1.0 - point.pressure))
        return _Touch(area, pixels, flow)

    def _laid(self, touches: list[_Touch]) -> list[Rect]:
        """Lay the dabs, neighbours at one time: cutting along the tiles costs more than the dab.

        Returns:
            What each group of dabs covers.
        """
        areas: list[Rect] = []
        group: list[_Touch] = []
        around = Rect(0, 0, 0, 0)
        for touch in touches:
            both = around.united(touch.area)
            if group and both.size.area > _SPREAD * touch.area.size.area:
                areas.append(self._lay(group, around))
                group, both = [], touch.area
            group.append(touch)
            around = both
        if group:
            areas.append(self._lay(group, around))
        return areas

    def _lay(self, group: list[_Touch], around: Rect) -> Rect:
        pixels = self.coverage.read(around)
        for touch in group:
            area = touch.area.moved(-around.x, -around.y)
            part = pixels[area.rows, area.columns]
            if touch.flow >= 1.0:
                np.maximum(part, touch.pixels, out=part)
            else:
                part[...] = masked(part, touch.pixels, touch.flow)
        self.coverage.write(around, pixels)
        return around


class _Touch(NamedTuple):
    """One dab at its place: document px, uint8 `[d, d]`, 0 to 1."""

    area: Rect
    pixels: Pixels
    flow: float


def painted(
    before: Pixels,
    coverage: Pixels,
    colour: tuple[int, int, int],
    opacity: float = 1.0,
    alpha_locked: bool = False,
) -> Pixels:
    """Layer pixels with the colour laid over: uint8 `[h, w, 4]`, coverage uint8 `[h, w]`.

    With the alpha locked only colours change, and only where there is some.
    """
    if alpha_locked:
        return _tinted(before, coverage, colour, opacity)
    plain = np.array([*colour, 0], np.uint8).view(np.uint32)
    # In words: filling three of four bytes takes ten times as long.
    source = (coverage.astype(np.uint32) << _ALPHA | plain).view(np.uint8).reshape(before.shape)
    after = before.copy()
    over(after, source, opacity)
    return after


def _tinted(
    before: Pixels, coverage: Pixels, colour: tuple[int, int, int], opacity: float
) -> Pixels:
    opaque = before.copy()
    opaque[..., 3] = 255
    after = painted(opaque, coverage, colour, opacity)
    after[..., 3] = before[..., 3]
    return np.where(before[..., 3:] > 0, after, before)


def erased(before: Pixels, coverage: Pixels, opacity: float = 1.0) -> Pixels:
    """Layer pixels with less alpha: uint8 `[h, w, 4]`; what is wholly erased becomes all zero."""
    after = before.copy()
    after[..., 3] = unmasked(before[..., 3], coverage, opacity)
    after[(after[..., 3] == 0) & (coverage > 0)] = 0
    return after


def masked(before: Pixels, coverage: Pixels, opacity: float = 1.0) -> Pixels:
    """Densities raised towards 255 by the coverage; uint8 `[h, w]` both."""
    if not before.any():
        return _scaled(coverage, opacity)  # what the formula gives there, at a tenth of the time
    return 255 - unmasked(255 - before, coverage, opacity)


def unmasked(before: Pixels, coverage: Pixels, opacity: float = 1.0) -> Pixels:
    """Densities lowered towards 0 by the coverage; uint8 `[h, w]` both."""
    kept = 255 - _scaled(coverage, opacity).astype(np.uint16)
    return _by_255(before * kept)


def _scaled(coverage: Pixels, opacity: float) -> Pixels:
    if opacity >= 1.0:
        return coverage
    levels = np.rint(np.arange(256) * max(0.0, opacity)).astype(np.uint8)
    return np.take(levels, coverage)


def _by_255(product: Pixels) -> Pixels:
    raised = product + 128
    return ((raised + (raised >> 8)) >> 8).astype(np.uint8)


def _usable(point: Point) -> Point:
    """Tablets report pressures of NaN and beyond 1; such a touch counts as a plain one."""
    if math.isfinite(point.pressure):
        return Point(point.x, point.y, min(1.0, max(0.0, point.pressure)))
    return Point(point.x, point.y, 1.0)

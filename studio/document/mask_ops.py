"""Shapes and arithmetic of masks, on plain arrays: uint8 `[h, w]`, 0 keep to 255 repaint."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.core.geometry import Rect
from studio.core.pixels import Pixels

COMBINATIONS = ("replace", "add", "subtract", "intersect")

#: Sub-lines per pixel row when a polygon is filled; along a row the coverage is exact.
_LINES = 4
#: Pixels filled at a time, so that a lasso around a 16k picture needs little memory.
_BAND = 1 << 20


def filled_rectangle(rect: Rect, area: Rect) -> Pixels:
    """`rect` filled with 255, as seen in `area`; both in document px."""
    mask = np.zeros((max(0, area.height), max(0, area.width)), np.uint8)
    inside = rect.intersected(area).moved(-area.x, -area.y)
    if not inside.empty:
        mask[inside.rows, inside.columns] = 255
    return mask


def polygon_bounds(points: Sequence[tuple[float, float]]) -> Rect:
    """The smallest rectangle of whole pixels around the points; empty without a point."""
    if not points:
        return Rect(0, 0, 0, 0)
    xs, ys = zip(*points, strict=True)
    return Rect.between(
        math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys))
    )


def filled_polygon(points: Sequence[tuple[float, float]], area: Rect) -> Pixels:
    """The closed polygon filled with 255, smooth at its edges, as seen in `area`.

    What a line encloses is inside however often it crosses itself (non-zero winding), so that a
    lasso drawn round twice has no hole.

    Args:
        points: Corners in document px; a pixel spans x to x + 1.
        area: Document px.
    """
    mask = np.zeros((max(0, area.height), max(0, area.width)), np.uint8)
    if area.empty or len(points) < 3:
        return mask
    corners = np.asarray(points, np.float64) - (area.x, area.y)
    rows = max(1, _BAND // area.width)
    for top in range(0, area.height, rows):
        band = mask[top : top + rows]
        band[...] = _band(corners, top, band.shape[0], area.width)
    return mask


def filled_ellipse(rect: Rect, area: Rect) -> Pixels:
    """The ellipse that fills `rect`, smooth at its edge, as seen in `area`; both in document px."""
    if rect.empty:
        return np.zeros((max(0, area.height), max(0, area.width)), np.uint8)
    radius = max(rect.width, rect.height) / 2
    # So many corners that no chord leaves the arc by more than a fiftieth of a pixel.
    turns = np.linspace(0, 2 * math.pi, 8 + math.ceil(16 * math.sqrt(radius)), endpoint=False)
    xs = rect.x + rect.width / 2 * (1 + np.cos(turns))
    ys = rect.y + rect.height / 2 * (1 + np.sin(turns))
    return filled_polygon(list(zip(xs.tolist(), ys.tolist(), strict=True)), area)


def _band(corners: NDArray[np.float64], top: int, height: int, width: int) -> Pixels:
    """Rows `top` to `top + height`: signed crossings per sub-line, summed along each line."""
    start, end = corners, np.roll(corners, -1, axis=0)
    # Sub-line k runs at y = (k + 0.5) / _LINES; an edge crosses those between its two ends.
    low = np.ceil(np.minimum(start[:, 1], end[:, 1]) * _LINES - 0.5).clip(top * _LINES, None)
    high = np.ceil(np.maximum(start[:, 1], end[:, 1]) * _LINES - 0.5)
    high = high.clip(None, (top + height) * _LINES)
    counts = np.maximum(high - low, 0).astype(np.intp)
    edge = np.repeat(np.arange(len(corners)), counts)
    line = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    line = line + low.astype(np.intp)[edge]
    slope = (end[edge, 0] - start[edge, 0]) / (end[edge, 1] - start[edge, 1])
    x = start[edge, 0] + ((line + 0.5) / _LINES - start[edge, 1]) * slope
    x = x.clip(0, width)
    column = np.floor(x).astype(np.intp)
    share = (x - column).astype(np.float32)
    turn = np.where(end[edge, 1] > start[edge, 1], 1, -1).astype(np.float32)
    winding = np.zeros((height * _LINES, width + 2), np.float32)
    at = line - top * _LINES
    np.add.at(winding, (at, column), turn * (1 - share))
    np.add.at(winding, (at, column + 1), turn * share)
    np.cumsum(winding, axis=1, out=winding)
    covered = np.minimum(np.abs(winding[:, :width], out=winding[:, :width]), 1)
    share = covered.reshape(height, _LINES, width).mean(axis=1)
    filled: Pixels = np.rint(share * 255).astype(np.uint8)
    return filled


def invert(mask: Pixels) -> Pixels:
    """255 where it was 0."""
    return 255 - mask


def combine(base: Pixels, other: Pixels, how: str) -> Pixels:
    """Both masks as one; densities in between count by their share.

    Args:
        base: What is there.
        other: What comes.
        how: A member of `COMBINATIONS`.

    Raises:
        ValueError: There is no such combination.
    """
    if how == "replace":
        return other.copy()
    if how == "add":
        return np.maximum(base, other)
    if how == "subtract":
        return np.minimum(base, 255 - other)
    if how == "intersect":
        return np.minimum(base, other)
    raise ValueError(f"masks cannot be combined by '{how}'")


def grow(mask: Pixels, radius: int) -> Pixels:
    """Every density spreads over a disc of that radius in px; the array keeps its size.

    Source: grey dilation by an exact disc. For dy from the radius down to 0 a running maximum
    widens to the half-width isqrt(radius^2 - dy^2) of the disc's row, then counts at +dy and -dy.
    """
    if radius <= 0:
        return mask.copy()
    height, width = mask.shape
    grown = mask.copy()
    padded = np.zeros((height, width + 2 * radius), np.uint8)
    padded[:, radius : radius + width] = mask
    wide = mask.copy()
    reach = 0
    for dy in range(radius, -1, -1):
        while reach < math.isqrt(radius * radius - dy * dy):
            reach += 1
            np.maximum(wide, padded[:, radius - reach : radius - reach + width], out=wide)
            np.maximum(wide, padded[:, radius + reach : radius + reach + width], out=wide)
        if dy < height:
            np.maximum(grown[dy:], wide[: height - dy], out=grown[dy:])
            np.maximum(grown[: height - dy], wide[dy:], out=grown[: height - dy])
    return grown


def shrink(mask: Pixels, radius: int) -> Pixels:
    """Every gap spreads over a disc of that radius in px; beyond the array nothing is a gap."""
    return 255 - grow(255 - mask, radius)


def border(mask: Pixels, width: int) -> Pixels:
    """A band of that width in px along the edge, half of it on either side."""
    return np.minimum(grow(mask, (width + 1) // 2), 255 - shrink(mask, width // 2))


def feather(mask: Pixels, radius: float) -> Pixels:
    """Soften by a Gaussian of that standard deviation in px; the array keeps its size."""
    if radius <= 0 or mask.size == 0:
        return mask.copy()
    return np.asarray(Image.fromarray(mask).filter(ImageFilter.GaussianBlur(radius)))

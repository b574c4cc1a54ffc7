"""Enclosed: the holes of a whole mask, tile by tile, so that plain tiles cost next to nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.flood import Numbers, drawn, labels, neighbours, runs_of
from studio.document.tiles import TILE, Key, TileGrid, pieces, tile_rect

#: Beyond so many levels of density, so many in equal steps are filled.
LEVELS = 8


class _Plan(NamedTuple):
    """The tiles around a mask, sorted by what they hold.

    Attributes:
        plain: int16 `[rows, columns]`, the one density of a tile; -1 where there are several.
        mixed: Places of the others in `plain`, and their pixels, in one order.
        origin: Key of the first tile.
    """

    plain: NDArray[np.int16]
    places: list[tuple[int, int]]
    mixed: list[Pixels]
    origin: Key


def filled(grid: TileGrid, limits: Rect) -> TileGrid:
    """What the mask encloses masked as densely as what encloses it.

    Args:
        grid: One channel.
        limits: Document px; beyond them all counts as open, and nothing is changed.

    Source: run-based labelling of all mixed tiles at once (see `flood`); a plain tile is one node,
        and nodes of neighbouring tiles are joined where open pixels touch along their edge.
    """
    area = grid.tight_bounds().intersected(limits)
    result = grid.snapshot()
    if area.empty:
        return result
    plan = _plan(grid, area)
    for level in _levels(plan):
        _fill(plan, int(level))
    for (row, column), pixels in zip(plan.places, plan.mixed, strict=True):
        _write(result, (plan.origin[0] + column, plan.origin[1] + row), pixels, limits)
    for row, column in np.argwhere(plan.plain > 0).tolist():
        key = plan.origin[0] + column, plan.origin[1] + row
        before = grid.tile(key)
        if before is None or before[0, 0] != plan.plain[row, column]:
            inside = tile_rect(key).intersected(limits)
            result.fill(inside, (int(plan.plain[row, column]),))
    return result


def _plan(grid: TileGrid, area: Rect) -> _Plan:
    keys = [piece.key for piece in pieces(area)]
    origin = min(key[0] for key in keys), min(key[1] for key in keys)
    shape = max(key[1] for key in keys) - origin[1] + 1, max(key[0] for key in keys) - origin[0] + 1
    plan = _Plan(np.zeros(shape, np.int16), [], [], origin)
    for key in keys:
        tile, whole = grid.tile(key), tile_rect(key)
        if tile is None:
            continue
        inside = whole.intersected(area)
        place = key[1] - origin[1], key[0] - origin[0]
        if inside == whole and tile.min() == tile.max():
            plan.plain[place] = tile[0, 0]
            continue
        pixels = np.zeros((TILE, TILE), np.uint8)
        part = inside.moved(-whole.x, -whole.y)
        pixels[part.rows, part.columns] = tile[part.rows, part.columns]
        plan.plain[place] = -1
        plan.places.append(place)
        plan.mixed.append(pixels)
    return plan


def _levels(plan: _Plan) -> NDArray[np.intp]:
    seen = np.zeros(256, np.bool_)
    seen[plan.plain[plan.plain > 0]] = True
    for pixels in plan.mixed:
        seen |= np.bincount(pixels.ravel(), minlength=256) > 0
    seen[0] = False
    levels = np.flatnonzero(seen)
    if levels.size > LEVELS:
        levels = levels[np.linspace(0, levels.size - 1, LEVELS + 1).round().astype(np.intp)[1:]]
    return levels


def _fill(plan: _Plan, level: int) -> None:
    """Raise to that level all that is below it and cannot be left; the plan is changed."""
    # A row of nothing between two tiles keeps them apart.
    open_ = np.zeros((len(plan.mixed), TILE + 1, TILE), np.bool_)
    for number, pixels in enumerate(plan.mixed):
        np.less(pixels, level, out=open_[number, :TILE])
    runs = runs_of(open_.reshape(-1, TILE))
    plain_open = (plan.plain >= 0) & (plan.plain < level)
    plain_nodes = np.full(plan.plain.shape, -1, np.int32)
    plain_nodes[plain_open] = runs.start.size + np.arange(plain_open.sum(), dtype=np.int32)
    outside = runs.start.size + int(plain_open.sum())
    sides = _sides(plan, open_, runs.start, plain_nodes)
    upper, lower = neighbours(runs)
    pairs = [(upper, lower), *_touching(sides, outside)]
    joined = labels(
        outside + 1,
        np.concatenate([one for one, _ in pairs]),
        np.concatenate([other for _, other in pairs]),
    )
    shut = joined != joined[outside]
    if runs.start.size and shut[: runs.start.size].any():
        holes = drawn(runs, shut[: runs.start.size], len(plan.mixed) * (TILE + 1))
        stacked = holes.reshape(open_.shape)
        for number, pixels in enumerate(plan.mixed):
            np.maximum(pixels, stacked[number, :TILE] * np.uint8(level), out=pixels)
    closed = plain_open.copy()
    closed[plain_open] = shut[runs.start.size : outside]
    plan.plain[closed] = level


def _sides(
    plan: _Plan, open_: NDArray[np.bool_], starts: Numbers, plain: Numbers
) -> dict[str, Numbers]:
    """The node of each pixel along the edges of all tiles, -1 where it is not open."""
    last, along = TILE - 1, np.arange(TILE)
    # A row in the array laid flat is one longer than the tile is wide: see `flood`.
    spots = {
        "top": (np.zeros(TILE, np.intp), along),
        "bottom": (np.full(TILE, last), along),
        "left": (along, np.zeros(TILE, np.intp)),
        "right": (along, np.full(TILE, last)),
    }
    rows = np.array([row for row, _ in plan.places], np.intp)
    columns = np.array([column for _, column in plan.places], np.intp)
    first = np.arange(len(plan.mixed))[:, None] * (TILE + 1)
    sides: dict[str, Numbers] = {}
    for side, (down, across) in spots.items():
        nodes = np.repeat(plain[:, :, None], TILE, axis=2)
        if len(plan.mixed):
            flat = (first + down) * (TILE + 1) + across
            run = (np.searchsorted(starts, flat, side="right") - 1).astype(np.int32)
            nodes[rows, columns] = np.where(open_[:, down, across], run, -1)
        sides[side] = nodes
    return sides


def _touching(sides: dict[str, Numbers], outside: int) -> list[tuple[Numbers, Numbers]]:
    """Pairs of nodes that touch across the edges of tiles; beyond the outermost lies `outside`."""
    pairs = [
        (sides["right"][:, :-1], sides["left"][:, 1:]),
        (sides["bottom"][:-1], sides["top"][1:]),
    ]
    rims = (sides["top"][0], sides["bottom"][-1], sides["left"][:, 0], sides["right"][:, -1])
    pairs += [(rim, np.full(rim.shape, outside, np.int32)) for rim in rims]
    found: list[tuple[Numbers, Numbers]] = []
    for one, other in pairs:
        both = (one >= 0) & (other >= 0)
        found.append((one[both], other[both]))
    return found


def _write(result: TileGrid, key: Key, pixels: Pixels, limits: Rect) -> None:
    whole = tile_rect(key)
    inside = whole.intersected(limits)
    part = inside.moved(-whole.x, -whole.y)
    before = result.read(inside)
    after = np.maximum(before, pixels[part.rows, part.columns])
    if not np.array_equal(before, after):
        result.write(inside, after)

"""Arithmetic of whole masks, block by block, so that it costs what the mask covers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, resize, size_of
from studio.document import mask_ops
from studio.document.tiles import TILE, Key, TileGrid, tile_rect

#: Tiles a side that are worked on at once: large enough that what overlaps is little.
_BLOCK = 8


def blocks(keys: Iterable[Key]) -> Iterator[Rect]:
    """Rectangles of document px that hold these tiles, none above 8 x 8 tiles."""
    found: dict[Key, Rect] = {}
    for key in keys:
        block = (key[0] // _BLOCK, key[1] // _BLOCK)
        found[block] = tile_rect(key).united(found.get(block, Rect(0, 0, 0, 0)))
    for block in sorted(found):
        yield found[block]


def keys_around(grid: TileGrid, reach: int) -> set[Key]:
    """Tiles that lie within `reach` px of a tile of the grid, those included."""
    away = range(-math.ceil(reach / TILE), math.ceil(reach / TILE) + 1)
    held = grid.keys()
    return {(tx + dx, ty + dy) for tx, ty in held for dx in away for dy in away}


def reshaped(
    grid: TileGrid, limits: Rect, reach: int, change: Callable[[Pixels], Pixels]
) -> TileGrid:
    """The grid with `change` done to everything within the limits.

    Args:
        grid: One channel.
        limits: Document px; what lies outside stays and is not seen, as if the plane ended there.
        reach: How far in px a density is felt.
        change: uint8 `[h, w]` to the same shape; nothing must come of nothing.
    """
    result = grid.snapshot()
    for block in blocks(keys_around(grid, reach)):
        area = block.intersected(limits)
        seen = block.grown(reach).intersected(limits)
        before = grid.read(seen)
        if area.empty or not before.any():
            continue
        if before.min() == before.max():
            # Far from any edge all pixels fare alike, so one is enough to see how.
            result.fill(area, (int(change(before[:1, :1])[0, 0]),))
            continue
        place = area.moved(-seen.x, -seen.y)
        result.write(area, np.ascontiguousarray(change(before)[place.rows, place.columns]))
    return result


def grown(grid: TileGrid, limits: Rect, radius: int) -> TileGrid:
    """Every density spread over a disc of that radius in px."""
    return reshaped(grid, limits, radius, lambda mask: mask_ops.grow(mask, radius))


def shrunk(grid: TileGrid, limits: Rect, radius: int) -> TileGrid:
    """Every gap spread over a disc of that radius in px; the limits are no gap."""
    return reshaped(grid, limits, radius, lambda mask: mask_ops.shrink(mask, radius))


def feathered(grid: TileGrid, limits: Rect, radius: float) -> TileGrid:
    """Softened by a Gaussian of that standard deviation in px; at the limits it stays dense."""
    # Pillow's Gaussian is three box blurs, each of which reaches about one deviation.
    reach = 3 * (math.ceil(radius) + 1)
    return reshaped(grid, limits, reach, lambda mask: mask_ops.feather(mask, radius))


def bordered(grid: TileGrid, limits: Rect, width: int) -> TileGrid:
    """Only a band of that width in px along the mask's edge."""
    return reshaped(grid, limits, (width + 1) // 2, lambda mask: mask_ops.border(mask, width))


def combined(base: TileGrid, other: TileGrid, how: str) -> TileGrid:
    """Two masks as one, tile by tile.

    Args:
        base: What is there.
        other: What comes.
        how: A member of `mask_ops.COMBINATIONS`.

    Raises:
        ValueError: There is no such combination.
    """
    if how == "replace":
        return other.snapshot()
    result = base.snapshot()
    keys = base.keys() if how == "intersect" else other.keys()
    for key in keys:
        area = tile_rect(key)
        result.write(area, mask_ops.combine(base.read(area), other.read(area), how))
    return result


def of_alpha(pixels: TileGrid) -> TileGrid:
    """The alpha of a layer as densities."""
    result = TileGrid(1)
    for key, tile in pixels.items():
        result.write(tile_rect(key), np.ascontiguousarray(tile[..., 3]))
    return result


def of_image(pixels: Pixels, area: Rect) -> TileGrid:
    """A picture as densities: white repaints, black and transparent keep.

    Args:
        pixels: uint8 `[h, w]`, `[h, w, 3]` or `[h, w, 4]`; scaled when it has not the area's size.
        area: Where it goes, document px.
    """
    grey = pixels
    if pixels.ndim == 3:
        # Rec. 601 luma in 256ths; what is transparent counts as black.
        weights = np.array([77, 150, 29], np.uint16)
        grey = ((pixels[..., :3] @ weights) >> 8).astype(np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        grey = np.rint(grey * (pixels[..., 3] / np.float32(255))).astype(np.uint8)
    result = TileGrid(1)
    result.write(area, grey if size_of(grey) == area.size else resize(grey, area.size))
    return result

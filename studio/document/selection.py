"""Selecting by colour: everywhere, or what hangs together with a point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.flood import Flags, touching
from studio.document.mask_grids import blocks
from studio.document.tiles import TILE, Key, TileGrid, pieces, tile_rect

#: Gives uint8 `[h, w, 4]` straight alpha of any rectangle: a layer's or the whole picture's.
Sample = Callable[[Rect], Pixels]
Colour = tuple[int, int, int, int]


def similar(pixels: Pixels, colour: Colour, tolerance: int) -> Flags:
    """Where no channel is further than `tolerance` (0 to 255) from the colour: bool `[h, w]`.

    Of a transparent colour only the alpha is compared.
    """
    if colour[3] == 0:
        return np.asarray(pixels[..., 3] <= tolerance)
    wanted = np.array(colour, np.int16)
    low = np.maximum(wanted - tolerance, 0)
    span = (np.minimum(wanted + tolerance, 255) - low).astype(np.uint8)
    # Below the lowest it wraps round to far above the span; four channels are one word to compare.
    near = (pixels - low.astype(np.uint8)) <= span
    return np.asarray(near.view(np.uint32)[..., 0] == 0x01010101)


def by_colour(sample: Sample, bounds: Rect, colour: Colour, tolerance: int) -> TileGrid:
    """255 wherever the picture is like the colour.

    Args:
        sample: What is looked at.
        bounds: Where, document px.
        colour: sRGB and alpha.
        tolerance: 0 to 255, of each channel.
    """
    chosen = TileGrid(1)
    for piece in pieces(bounds):
        area = tile_rect(piece.key).intersected(bounds)
        flags = similar(sample(area), colour, tolerance)
        if flags.any():
            chosen.write(area, _mask(flags))
    return chosen


def from_point(sample: Sample, bounds: Rect, seed: tuple[int, int], tolerance: int) -> TileGrid:
    """255 over what is like the seed's colour and hangs together with it.

    Tiles are looked at only where the region goes: a window around the seed is doubled towards
    the sides that the region touches.

    Args:
        sample: What is looked at.
        bounds: Beyond them nothing is chosen, document px.
        seed: The pixel, document px; outside the bounds nothing is chosen.
        tolerance: 0 to 255, of each channel.
    """
    at = Rect(seed[0], seed[1], 1, 1)
    chosen = TileGrid(1)
    if at.intersected(bounds).empty:
        return chosen
    red, green, blue, alpha = (int(value) for value in sample(at)[0, 0])
    like = _Like(sample, bounds, (red, green, blue, alpha), tolerance)
    window = tile_rect((seed[0] // TILE, seed[1] // TILE)).intersected(bounds)
    while True:
        inside = like.read(window)
        seeds = np.zeros_like(inside)
        seeds[seed[1] - window.y, seed[0] - window.x] = True
        region = touching(inside, seeds)
        wider = _widened(window, region).intersected(bounds)
        if wider == window:
            break
        window = wider
    for block in blocks(piece.key for piece in pieces(window)):
        area = block.intersected(window)
        place = area.moved(-window.x, -window.y)
        chosen.write(area, _mask(region[place.rows, place.columns]))
    return chosen


class _Like:
    """Which pixels are like the colour, each tile looked at once."""

    def __init__(self, sample: Sample, bounds: Rect, colour: Colour, tolerance: int) -> None:
        self._sample, self._bounds = sample, bounds
        self._colour, self._tolerance = colour, tolerance
        self._tiles: dict[Key, Flags] = {}

    def read(self, window: Rect) -> Flags:
        """Of a window that ends at tiles' edges or at the bounds."""
        flags = np.zeros((window.height, window.width), np.bool_)
        for piece in pieces(window):
            if piece.key not in self._tiles:
                area = tile_rect(piece.key).intersected(self._bounds)
                pixels = self._sample(area)
                self._tiles[piece.key] = similar(pixels, self._colour, self._tolerance)
            flags[piece.outer] = self._tiles[piece.key]
        return flags


def _widened(window: Rect, region: Flags) -> Rect:
    """Doubled towards each side that the region touches, along the tiles' edges."""
    # At the picture's edge a window may begin within a tile: it still grows by whole tiles.
    across = -(-window.width // TILE) * TILE
    down = -(-window.height // TILE) * TILE
    left = (window.x - across) // TILE * TILE if region[:, 0].any() else window.x
    right = -(-(window.right + across) // TILE) * TILE if region[:, -1].any() else window.right
    top = (window.y - down) // TILE * TILE if region[0].any() else window.y
    bottom = -(-(window.bottom + down) // TILE) * TILE if region[-1].any() else window.bottom
    return Rect.between(left, top, right, bottom)


def _mask(flags: Flags) -> Pixels:
    return flags.view(np.uint8) * np.uint8(255)

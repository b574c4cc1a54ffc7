"""Moving, turning and scaling of whole grids, block by block; the endless plane has no edge."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from PIL import Image

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.mask_grids import blocks
from studio.document.tiles import TILE, Key, TileGrid, pieces, tile_rect

#: Filters that pixels can be scaled with, and how far each looks, in px of the coarser side.
FILTERS = {
    "nearest": (Image.Resampling.NEAREST, 1),
    "bilinear": (Image.Resampling.BILINEAR, 1),
    "bicubic": (Image.Resampling.BICUBIC, 2),
    "lanczos": (Image.Resampling.LANCZOS, 3),
}
#: Exact turns, and what takes each back.
TURNS = {"right": "left", "left": "right", "half": "half", "across": "across", "down": "down"}

_TURNED: dict[str, Callable[[Pixels], Pixels]] = {
    "right": lambda pixels: np.rot90(pixels, -1),
    "left": lambda pixels: np.rot90(pixels, 1),
    "half": lambda pixels: pixels[::-1, ::-1],
    "across": lambda pixels: pixels[:, ::-1],
    "down": lambda pixels: pixels[::-1],
}


def moved(grid: TileGrid, dx: int, dy: int) -> TileGrid:
    """Every pixel elsewhere, bit for bit; by whole tiles nothing is copied."""
    result = TileGrid(grid.channels)
    if dx % TILE == 0 and dy % TILE == 0:
        for key, _ in tuple(grid.items()):
            result.take((key[0] + dx // TILE, key[1] + dy // TILE), grid, key)
        return result
    for key in _keys(each.moved(dx, dy) for each in _rects(grid)):
        area = tile_rect(key)
        result.write(area, grid.read(area.moved(-dx, -dy)))
    return result


def turned_rect(rect: Rect, turn: str, about: Rect) -> Rect:
    """Where a rectangle comes to lie when `about` is turned and keeps its top left corner."""
    left, top = rect.x - about.x, rect.y - about.y
    right, bottom = about.right - rect.right, about.bottom - rect.bottom
    x, y = {
        "right": (bottom, left),
        "left": (top, right),
        "half": (right, bottom),
        "across": (right, top),
        "down": (left, bottom),
    }[turn]
    swapped = turn in ("right", "left")
    width, height = (rect.height, rect.width) if swapped else (rect.width, rect.height)
    return Rect(about.x + x, about.y + y, width, height)


def turned(grid: TileGrid, turn: str, about: Rect) -> TileGrid:
    """The whole plane turned, bit for bit, as `turned_rect` says; `turn` is a key of `TURNS`."""
    result = TileGrid(grid.channels)
    for key, tile in grid.items():
        result.write(turned_rect(tile_rect(key), turn, about), _TURNED[turn](tile))
    return result


def scaled(grid: TileGrid, source: Rect, target: Rect, how: str) -> TileGrid:
    """What lies in `source`, made to fill `target`; the rest is left out.

    Colours count by their alpha (Pillow scales premultiplied). The source's edge is an edge of
    the picture: what lies beyond does not bleed in, and an opaque edge stays opaque.

    Args:
        grid: One or four channels.
        source: Document px.
        target: Document px.
        how: A key of `FILTERS`.
    """
    support = FILTERS[how][1]
    result = TileGrid(grid.channels)
    held = (each.intersected(source) for each in _rects(grid))
    for block in blocks(_keys(_scaled_rect(each, source, target, support) for each in held)):
        area = block.intersected(target)
        if not area.empty:
            pixels = _scaled_part(grid, source, target, area, how)
            if pixels is not None:
                result.write(area, pixels)
    return result


def _scaled_part(grid: TileGrid, source: Rect, target: Rect, area: Rect, how: str) -> Pixels | None:
    """What comes to lie in `area`, a part of the target; None when it is nothing."""
    resampling, support = FILTERS[how]
    across, down = source.width / target.width, source.height / target.height
    reach_x, reach_y = (math.ceil(support * max(1, each)) + 1 for each in (across, down))
    left, top = (area.x - target.x) * across, (area.y - target.y) * down
    right, bottom = left + area.width * across, top + area.height * down
    seen = Rect.between(
        source.x + math.floor(left) - reach_x,
        source.y + math.floor(top) - reach_y,
        source.x + math.ceil(right) + reach_x,
        source.y + math.ceil(bottom) + reach_y,
    ).intersected(source)
    pixels = grid.read(seen)
    if not pixels.any():
        return None
    dx, dy = source.x - seen.x, source.y - seen.y
    # Rounding may carry the box a hair beyond the pixels, which Pillow refuses.
    box = (
        max(0.0, left + dx),
        max(0.0, top + dy),
        min(float(seen.width), right + dx),
        min(float(seen.height), bottom + dy),
    )
    return in_passes(pixels, (area.width, area.height), resampling, box)


def in_passes(
    pixels: Pixels,
    size: tuple[int, int],
    resampling: Image.Resampling,
    box: tuple[float, float, float, float],
) -> Pixels:
    """A part of an array at another size: along the rows first, then along the columns.

    Pillow takes the order that is cheaper for the size at hand. Between the passes it cuts at 0
    and 255, so that neighbouring blocks of one picture would not fit together.

    Args:
        pixels: uint8 `[h, w]` or `[h, w, 4]` straight alpha.
        size: Width and height wanted.
        resampling: The filter.
        box: Left, top, right and bottom of the part, px of the array.
    """
    image = Image.fromarray(pixels)
    if resampling == Image.Resampling.NEAREST:
        return np.asarray(image.resize(size, resampling, box))  # pixels as they are, of one pass
    plain = image.mode
    if plain == "RGBA":
        image = image.convert("RGBa")  # colours count by their alpha
    left, top, right, bottom = box
    rows = image.resize((size[0], image.height), resampling, (left, 0, right, image.height))
    scaled_image = rows.resize(size, resampling, (0, top, size[0], bottom))
    return np.asarray(scaled_image.convert(plain))


def rotated(grid: TileGrid, degrees: float, centre: tuple[float, float], how: str) -> TileGrid:
    """The whole plane rotated clockwise about a point; for Lanczos, bicubic is taken.

    Args:
        grid: One or four channels.
        degrees: Clockwise as seen.
        centre: Document px; a pixel spans x to x + 1.
        how: A key of `FILTERS`.
    """
    resampling = FILTERS["bicubic" if how == "lanczos" else how][0]
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    result = TileGrid(grid.channels)
    held = (_around(each, centre, cos, sin) for each in _rects(grid))
    for area in blocks(_keys(held)):
        seen = _around(area, centre, cos, -sin)
        pixels = grid.read(seen)
        if not pixels.any():
            continue
        x, y = area.x - centre[0], area.y - centre[1]
        start_x = cos * x + sin * y + centre[0] - seen.x
        start_y = -sin * x + cos * y + centre[1] - seen.y
        data = (cos, sin, start_x, -sin, cos, start_y)
        image = Image.fromarray(pixels)
        shape = (area.width, area.height)
        turned = image.transform(shape, Image.Transform.AFFINE, data, resampling)
        result.write(area, np.asarray(turned))
    return result


def _rects(grid: TileGrid) -> list[Rect]:
    return [tile_rect(key) for key, _ in grid.items()]


def _keys(rects: Iterable[Rect]) -> set[Key]:
    return {piece.key for rect in rects for piece in pieces(rect)}


def _scaled_rect(rect: Rect, source: Rect, target: Rect, margin: int) -> Rect:
    """Where it comes to lie, with what the filter adds around it; empty for an empty one."""
    if rect.empty:
        return rect
    across, down = target.width / source.width, target.height / source.height
    around = math.ceil(margin * max(1, across, down)) + 1
    return Rect.between(
        target.x + math.floor((rect.x - source.x) * across),
        target.y + math.floor((rect.y - source.y) * down),
        target.x + math.ceil((rect.right - source.x) * across),
        target.y + math.ceil((rect.bottom - source.y) * down),
    ).grown(around)


def _around(rect: Rect, centre: tuple[float, float], cos: float, sin: float) -> Rect:
    """The rectangle around a rotated one, with what a filter adds."""
    sides = [x - centre[0] for x in (rect.x, rect.right)]
    ends = [y - centre[1] for y in (rect.y, rect.bottom)]
    corners = [(x, y) for x in sides for y in ends]
    xs = [cos * x - sin * y + centre[0] for x, y in corners]
    ys = [sin * x + cos * y + centre[1] for x, y in corners]
    return Rect.between(
        math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys))
    ).grown(3)

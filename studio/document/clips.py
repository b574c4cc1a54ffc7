"""Clips: what is copied out of a picture: the masked part of a layer, or of all that is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, size_of
from studio.document import masks
from studio.document.composite import clipped, flatten
from studio.document.files.png_stream import png
from studio.document.layer import Layer
from studio.document.layered import Layered
from studio.document.tiles import TileGrid

_BAND = 256


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Pixels with the place that they came from.

    Attributes:
        pixels: uint8 `[h, w, 4]` sRGB straight alpha.
        x: Document px of the first one.
        y: Document px of the first one.
    """

    pixels: Pixels
    x: int
    y: int

    @property
    def area(self) -> Rect:
        """Where it came from, document px."""
        return Rect.of(size_of(self.pixels)).moved(self.x, self.y)

    def png(self) -> bytes:
        """As a PNG file with its transparency."""
        size = size_of(self.pixels)
        bands = (self.pixels[top : top + _BAND] for top in range(0, size.height, _BAND))
        return b"".join(png(size.width, size.height, 4, bands))


def of_layer(picture: Layered) -> Clip | None:
    """The active layer as far as it is masked, or all of it without a mask; None for nothing."""
    if picture.active is None:
        return None
    grid = picture.layers[picture.active].pixels
    area = _masked(picture, grid.tight_bounds())
    return None if area.empty else _clip(picture, area, grid.read(area))


def of_picture(picture: Layered) -> Clip | None:
    """What is seen as far as it is masked, or all of it without a mask; None for nothing."""
    area = _masked(picture, picture.bounds)
    return None if area.empty else _clip(picture, area, clipped(picture.layers, area, area))


def of_layers(layers: Sequence[Layer]) -> Clip | None:
    """One layer as it is, or several as they are seen over each other; None for nothing."""
    area = Rect(0, 0, 0, 0)
    for each in layers:
        area = area.united(each.pixels.tight_bounds())
    if area.empty:
        return None
    pixels = layers[0].pixels.read(area) if len(layers) == 1 else flatten(layers, area)
    return Clip(pixels, area.x, area.y) if pixels[..., 3].any() else None


def without(picture: Layered, layer: Layer) -> TileGrid:
    """The pixels of a layer without what a copy of it takes; colours stay where some is left."""
    grid = layer.pixels.snapshot()
    area = _masked(picture, grid.tight_bounds())
    if area.empty:
        return grid
    pixels = grid.read(area)
    left = 255 - _densities(picture, area).astype(np.uint16)
    pixels[..., 3] = (pixels[..., 3] * left + 127) // 255
    pixels[left == 0] = 0
    grid.write(area, pixels)
    return grid


def _masked(picture: Layered, area: Rect) -> Rect:
    masked = masks.bounds(picture.masks)
    return area if masked.empty else area.intersected(masked)


def _clip(picture: Layered, area: Rect, pixels: Pixels) -> Clip | None:
    share = _densities(picture, area).astype(np.uint16)
    if share.min() < 255:
        pixels[..., 3] = (pixels[..., 3] * share + 127) // 255
        pixels[share == 0] = 0
    return Clip(pixels, area.x, area.y) if pixels[..., 3].any() else None


def _densities(picture: Layered, area: Rect) -> Pixels:
    if masks.bounds(picture.masks).empty:
        return np.full((area.height, area.width), 255, np.uint8)
    return masks.effective(picture.masks, area)

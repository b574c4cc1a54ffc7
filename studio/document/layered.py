"""Layered: a whole picture as a plain value, which every file format turns to and from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, size_of
from studio.document.composite import flatten
from studio.document.files.metadata import Recipe
from studio.document.layer import Layer
from studio.document.masks import Mask
from studio.document.tiles import TILE, TileGrid, pieces

NOWHERE = Rect(0, 0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Layered:
    """A picture with its layers and masks; nobody changes its grids any more.

    Attributes:
        bounds: The picture's rectangle, document px.
        layers: Bottom to top; members of a group share equal `Group` values and lie together.
        masks: In the order in which they are listed; may be none.
        active: Index of the layer that tools paint on, or None.
        active_mask: Index of the mask that tools paint.
        frame: What the next run works on; empty where a file does not say.
        dpi: Pixels an inch across and down, or None where a file does not say.
        recipe: What the picture was made with, if the file says.
        notes: What reading or turning it had to change, in sentences for the artist.
    """

    bounds: Rect
    layers: tuple[Layer, ...]
    masks: tuple[Mask, ...] = ()
    active: int | None = None
    active_mask: int = 0
    frame: Rect = NOWHERE
    dpi: tuple[float, float] | None = None
    recipe: Recipe | None = None
    notes: tuple[str, ...] = ()

    def rows(self) -> Iterator[Pixels]:
        """What the picture shows, top to bottom: uint8 `[up to 256, w, 4]` straight alpha."""
        bounds = self.bounds
        for top in range(bounds.y, bounds.bottom, TILE):
            height = min(TILE, bounds.bottom - top)
            yield flatten(self.layers, Rect(bounds.x, top, bounds.width, height))

    def flat(self) -> Pixels:
        """What the picture shows: uint8 `[h, w, 4]` straight alpha, a fresh array."""
        return flatten(self.layers, self.bounds)


def of_pixels(
    pixels: Pixels, name: str, recipe: Recipe | None = None, notes: tuple[str, ...] = ()
) -> Layered:
    """A picture of one layer.

    Args:
        pixels: uint8 `[h, w, 4]` straight alpha.
        name: Of the layer.
        recipe: What it was made with.
        notes: What reading it had to change.
    """
    layer = Layer(name, grid_of(pixels, 0, 0), kind="image")
    bounds = Rect.of(size_of(pixels))
    return Layered(bounds, (layer,), active=0, recipe=recipe, notes=notes)


def frozen(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Copies whose grids share all tiles with the originals; later painting leaves them alone."""
    return tuple(replace(each, pixels=each.pixels.snapshot()) for each in layers)


def grid_of(pixels: Pixels, x: int, y: int) -> TileGrid:
    """The pixels as a grid with their first one at `(x, y)`; tiles of one plain value are shared.

    Args:
        pixels: uint8 `[h, w, 4]` or `[h, w]`.
        x: Document px.
        y: Document px.
    """
    grid = TileGrid(1 if pixels.ndim == 2 else pixels.shape[2])
    area = Rect(x, y, size_of(pixels).width, size_of(pixels).height)
    plain: dict[bytes, Pixels] = {}
    for key, inner, outer in pieces(area):
        part = pixels[outer]
        place = Rect(
            key[0] * TILE + inner[1].start,
            key[1] * TILE + inner[0].start,
            part.shape[1],
            part.shape[0],
        )
        if part.shape[:2] == (TILE, TILE) and not (part != part[0, 0]).any():
            shared = plain.setdefault(part[0, 0].tobytes(), part.copy())
            shared.flags.writeable = False
            grid.write(place, shared)
        else:
            grid.write(place, np.ascontiguousarray(part))
    return grid

"""Masks: where the next run may change the picture, and how much; what several hold together."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.tiles import TileGrid

#: Of a new mask: a red that few pictures hold, readable over light and dark.
COLOUR = (255, 64, 88)
#: Of the masks that follow, told apart by most eyes; then they repeat.
COLOURS = (COLOUR, (64, 160, 255), (255, 196, 0), (0, 200, 140), (200, 90, 255), (255, 130, 30))

_ids = itertools.count(1)


def reserve_ids(highest: int) -> None:
    """Let ids up to that one, of masks of a file, never be given again."""
    global _ids
    _ids = itertools.count(max(highest + 1, next(_ids)))


def _pixels() -> TileGrid:
    return TileGrid(1)


@dataclass(slots=True, eq=False)
class Mask:
    """Densities on the document plane, 0 keep to 255 repaint; changed through its `MaskStack` only.

    Attributes:
        name: What the artist reads.
        pixels: One channel.
        strength: 0 to 1, multiplies the densities when a run reads them.
        colour: Of its tint on the canvas, sRGB.
        visible: Whether the canvas shows it and a run reads it.
        id: Never given twice while the program runs.
    """

    name: str
    pixels: TileGrid = field(default_factory=_pixels)
    strength: float = 1.0
    colour: tuple[int, int, int] = COLOUR
    visible: bool = True
    id: int = field(default_factory=lambda: next(_ids))

    def bounds(self) -> Rect:
        """The smallest rectangle around every pixel above 0; empty when nothing is masked."""
        return self.pixels.tight_bounds()

    def read(self, rect: Rect) -> Pixels:
        """The densities as painted: uint8 `[h, w]`, a fresh array."""
        return self.pixels.read(rect)

    def effective(self, rect: Rect) -> Pixels:
        """The densities times the mask's strength: what a run is given, uint8 `[h, w]`.

        A pixel that is masked at all stays masked as long as the strength is above 0.
        """
        painted = self.read(rect)
        if self.strength >= 1.0:
            return painted
        scaled = np.rint(np.arange(256) * max(0.0, self.strength)).astype(np.uint8)
        if self.strength > 0.0:
            scaled[1:] = np.maximum(scaled[1:], 1)
        return np.take(scaled, painted)


def area(masks: Sequence[Mask]) -> Rect:
    """A rectangle around all that any of them holds, to the tile."""
    whole = Rect(0, 0, 0, 0)
    for mask in masks:
        whole = whole.united(mask.pixels.bounds())
    return whole


def effective(masks: Sequence[Mask], rect: Rect) -> Pixels:
    """The strongest of all visible ones at each pixel: uint8 `[h, w]`, a fresh array."""
    densities = np.zeros((max(0, rect.height), max(0, rect.width)), np.uint8)
    for mask in masks:
        held = mask.pixels.bounds().intersected(rect)
        if mask.visible and not held.empty:
            place = held.moved(-rect.x, -rect.y)
            target = densities[place.rows, place.columns]
            np.maximum(target, mask.effective(held), out=target)
    return densities


def bounds(masks: Sequence[Mask]) -> Rect:
    """The smallest rectangle around every pixel that a visible one holds; empty for nothing."""
    whole = Rect(0, 0, 0, 0)
    for mask in masks:
        if mask.visible:
            whole = whole.united(mask.bounds())
    return whole


def all_hidden(masks: Sequence[Mask]) -> bool:
    """Whether something is masked, but only by those that are hidden."""
    masked = [mask for mask in masks if not mask.bounds().empty]
    return bool(masked) and not any(mask.visible for mask in masked)

"""A mask: where the next run may change the picture, and how much."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.tiles import TileGrid

#: Of a new mask: a red that few pictures hold, readable over light and dark.
COLOUR = (255, 64, 88)

_ids = itertools.count(1)


def _pixels() -> TileGrid:
    return TileGrid(1)


@dataclass(slots=True, eq=False)
class Mask:
    """Densities on the document plane, 0 keep to 255 repaint; changed through the Document only.

    Attributes:
        name: What the artist reads.
        pixels: One channel.
        strength: 0 to 1, multiplies the densities when a run reads them.
        colour: Of its tint on the canvas, sRGB.
        visible: Whether the canvas shows it.
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

"""Masks: where the next run may change the picture, and how much; one of them is active."""

from __future__ import annotations

import itertools
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
    """Densities on the document plane, 0 keep to 255 repaint; changed through the Document only.

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


class MaskStack:
    """All masks of a document, never none, and which of them tools paint: at first the first."""

    def __init__(self, mask: Mask, *others: Mask) -> None:
        self._masks = [mask, *others]
        self.active = mask

    @property
    def all(self) -> tuple[Mask, ...]:
        """In the order in which they are listed."""
        return tuple(self._masks)

    def insert(self, mask: Mask, index: int) -> None:
        """Put a mask at that place of the list."""
        self._masks.insert(index, mask)

    def remove(self, mask: Mask) -> None:
        """Take a mask out; the one before it (or after the first) becomes active in its place.

        Raises:
            ValueError: It is not of this document, or the only one.
        """
        index = self._masks.index(mask)
        if len(self._masks) == 1:
            raise ValueError("the last mask cannot be removed, only cleared")
        self._masks.remove(mask)
        if self.active is mask:
            self.active = self._masks[max(0, index - 1)]

    def move(self, mask: Mask, index: int) -> None:
        """Put a mask at another place of the list.

        Raises:
            ValueError: It is not of this document.
        """
        self._masks.remove(mask)
        self._masks.insert(index, mask)

    def area(self) -> Rect:
        """A rectangle around all that any mask holds, to the tile."""
        whole = Rect(0, 0, 0, 0)
        for mask in self._masks:
            whole = whole.united(mask.pixels.bounds())
        return whole

    def effective(self, rect: Rect) -> Pixels:
        """The strongest of all visible masks at each pixel: uint8 `[h, w]`, a fresh array."""
        densities = np.zeros((max(0, rect.height), max(0, rect.width)), np.uint8)
        for mask in self._masks:
            area = mask.pixels.bounds().intersected(rect)
            if mask.visible and not area.empty:
                place = area.moved(-rect.x, -rect.y)
                target = densities[place.rows, place.columns]
                np.maximum(target, mask.effective(area), out=target)
        return densities

    def bounds(self) -> Rect:
        """The smallest rectangle around every pixel that a visible mask holds."""
        whole = Rect(0, 0, 0, 0)
        for mask in self._masks:
            if mask.visible:
                whole = whole.united(mask.bounds())
        return whole

    def all_hidden(self) -> bool:
        """Whether something is masked, but only by masks that are hidden."""
        masked = [mask for mask in self._masks if not mask.bounds().empty]
        return bool(masked) and not any(mask.visible for mask in masked)

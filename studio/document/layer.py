"""One layer of the picture: its pixels and how they are shown."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from studio.document.tiles import TileGrid

_ids = itertools.count(1)


def _pixels() -> TileGrid:
    return TileGrid(4)


@dataclass(slots=True, eq=False)
class Layer:
    """Pixels on the document plane, straight alpha; changed through the Document only.

    Attributes:
        name: What the artist reads.
        pixels: Four channels, sRGB straight alpha.
        visible: Whether it is part of the picture.
        opacity: 0 to 1, multiplies its alpha.
        blend: A key of `composite.BLENDS`.
        locked: Whether tools leave it alone.
        id: Never given twice while the program runs.
    """

    name: str
    pixels: TileGrid = field(default_factory=_pixels)
    visible: bool = True
    opacity: float = 1.0
    blend: str = "normal"
    locked: bool = False
    id: int = field(default_factory=lambda: next(_ids))

"""Reach: exactly which pixels the next run may change."""

from __future__ import annotations

import numpy as np

from studio.canvas.pyramid import Pyramid, halved_reach
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.tiles import pieces, tile_rect
from studio.inpaint.fill import OPAQUE


class Reach:
    """The rule of `inpaint.region` and `inpaint.blend`, answered for any rectangle.

    With visible masks: every pixel above 0 in any of them. Without one: what the picture lacks
    within the frame, and where it lacks nothing, the whole frame. It answers for the moment it was
    made.
    """

    def __init__(self, document: Document) -> None:
        """Look at the document once."""
        self._document = document
        self._frame = document.frame
        self._mask_tiles = _mask_tiles(document)
        self._masked = not self._mask_tiles.empty
        self._lacking = not self._masked and lacks(document, document.frame)
        self.pyramid = Pyramid(self._tile, halved_reach)

    @property
    def bounds(self) -> Rect:
        """No pixel outside is reached, document px."""
        return self._mask_tiles if self._masked else self._frame

    def read(self, area: Rect) -> Pixels:
        """255 where the next run may change a pixel, else 0: uint8 `[h, w]` of `area`."""
        if self._masked:
            return _flags(self._document.masks.effective(area) > 0)
        reached = np.zeros((area.height, area.width), np.uint8)
        inside = area.intersected(self._frame)
        if inside.empty:
            return reached
        place = inside.moved(-area.x, -area.y)
        if self._lacking:
            alpha = self._document.composite(inside)[..., 3]
            reached[place.rows, place.columns] = _flags(alpha < OPAQUE)
        else:
            reached[place.rows, place.columns] = 255
        return reached

    def _tile(self, area: Rect) -> Pixels | None:
        if self._masked and area.intersected(self._mask_tiles).empty:
            return None
        if not self._masked and area.intersected(self._frame).empty:
            return None
        return self.read(area)


def _mask_tiles(document: Document) -> Rect:
    """Around all tiles that visible masks hold; document px."""
    whole = Rect(0, 0, 0, 0)
    for mask in document.masks.all:
        if mask.visible:
            whole = whole.united(mask.pixels.bounds())
    return whole


def lacks(document: Document, area: Rect) -> bool:
    """Whether any pixel of the picture is missing there: then only such ones are painted."""
    if not document.bounds.contains(area):
        return not area.empty
    return any(
        bool((document.composite(tile_rect(piece.key).intersected(area))[..., 3] < OPAQUE).any())
        for piece in pieces(area)
    )


def _flags(marked: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Pixels:
    return np.where(marked, np.uint8(255), np.uint8(0))

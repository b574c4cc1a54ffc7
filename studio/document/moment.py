"""Moment: picture and masks as they were when a run was ordered, whatever is painted since."""

from __future__ import annotations

from dataclasses import replace

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document import masks
from studio.document.composite import clipped
from studio.document.document import Document


class Moment:
    """Shares all tiles with the document until one of them is painted on, so it costs nothing."""

    def __init__(self, document: Document) -> None:
        """Keep what is there now."""
        self.bounds, self.frame = document.bounds, document.frame
        self._layers = [
            replace(layer, pixels=layer.pixels.snapshot())
            for layer in document.layers
            if layer.visible
        ]
        self._masks = [replace(mask, pixels=mask.pixels.snapshot()) for mask in document.masks.all]

    def composite(self, rect: Rect) -> Pixels:
        """As `Document.composite`."""
        return clipped(self._layers, self.bounds, rect)

    def effective_mask(self, rect: Rect) -> Pixels:
        """As `MaskStack.effective`."""
        return masks.effective(self._masks, rect)

    def mask_bounds(self) -> Rect:
        """As `MaskStack.bounds`."""
        return masks.bounds(self._masks)

"""MaskStack: all masks of a document and which of them tools paint; signals what changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document import masks
from studio.document.changes import joined
from studio.document.masks import Mask
from studio.document.tiles import TileGrid

_SETTABLE = {"name", "strength", "colour", "visible"}


class MaskStack(QObject):
    """Never none; at first the first is active. The history is left alone, as by the Document.

    Signals:
        changed: Rect whose densities or looks changed, of any mask; document px.
        listing_changed: Order, names, properties, or which is active.
    """

    changed = Signal(object)
    listing_changed = Signal()

    def __init__(self, mask: Mask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._masks = [mask]
        self._active = mask

    @property
    def all(self) -> tuple[Mask, ...]:
        """In the order in which they are listed."""
        return tuple(self._masks)

    @property
    def active(self) -> Mask:
        """The one that tools paint."""
        return self._active

    def area(self) -> Rect:
        """A rectangle around all that any mask holds, to the tile."""
        return masks.area(self._masks)

    def effective(self, rect: Rect) -> Pixels:
        """What a run reads: the largest density times strength of all visible masks, `[h, w]`."""
        return masks.effective(self._masks, rect)

    def bounds(self) -> Rect:
        """The smallest rectangle around everything that visible masks hold; empty for nothing."""
        return masks.bounds(self._masks)

    def all_hidden(self) -> bool:
        """Whether something is masked, but only by masks that are hidden: surely not meant."""
        return masks.all_hidden(self._masks)

    def write(self, rect: Rect, pixels: Pixels, mask: Mask | None = None) -> None:
        """Replace densities of the active mask or of that one: uint8 `[h, w]`.

        They may reach beyond the picture.
        """
        (mask or self._active).pixels.write(rect, pixels)
        self.tell_changed(rect)

    def write_parts(self, mask: Mask, parts: Sequence[tuple[Rect, Pixels]], most: int) -> None:
        """Replace many parts of a mask at one time: neighbours are repainted as one.

        A rectangle that is made of several holds at most `most` px.
        """
        for rect, pixels in parts:
            mask.pixels.write(rect, pixels)
        for rect in joined((rect for rect, _ in parts), most):
            self.tell_changed(rect)

    def replace(self, pixels: TileGrid, mask: Mask | None = None) -> None:
        """Let the active mask or that one hold a copy of these densities: one channel."""
        self.tell_changed(self.reshape([(mask or self._active, pixels)]))

    def insert(self, mask: Mask, index: int) -> None:
        """Put a mask at that place of the list."""
        self._masks.insert(index, mask)
        self.listing_changed.emit()
        self.tell_changed(mask.pixels.bounds())

    def remove(self, mask: Mask) -> None:
        """Take a mask out; the one before it (or after the first) becomes active in its place.

        Raises:
            ValueError: It is not of this document, or the only one.
        """
        index = self._masks.index(mask)
        if len(self._masks) == 1:
            raise ValueError("the last mask cannot be removed, only cleared")
        self._masks.remove(mask)
        if self._active is mask:
            self._active = self._masks[max(0, index - 1)]
        self.listing_changed.emit()
        self.tell_changed(mask.pixels.bounds().united(self._active.pixels.bounds()))

    def move(self, mask: Mask, index: int) -> None:
        """Put a mask at another place of the list.

        Raises:
            ValueError: It is not of this document.
        """
        self._masks.remove(mask)
        self._masks.insert(index, mask)
        self.listing_changed.emit()

    def select(self, mask: Mask) -> None:
        """Choose the mask that tools paint."""
        if mask is not self._active:
            before, self._active = self._active, mask
            self.listing_changed.emit()
            self.tell_changed(before.pixels.bounds().united(mask.pixels.bounds()))

    def set_properties(self, mask: Mask | None = None, **properties: Any) -> None:
        """Set properties of the active mask or of that one: name, strength, colour, visible.

        Raises:
            TypeError: A property does not exist or is not to be set.
        """
        if unknown := properties.keys() - _SETTABLE:
            raise TypeError(f"not a property of a mask: {', '.join(sorted(unknown))}")
        mask = mask or self._active
        for name, value in properties.items():
            setattr(mask, name, value)
        self.listing_changed.emit()
        self.tell_changed(mask.pixels.bounds())

    def have(self, listed: Sequence[Mask], active: Mask) -> None:
        """Be these masks, of which that one is active, without a word."""
        self._masks, self._active = list(listed), active

    def reshape(self, changes: Iterable[tuple[Mask, TileGrid]]) -> Rect:
        """Hold copies of other densities, without a word; returns where they may differ."""
        whole = Rect(0, 0, 0, 0)
        for mask, densities in changes:
            whole = whole.united(mask.pixels.bounds()).united(densities.bounds())
            mask.pixels = densities.snapshot()
        return whole

    def tell_changed(self, rect: Rect) -> None:
        """Say that masks look another way there; an empty rectangle says nothing."""
        if not rect.empty:
            self.changed.emit(rect)

"""The picture an artist works on: bounds, frame, layers, masks, history; signals what changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels
from studio.document.changes import joined
from studio.document.composite import clipped
from studio.document.contents import NOTHING, Contents
from studio.document.history import History
from studio.document.layer import Layer
from studio.document.mask_stack import MaskStack
from studio.document.masks import Mask
from studio.document.tiles import TileGrid

_SETTABLE = {each.name for each in fields(Layer)} - {"id", "pixels"}
_SHOWN = {"visible", "opacity", "blend", "groups"}


class Document(QObject):
    """All coordinates are document px on an endless plane; the picture is what lies in `bounds`.

    The methods that change something emit what changed and leave the history alone: commands
    (`edits`) and live painting call them. Only the GUI thread may.

    Signals:
        changed: Rect whose composite must be repainted.
        layers_changed: Order, names, properties or the active layer.
        bounds_changed: The picture's rectangle.
        frame_changed: The generation frame.
        renamed: Name or path.
        leaving: Another picture is about to take this one's place; nothing has changed yet.
        begun: Another picture is there, with its history.
    """

    changed = Signal(object)
    layers_changed = Signal()
    bounds_changed = Signal()
    frame_changed = Signal()
    renamed = Signal()
    leaving = Signal()
    begun = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = History(self)
        self.masks = MaskStack(Mask(_tr("mask")), self)
        self.name = ""
        self.path: Path | None = None
        self._layers: list[Layer] = []
        self._active: Layer | None = None
        self._bounds = NOTHING
        self._frame = NOTHING

    @classmethod
    def from_pixels(cls, pixels: Pixels, name: str = "", path: Path | None = None) -> Document:
        """A document of one picture: uint8 `[h, w, 4]` straight alpha."""
        document = cls()
        document.open_pixels(pixels, name, path)
        return document

    @property
    def bounds(self) -> Rect:
        """The picture's rectangle; empty without a picture."""
        return self._bounds

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture at all."""
        return not self._bounds.empty

    @property
    def frame(self) -> Rect:
        """What the next run works on."""
        return self._frame

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Bottom to top."""
        return tuple(self._layers)

    @property
    def active(self) -> Layer | None:
        """The layer that tools paint on."""
        return self._active

    @property
    def dirty(self) -> bool:
        """Whether something changed since the last `mark_saved`."""
        return not self.history.isClean()

    @property
    def history_bytes(self) -> int:
        """What the steps of the history keep, beside what the document shows."""
        return self.history.nbytes

    def set_history_budget(self, nbytes: int) -> None:
        """Let the history keep at most that much; its oldest steps go first."""
        self.history.set_budget(nbytes)

    @property
    def contents(self) -> Contents:
        """All of it but history and name."""
        return Contents(
            self.layers,
            self._active,
            self.masks.all,
            self.masks.active,
            self._bounds,
            self._frame,
        )

    def composite(self, rect: Rect) -> Pixels:
        """What the picture shows there: uint8 `[h, w, 4]` straight alpha, zeros outside bounds."""
        return clipped(self._layers, self._bounds, rect)

    def paint(self, layer: Layer, rect: Rect, pixels: Pixels) -> None:
        """Replace pixels of a layer: uint8 `[h, w, 4]`."""
        layer.pixels.write(rect, pixels)
        self._show(rect)

    def paint_parts(self, layer: Layer, parts: Sequence[tuple[Rect, Pixels]]) -> None:
        """Replace many parts of a layer at one time: neighbours are repainted as one."""
        for rect, pixels in parts:
            layer.pixels.write(rect, pixels)
        for rect in joined((rect for rect, _ in parts), self._bounds.size.area):
            self._show(rect)

    def insert_layer(self, layer: Layer, index: int) -> None:
        """Put a layer at that place from the bottom."""
        self._layers.insert(index, layer)
        if self._active is None:
            self._active = layer
        self.layers_changed.emit()
        self._show(layer.pixels.bounds())

    def remove_layer(self, layer: Layer) -> None:
        """Take a layer out; the one below it (or above the lowest) becomes active in its place.

        Raises:
            ValueError: It is not of this document.
        """
        index = self._layers.index(layer)
        self._layers.remove(layer)
        if self._active is layer:
            self._active = self._layers[max(0, index - 1)] if self._layers else None
        self.layers_changed.emit()
        self._show(layer.pixels.bounds())

    def move_layer(self, layer: Layer, index: int) -> None:
        """Put a layer at another place from the bottom.

        Raises:
            ValueError: It is not of this document.
        """
        self._layers.remove(layer)
        self._layers.insert(index, layer)
        self.layers_changed.emit()
        self._show(layer.pixels.bounds())

    def set_stack(self, layers: Sequence[Layer], active: Layer | None) -> None:
        """Have these layers, bottom to top, and that one active, in one go."""
        before, self._layers = self._layers, list(layers)
        self._active = active
        stayed = set(map(id, before)) & set(map(id, layers))
        moved = [one for one in before if id(one) in stayed] != [
            one for one in layers if id(one) in stayed
        ]
        area = NOTHING
        for layer in (*before, *layers):
            if moved or id(layer) not in stayed:
                area = area.united(layer.pixels.bounds())
        self.layers_changed.emit()
        self._show(area)

    def replace_pixels(self, layer: Layer, pixels: TileGrid) -> None:
        """Let a layer hold a copy of these pixels: four channels."""
        area = layer.pixels.bounds().united(pixels.bounds())
        layer.pixels = pixels.snapshot()
        self._show(area)

    def set_layer(self, layer: Layer, **properties: Any) -> None:
        """Set properties of a layer: all but its pixels and its id.

        Raises:
            TypeError: A property does not exist or is not to be set.
        """
        if unknown := properties.keys() - _SETTABLE:
            raise TypeError(f"not a property of a layer: {', '.join(sorted(unknown))}")
        for name, value in properties.items():
            setattr(layer, name, value)
        self.layers_changed.emit()
        if properties.keys() & _SHOWN:
            self._show(layer.pixels.bounds())

    def set_active(self, layer: Layer | None) -> None:
        """Choose the layer that tools paint on."""
        if layer is not self._active:
            self._active = layer
            self.layers_changed.emit()

    def set_bounds(self, rect: Rect) -> None:
        """Change which part of the plane is the picture; no pixel moves or is lost."""
        before, self._bounds = self._bounds, rect
        if rect != before:
            self.bounds_changed.emit()
            self.changed.emit(before.united(rect))

    def reshape(
        self,
        layers: Iterable[tuple[Layer, TileGrid]],
        masks: Iterable[tuple[Mask, TileGrid]],
        bounds: Rect,
        frame: Rect,
    ) -> None:
        """Have copies of other pixels, another rectangle and another frame, in one go."""
        for layer, pixels in layers:
            layer.pixels = pixels.snapshot()
        masked = self.masks.reshape(masks)
        before, self._bounds = self._bounds, bounds
        if bounds != before:
            self.bounds_changed.emit()
        self.set_frame(frame)
        self.layers_changed.emit()
        self.masks.tell_changed(masked)
        self.changed.emit(before.united(bounds))

    def set_frame(self, rect: Rect) -> None:
        """Place the generation frame; it may reach beyond the picture."""
        if rect != self._frame:
            self._frame = rect
            self.frame_changed.emit()

    def rename(self, name: str, path: Path | None) -> None:
        """Tell under which name and in which file the picture lies."""
        self.name, self.path = name, path
        self.renamed.emit()

    def mark_saved(self) -> None:
        """What is there now is safe in a file."""
        self.history.setClean()

    def open_pixels(self, pixels: Pixels, name: str = "", path: Path | None = None) -> None:
        """Start over with a picture: uint8 `[h, w, 4]` straight alpha. The history is emptied.

        Raises:
            UsageError: A side is shorter than 1 px or longer than the limit.
        """
        self.begin(Contents.of_pixels(pixels, name), name, path)

    def open_blank(self, size: Size, colour: tuple[int, int, int, int] | None, name: str) -> None:
        """Start over with one plain layer of that colour (sRGB and alpha), or transparent.

        Raises:
            UsageError: A side is shorter than 1 px or longer than the limit.
        """
        self.begin(Contents.blank(size, colour), name)

    def close(self) -> None:
        """Start over without a picture; the frame stays."""
        self.begin(Contents.plain(None, NOTHING))

    def begin(
        self,
        contents: Contents,
        name: str = "",
        path: Path | None = None,
        steps: Sequence[QUndoCommand] = (),
        done: int = 0,
    ) -> None:
        """Start over with these contents and these steps, of which `done` led to them."""
        self.leaving.emit()
        masked = self.masks.area()
        before = self._put(contents)
        self.history.lay(steps, done)
        self.rename(name, path)
        self._tell_all(before, NOTHING if contents.frame.empty else contents.frame)
        self.masks.tell_changed(masked.united(self.masks.area()))
        self.changed.emit(before.united(contents.bounds))
        self.begun.emit()

    def set_contents(self, contents: Contents, area: Rect) -> None:
        """Have these contents; `area` holds all pixels and densities that look another way."""
        before = self._put(contents)
        self._tell_all(before, contents.frame)
        self.masks.tell_changed(area)
        self.changed.emit(area if before == contents.bounds else before.united(contents.bounds))

    def _put(self, contents: Contents) -> Rect:
        """Take them without a word; returns the bounds before."""
        before, self._bounds = self._bounds, contents.bounds
        self._layers, self._active = list(contents.layers), contents.active
        self.masks.have(contents.masks, contents.mask)
        return before

    def _tell_all(self, before: Rect, frame: Rect) -> None:
        self.layers_changed.emit()
        if before != self._bounds:
            self.bounds_changed.emit()
        if not frame.empty:
            self.set_frame(frame)
        self.masks.listing_changed.emit()

    def _show(self, rect: Rect) -> None:
        seen = rect.intersected(self._bounds)
        if not seen.empty:
            self.changed.emit(seen)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Document", text)

"""Changes that put other layers in place of some: duplicate, merge, flatten, and a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.errors import UsageError
from studio.document.composite import flattened
from studio.document.document import Document
from studio.document.layer import Layer
from studio.document.tiles import TileGrid, kept_bytes


class Restack(QUndoCommand):
    """Other layers, bottom to top, and another active one; layers that go are kept for undo."""

    def __init__(
        self, document: Document, layers: Sequence[Layer], active: Layer | None, text: str
    ) -> None:
        super().__init__(text)
        self._document = document
        self._before, self._was_active = document.layers, document.active
        self._after, self._becomes_active = tuple(layers), active

    @property
    def nbytes(self) -> int:
        """Bytes of tiles that only the layers before hold."""
        shown = {id(tile) for layer in self._after for tile in layer.pixels.arrays()}
        held = {id(tile): tile for layer in self._before for tile in layer.pixels.arrays()}
        return sum(tile.nbytes for key, tile in held.items() if key not in shown)

    def redo(self) -> None:
        """Have the new ones."""
        self.setObsolete(self._before == self._after)
        self._document.set_stack(self._after, self._becomes_active)

    def undo(self) -> None:
        """Have the old ones."""
        self._document.set_stack(self._before, self._was_active)


class AddPaintLayer(Restack):
    """An empty layer above the active one, in the same groups; it becomes the active one."""

    def __init__(self, document: Document, name: str = "") -> None:
        below = document.active
        self.layer = Layer(name or _free_name(document), groups=below.groups if below else ())
        layers = _above(document, below, self.layer)
        super().__init__(document, layers, self.layer, _tr("New layer"))


class DuplicateLayer(Restack):
    """A copy of a layer above it, which becomes the active one; tiles are shared."""

    def __init__(self, document: Document, layer: Layer) -> None:
        name = _tr("{name} copy").format(name=layer.name)
        self.layer = copied(layer, name, layer.pixels.snapshot())
        layers = _above(document, layer, self.layer)
        super().__init__(document, layers, self.layer, _tr("Duplicate layer"))


class FlattenLayers(Restack):
    """All visible layers become one that looks the same; hidden ones go.

    Raises:
        UsageError: No layer is visible.
    """

    def __init__(self, document: Document) -> None:
        shown = [layer for layer in document.layers if layer.shown]
        if not shown:
            raise UsageError(
                _tr("No layer is visible, so there is nothing to flatten."), _tr("Show one first.")
            )
        one = Layer(shown[0].name, kind=shown[0].kind, pixels=flattened(document.layers))
        layers = document.layers if len(document.layers) == 1 and _plain(shown[0]) else (one,)
        super().__init__(document, layers, layers[0], _tr("Flatten picture"))


class LayerReplace(QUndoCommand):
    """Other pixels of a layer; old and new share the tiles that are the same."""

    def __init__(self, document: Document, layer: Layer, after: TileGrid, text: str = "") -> None:
        super().__init__(text or _tr("Change layer"))
        self._document, self._layer = document, layer
        self._before, self._after = layer.pixels.snapshot(), after.snapshot()

    @property
    def nbytes(self) -> int:
        """What it keeps."""
        return kept_bytes(self._before, self._after)

    def redo(self) -> None:
        """Take the new ones."""
        self.setObsolete(not (self._before.keys() or self._after.keys()))
        self._document.replace_pixels(self._layer, self._after)

    def undo(self) -> None:
        """Take the old ones."""
        self._document.replace_pixels(self._layer, self._before)


class ClearLayer(LayerReplace):
    """Nothing is left on a layer."""

    def __init__(self, document: Document, layer: Layer) -> None:
        super().__init__(document, layer, TileGrid(4), _tr("Clear layer"))


def _above(document: Document, below: Layer | None, layer: Layer) -> tuple[Layer, ...]:
    index = document.layers.index(below) + 1 if below else len(document.layers)
    return (*document.layers[:index], layer, *document.layers[index:])


def copied(layer: Layer, name: str, pixels: TileGrid) -> Layer:
    """A layer like that one, with an id of its own."""
    return replace(layer, name=name, pixels=pixels, id=Layer(name).id)


def _plain(layer: Layer) -> bool:
    return layer.opacity >= 1 and not layer.groups


def _free_name(document: Document) -> str:
    taken = {layer.name for layer in document.layers}
    number = 1
    while _tr("layer {number}").format(number=number) in taken:
        number += 1
    return _tr("layer {number}").format(number=number)


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

"""LayerWork: what the menu of the layers does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand

from studio.document import edits
from studio.document.document import Document
from studio.document.layer import Layer
from studio.ui.actions import Actions
from studio.ui.changes import Changes


class LayerWork(QObject):
    """Joins the actions of layers to their commands.

    `chosen` gives the layers that are chosen in the list.
    """

    def __init__(
        self,
        document: Document,
        commands: Actions,
        changes: Changes,
        chosen: Callable[[], tuple[Layer, ...]],
    ) -> None:
        super().__init__()
        self._document, self._commands, self._chosen = document, commands, chosen
        makes: dict[str, Callable[[Layer], QUndoCommand | None]] = {
            "duplicate_layer": lambda layer: edits.DuplicateLayer(document, layer),
            "remove_layer": self._remove,
            "clear_layer": self._clear,
            "merge_down": lambda layer: edits.MergeDown(document, layer),
            "flatten": lambda _: edits.FlattenLayers(document),
            "group_layers": lambda _: edits.GroupLayers(document, self._chosen()),
            "ungroup": lambda layer: edits.Ungroup(document, layer.groups[-1]),
            "hide_group": self._hide_group,
            "lock_layer": lambda layer: self._set(layer, locked=not layer.locked),
            "lock_alpha": lambda layer: self._set(layer, alpha_locked=not layer.alpha_locked),
            "layer_up": partial(self._moved, 1),
            "layer_down": partial(self._moved, -1),
        }
        commands["add_layer"].triggered.connect(
            lambda: changes.push(
                lambda: edits.AddPaintLayer(document) if document.has_picture else None
            )
        )
        for key, make in makes.items():
            commands[key].triggered.connect(partial(self._push, changes, make))
        document.layers_changed.connect(self._show)
        document.bounds_changed.connect(self._show)
        self._show()

    def _push(
        self,
        changes: Changes,
        make: Callable[[Layer], QUndoCommand | None],
        _checked: bool = False,
    ) -> None:
        layer = self._document.active
        if layer is not None:
            changes.push(lambda: make(layer))
        self._show()

    def _show(self) -> None:
        """What cannot be done now is grey; the locks are ticked as the active layer has them."""
        layer, layers = self._document.active, self._document.layers
        place = layers.index(layer) if layer is not None else 0
        grouped = layer is not None and bool(layer.groups)
        able = {
            "add_layer": self._document.has_picture,
            "remove_layer": len(layers) > 1,
            "merge_down": place > 0,
            "flatten": len(layers) > 1,
            "ungroup": grouped,
            "hide_group": grouped,
            "layer_up": layer is not None and place < len(layers) - 1,
            "layer_down": place > 0,
        }
        for key in ("duplicate_layer", "clear_layer", "group_layers", "lock_layer", "lock_alpha"):
            able[key] = layer is not None
        for key, on in able.items():
            self._commands[key].setEnabled(on)
        self._commands["lock_layer"].setChecked(layer is not None and layer.locked)
        self._commands["lock_alpha"].setChecked(layer is not None and layer.alpha_locked)
        hidden = layer is not None and grouped and not layer.groups[-1].visible
        self._commands["hide_group"].setChecked(hidden)

    def _remove(self, layer: Layer) -> QUndoCommand | None:
        return edits.RemoveLayer(self._document, layer) if len(self._document.layers) > 1 else None

    def _clear(self, layer: Layer) -> QUndoCommand | None:
        return None if layer.locked else edits.ClearLayer(self._document, layer)

    def _hide_group(self, layer: Layer) -> QUndoCommand:
        group = layer.groups[-1]
        return edits.GroupProperties(self._document, group, visible=not group.visible)

    def _set(self, layer: Layer, **locks: bool) -> QUndoCommand:
        return edits.LayerProperties(self._document, layer, **locks)

    def _moved(self, step: int, layer: Layer) -> QUndoCommand | None:
        to = self._document.layers.index(layer) + step
        inside = 0 <= to < len(self._document.layers)
        return edits.MoveLayer(self._document, layer, to) if inside else None

"""LayerWork: what the menu of the layers does, with all layers that are chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand

from studio.document import edits
from studio.document.document import Document
from studio.document.layer import Group, Layer
from studio.ui.actions import Actions
from studio.ui.changes import Changes
from studio.ui.message_strip import Choice, MessageStrip


class Chosen(Protocol):
    """What is chosen in the list."""

    def chosen(self) -> tuple[Layer, ...]:
        """Layers; members of chosen groups too."""

    def chosen_group(self) -> Group | None:
        """A group that alone is chosen."""


class LayerWork(QObject):
    """Joins the actions of layers to their commands."""

    def __init__(
        self,
        document: Document,
        commands: Actions,
        changes: Changes,
        messages: MessageStrip,
        panel: Chosen,
    ) -> None:
        """`panel` tells what is chosen."""
        super().__init__()
        self._document, self._commands, self._panel = document, commands, panel
        self._changes, self._messages = changes, messages
        makes: dict[str, Callable[[tuple[Layer, ...]], QUndoCommand | None]] = {
            "duplicate_layer": lambda layers: edits.DuplicateLayers(document, layers),
            "remove_layer": lambda layers: edits.RemoveLayers(document, layers),
            "clear_layer": self._clear,
            "flatten": lambda _: edits.FlattenLayers(document),
            "group_layers": lambda layers: edits.GroupLayers(document, layers),
            "ungroup": self._ungroup,
            "hide_group": self._hide_group,
            "lock_layer": self._lock,
            "lock_alpha": self._lock_alpha,
            "layer_up": partial(self._moved, 1),
            "layer_down": partial(self._moved, -1),
        }
        commands["add_layer"].triggered.connect(
            lambda: changes.push(
                lambda: edits.AddPaintLayer(document) if document.has_picture else None
            )
        )
        for key, make in makes.items():
            commands[key].triggered.connect(partial(self._push, make))
        commands["merge_down"].triggered.connect(lambda: self._merge())
        document.layers_changed.connect(self.show)
        document.bounds_changed.connect(self.show)
        self.show()

    def show(self) -> None:
        """What cannot be done now is grey; the locks are ticked as what is chosen has them."""
        layer, layers = self._document.active, self._document.layers
        place = layers.index(layer) if layer is not None else 0
        several, group = len(self._panel.chosen()) > 1, self._group()
        able = {
            "add_layer": self._document.has_picture,
            "remove_layer": len(layers) > 1,
            "merge_down": place > 0 or several,
            "flatten": len(layers) > 1,
            "ungroup": group is not None,
            "hide_group": group is not None,
            "layer_up": layer is not None and place < len(layers) - 1,
            "layer_down": place > 0,
        }
        for key in ("duplicate_layer", "clear_layer", "group_layers", "lock_layer", "lock_alpha"):
            able[key] = layer is not None
        for key, on in able.items():
            self._commands[key].setEnabled(on)
        locked = self._panel.chosen_group() or layer
        self._commands["lock_layer"].setChecked(locked is not None and locked.locked)
        self._commands["lock_alpha"].setChecked(layer is not None and layer.alpha_locked)
        self._commands["hide_group"].setChecked(group is not None and not group.visible)

    def _push(
        self, make: Callable[[tuple[Layer, ...]], QUndoCommand | None], _checked: bool = False
    ) -> None:
        layers = self._panel.chosen()
        if layers:
            self._changes.push(lambda: make(layers))
        self.show()

    def _group(self) -> Group | None:
        """The group that is chosen, else the innermost of the active layer."""
        layer = self._document.active
        return self._panel.chosen_group() or (layer.group if layer is not None else None)

    def _clear(self, layers: tuple[Layer, ...]) -> QUndoCommand:
        layer = self._document.active or layers[0]
        edits.refuse_locked((layer,), self.tr("'{name}' is locked, so it was not cleared."))
        edits.refuse_locked_alpha(layer)
        return edits.ClearLayer(self._document, layer)

    def _ungroup(self, _: tuple[Layer, ...]) -> QUndoCommand | None:
        group = self._group()
        return None if group is None else edits.Ungroup(self._document, group)

    def _hide_group(self, _: tuple[Layer, ...]) -> QUndoCommand | None:
        group = self._group()
        if group is None:
            return None
        return edits.GroupProperties(self._document, group, visible=not group.visible)

    def _lock(self, layers: tuple[Layer, ...]) -> QUndoCommand:
        group = self._panel.chosen_group()
        if group is not None:
            return edits.GroupProperties(self._document, group, locked=not group.locked)
        on = not all(each.locked for each in layers)
        return edits.SetLayers(self._document, layers, locked=on)

    def _lock_alpha(self, layers: tuple[Layer, ...]) -> QUndoCommand:
        on = not all(each.alpha_locked for each in layers)
        return edits.SetLayers(self._document, layers, alpha_locked=on)

    def _moved(self, step: int, layers: tuple[Layer, ...]) -> QUndoCommand | None:
        order = self._document.layers
        if len(layers) == 1:
            to = order.index(layers[0]) + step
            inside = 0 <= to < len(order)
            return edits.MoveLayer(self._document, layers[0], to) if inside else None
        others = [each for each in order if each not in layers]
        top = max(order.index(each) for each in layers)
        index = sum(order.index(each) < top for each in others) + step
        if not 0 <= index <= len(others):
            return None
        # At its new place it is in the groups that the layers on both sides share.
        below = others[index - 1].groups if index > 0 else ()
        above = others[index].groups if index < len(others) else ()
        return edits.ArrangeLayers(self._document, layers, index, edits.common(below, above))

    def _merge(self) -> None:
        layers, active = self._panel.chosen(), self._document.active
        if len(layers) > 1:
            self._offer(lambda keep: edits.MergeLayers(self._document, layers, keep))
        elif active is not None:
            self._offer(lambda keep: edits.MergeDown(self._document, active, keep))
        self.show()

    def _offer(self, make: Callable[[bool], edits.Merge]) -> None:
        """Merge; when that would be seen, ask first."""

        def ask() -> QUndoCommand | None:
            command = make(False)
            if not command.changes_look:
                return command
            self._messages.say(
                self.tr("Merging would change how it looks: a blend mode loses its ground."),
                [
                    Choice(
                        self.tr("Keep the look"), lambda: self._changes.push(lambda: make(True))
                    ),
                    Choice(
                        self.tr("Merge anyway"), lambda: self._changes.push(lambda: make(False))
                    ),
                ],
            )
            return None

        self._changes.push(ask)

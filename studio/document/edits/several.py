"""Changes of several layers at once: one gesture of the artist's is one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.errors import UsageError
from studio.document.document import Document
from studio.document.edits.groups import Path, common, set_paths, top_of
from studio.document.edits.stack import Restack, copied
from studio.document.edits.transforms import TransformLayer
from studio.document.layer import Group, Layer


class RemoveLayers(Restack):
    """Layers leave the document; what lies under the lowest of them becomes active.

    Raises:
        UsageError: No layer would be left, or one of them is locked.
    """

    def __init__(self, document: Document, layers: Iterable[Layer]) -> None:
        gone = set(map(id, layers))
        chosen = [each for each in document.layers if id(each) in gone]
        stay = [each for each in document.layers if id(each) not in gone]
        if not stay:
            raise UsageError(
                _tr("A picture keeps at least one layer."), _tr("Clear it, or add another first.")
            )
        refuse_locked(chosen, _tr("'{name}' is locked, so it was not removed."))
        text = _tr("Remove layer") if len(chosen) == 1 else _tr("Remove layers")
        active = document.active
        if active is None or id(active) in gone:
            lowest = document.layers.index(chosen[0]) if chosen else 0
            active = stay[max(0, min(lowest - 1, len(stay) - 1))]
        super().__init__(document, stay, active, text)


class DuplicateLayers(Restack):
    """Copies of layers above the topmost of them; a group that is whole among them is copied too.

    Attributes:
        copies: Bottom to top; tiles are shared.
    """

    def __init__(self, document: Document, layers: Iterable[Layer]) -> None:
        order = document.layers
        chosen = sorted(layers, key=order.index)
        shared = chosen[0].groups
        for each in chosen:
            shared = common(shared, each.groups)
        if len(chosen) == 1:
            shared = chosen[0].groups
        torn = {group.id for each in order if each not in chosen for group in each.groups}
        fresh: dict[int, Group] = {}

        def path(layer: Layer) -> Path:
            inner = [each for each in layer.groups[len(shared) :] if each.id not in torn]
            for each in inner:
                name = _tr("{name} copy").format(name=each.name)
                made = Group(name, each.visible, each.opacity, each.blend, each.locked)
                fresh.setdefault(each.id, made)
            return (*shared, *(fresh[each.id] for each in inner))

        self.copies: list[Layer] = []
        for each in chosen:
            name = _tr("{name} copy").format(name=each.name)
            copy = copied(each, name, each.pixels.snapshot())
            copy.groups = path(each)
            self.copies.append(copy)
        top = top_of(order, chosen[-1], len(shared)) + 1
        text = _tr("Duplicate layer") if len(chosen) == 1 else _tr("Duplicate layers")
        stack = (*order[:top], *self.copies, *order[top:])
        super().__init__(document, stack, self.copies[-1], text)


class ArrangeLayers(QUndoCommand):
    """Layers go to one place together, into a group or out of it.

    Args:
        layers: Wherever they are now; their order among themselves stays.
        index: The place from the bottom, counted among the layers that do not move.
        groups: What they are in then, the outermost first. Groups of which all members move come
            along, inside these.
    """

    def __init__(
        self, document: Document, layers: Iterable[Layer], index: int, groups: Path = ()
    ) -> None:
        order = document.layers
        chosen = sorted(layers, key=order.index)
        super().__init__(_tr("Move layer") if len(chosen) == 1 else _tr("Move layers"))
        self._document, self._was_active = document, document.active
        self._before = order
        others = [each for each in order if each not in chosen]
        self._after = (*others[:index], *chosen, *others[index:])
        torn = {group.id for each in others for group in each.groups}
        torn |= {group.id for group in groups}
        self._paths_before = [(each, each.groups) for each in chosen]
        self._paths_after = [
            (each, (*groups, *(one for one in each.groups if one.id not in torn)))
            for each in chosen
        ]

    def redo(self) -> None:
        """Move them."""
        stays = self._before == self._after and self._paths_before == self._paths_after
        self.setObsolete(stays)
        set_paths(self._document, self._paths_after)
        self._document.set_stack(self._after, self._was_active)

    def undo(self) -> None:
        """Move them back."""
        set_paths(self._document, self._paths_before)
        self._document.set_stack(self._before, self._was_active)


class TransformLayers(QUndoCommand):
    """What is on several layers is transformed as one; see TransformLayer for the arguments.

    Raises:
        UsageError: They are scaled to no size, or to one beyond the limit.
    """

    def __init__(self, document: Document, layers: Iterable[Layer], **change: Any) -> None:
        chosen = tuple(layers)
        super().__init__(_tr("Transform layer") if len(chosen) == 1 else _tr("Transform layers"))
        about = chosen[0].pixels.tight_bounds()
        for each in chosen:
            about = about.united(each.pixels.tight_bounds())
        self._steps = [TransformLayer(document, each, source=about, **change) for each in chosen]

    @property
    def nbytes(self) -> int:
        """What it keeps."""
        return sum(each.nbytes for each in self._steps)

    def redo(self) -> None:
        """Transform them."""
        for each in self._steps:
            each.redo()
        self.setObsolete(all(each.isObsolete() for each in self._steps))

    def undo(self) -> None:
        """Put them back."""
        for each in self._steps:
            each.undo()


class SetLayers(QUndoCommand):
    """The same properties for several layers, such as a lock or an eye."""

    def __init__(self, document: Document, layers: Iterable[Layer], **properties: Any) -> None:
        super().__init__(_tr("Change layer"))
        self._document, self._after = document, properties
        self._before = [
            (each, {name: getattr(each, name) for name in properties}) for each in layers
        ]

    def redo(self) -> None:
        """Set the new values."""
        self.setObsolete(all(old == self._after for _, old in self._before))
        for layer, _ in self._before:
            self._document.set_layer(layer, **self._after)

    def undo(self) -> None:
        """Set the old values."""
        for layer, old in self._before:
            self._document.set_layer(layer, **old)


def refuse_locked(layers: Sequence[Layer], words: str) -> None:
    """Refuse when one of the layers is locked.

    Args:
        layers: What is to be changed.
        words: Said of the first of them, with '{name}'.

    Raises:
        UsageError: One of them is locked, by itself or by a group.
    """
    for layer in layers:
        if layer.kept:
            raise UsageError(words.format(name=layer.name), _tr("Unlock it first."))


def refuse_locked_alpha(layer: Layer) -> None:
    """Refuse when what the layer covers is to stay.

    Raises:
        UsageError: Its alpha is locked.
    """
    if layer.alpha_locked:
        raise UsageError(
            _tr("The alpha of '{name}' is locked, so it was not cleared.").format(name=layer.name),
            _tr("Unlock its alpha first."),
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

"""Changes of groups: layers are put together, taken apart, and shown as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.document.document import Document
from studio.document.edits.merging import GROUP_PROPERTIES
from studio.document.layer import Group, Layer

Path = tuple[Group, ...]


def groups_at(layers: Sequence[Layer], layer: Layer, index: int) -> Path:
    """The groups that a layer is in once it is moved there, so that members stay neighbours."""
    others = [each for each in layers if each is not layer]
    below = others[index - 1].groups if 0 < index <= len(others) else ()
    above = others[index].groups if index < len(others) else ()
    pairs = ((below, above), (layer.groups, below), (layer.groups, above))
    around = max((common(*pair) for pair in pairs), key=len)
    held = {group.id for each in others for group in each.groups}
    alone = tuple(group for group in layer.groups if group.id not in held)
    return (*around, *alone)


def top_of(order: Sequence[Layer], layer: Layer, depth: int) -> int:
    """Place of the topmost layer of the group at that depth in which a layer lies; else its own."""
    return max(
        index
        for index, each in enumerate(order)
        if each is layer or len(common(each.groups, layer.groups)) > depth
    )


def members(document: Document, group: Group) -> tuple[Layer, ...]:
    """The layers of a group, those of groups inside it too, bottom to top."""
    return tuple(
        layer for layer in document.layers if any(each.id == group.id for each in layer.groups)
    )


class GroupLayers(QUndoCommand):
    """Layers become a group, at the place of the topmost of them.

    Args:
        layers: At least one; the group lies in the groups that all of them share. They leave
            groups of which not all members are among them.
        name: Of the group; 'group N' when empty.
        properties: Of the group: visible, opacity, blend, locked.

    Raises:
        ValueError: There is no layer, or one is not of this document.
    """

    def __init__(
        self, document: Document, layers: Iterable[Layer], name: str = "", **properties: Any
    ) -> None:
        super().__init__(_tr("Group layers"))
        order = document.layers
        chosen = sorted(layers, key=order.index)
        if not chosen:
            raise ValueError("a group needs a layer")
        shared = chosen[0].groups
        for layer in chosen:
            shared = common(shared, layer.groups)
        self.group = Group(name or _free_name(document), **properties)
        self._document, self._was_active = document, document.active
        self._before = order
        # At the top of the whole group in which the topmost lies, never between its members.
        top = top_of(order, chosen[-1], len(shared))
        under = [each for each in order[: top + 1] if each not in chosen]
        self._after = (*under, *chosen, *order[top + 1 :])
        self._paths = [(layer, layer.groups) for layer in chosen]
        # A group of which a member stays behind stays with it: no group lies at two places.
        torn = {group.id for each in order if each not in chosen for group in each.groups}
        torn |= {group.id for group in shared}
        self._grouped = [
            (each, (*shared, self.group, *(one for one in each.groups if one.id not in torn)))
            for each in chosen
        ]

    def redo(self) -> None:
        """Put them together."""
        set_paths(self._document, self._grouped)
        self._document.set_stack(self._after, self._was_active)

    def undo(self) -> None:
        """Put them back."""
        set_paths(self._document, self._paths)
        self._document.set_stack(self._before, self._was_active)


class Ungroup(QUndoCommand):
    """A group is taken apart; its members stay where they are."""

    def __init__(self, document: Document, group: Group) -> None:
        super().__init__(_tr("Ungroup layers"))
        self._document = document
        self._before = [(layer, layer.groups) for layer in members(document, group)]
        self._after = [
            (layer, tuple(each for each in path if each.id != group.id))
            for layer, path in self._before
        ]

    def redo(self) -> None:
        """Take it apart."""
        self.setObsolete(not self._before)
        set_paths(self._document, self._after)

    def undo(self) -> None:
        """Put it together again."""
        set_paths(self._document, self._before)


class GroupProperties(QUndoCommand):
    """Name, visibility, opacity, blend mode or lock of a group.

    Changes of one group's opacity in a row merge while `gesture` is the same.
    """

    def __init__(
        self, document: Document, group: Group, gesture: int = 0, **properties: Any
    ) -> None:
        super().__init__(_tr("Change group"))
        self._document, self.gesture = document, gesture
        self.before, self.after = group, replace(group, **properties)
        self._slides = properties.keys() == {"opacity"}

    def id(self) -> int:
        """What Qt asks to merge."""
        return GROUP_PROPERTIES if self._slides else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the value of a later command of the same drag."""
        if not isinstance(other, GroupProperties):
            return False
        if other.after.id != self.after.id or other.gesture != self.gesture:
            return False
        self.after = other.after
        self.setObsolete(self.before == self.after)
        return True

    def redo(self) -> None:
        """Set the new values."""
        self.setObsolete(self.before == self.after)
        self._put(self.after)

    def undo(self) -> None:
        """Set the old values."""
        self._put(self.before)

    def _put(self, group: Group) -> None:
        paths = [
            (layer, tuple(group if each.id == group.id else each for each in layer.groups))
            for layer in members(self._document, group)
        ]
        set_paths(self._document, paths)


def set_paths(document: Document, paths: Iterable[tuple[Layer, Path]]) -> None:
    """Let layers be in these groups."""
    for layer, path in paths:
        if layer.groups != path:
            document.set_layer(layer, groups=path)


def common(one: Path, other: Path) -> Path:
    """The groups, from the outermost in, that two layers share."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left.id != right.id:
            break
        shared += 1
    return one[:shared]


def _free_name(document: Document) -> str:
    taken = {group.name for layer in document.layers for group in layer.groups}
    number = 1
    while _tr("group {number}").format(number=number) in taken:
        number += 1
    return _tr("group {number}").format(number=number)


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

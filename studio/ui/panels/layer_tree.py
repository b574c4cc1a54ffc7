"""Layer tree: which rows a list of layers in groups has, and where a drop among them leads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from studio.document.edits.groups import common
from studio.document.layer import Group, Layer

Path = tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A layer, or the header of a group.

    Attributes:
        layer: None for a header.
        path: The groups around it, the outermost first; a header's own is the last of them.
        members: The layer, or all layers of the group, bottom to top.
        folded: Whether the members of a header are not listed.
    """

    layer: Layer | None
    path: Path
    members: tuple[Layer, ...]
    folded: bool = False

    @property
    def group(self) -> Group | None:
        """That of a header."""
        return self.path[-1] if self.layer is None else None

    @property
    def depth(self) -> int:
        """How many groups it stands in."""
        return len(self.path) - (self.layer is None)

    @property
    def detail(self) -> str:
        """What differs from a plain layer or group, in words."""
        shown = self.layer if self.layer is not None else self.path[-1]
        parts = [_tr("locked")] if shown.locked else []
        if self.layer is not None and self.layer.alpha_locked and not self.layer.locked:
            parts.append(_tr("alpha locked"))
        if self.layer is None and self.folded:
            parts.append(_tr("{count} layers").format(count=len(self.members)))
        parts += [] if shown.blend == "normal" else [shown.blend.replace("_", " ")]
        parts += [] if shown.opacity >= 1 else [f"{shown.opacity:.0%}"]
        return " · ".join(parts)

    @property
    def key(self) -> int:
        """Tells rows apart: layers and groups share one count of ids."""
        return self.layer.id if self.layer is not None else self.path[-1].id


def rows(layers: Sequence[Layer], folded: Collection[int]) -> tuple[Row, ...]:
    """What is listed, the top first.

    Args:
        layers: Bottom to top.
        folded: Ids of groups whose members are not listed.
    """
    found: list[Row] = []
    before: Path = ()
    for layer in reversed(layers):
        shared = len(common(before, layer.groups))
        for depth in range(shared, len(layer.groups)):
            path = layer.groups[: depth + 1]
            if any(group.id in folded for group in path[:-1]):
                break
            inside = tuple(each for each in layers if path[-1].id in _ids(each))
            found.append(Row(None, path, inside, path[-1].id in folded))
        if not any(group.id in folded for group in layer.groups):
            found.append(Row(layer, layer.groups, (layer,)))
        before = layer.groups
    return tuple(found)


def place_of_drop(
    layers: Sequence[Layer], row: Row | None, where: str, moved: Collection[Layer]
) -> tuple[int, Path]:
    """The place and the groups for layers that are dropped at a row.

    Args:
        layers: Of the document, bottom to top.
        row: Which is dropped at; None: below all.
        where: 'above', 'below' or 'on' it.
        moved: What is dropped.

    Returns:
        The place from the bottom among the layers that do not move, and the groups there.
    """
    if row is None:
        return 0, ()
    order = [each.id for each in layers]
    lowest, highest = order.index(row.members[0].id), order.index(row.members[-1].id)
    path = row.path if row.layer is not None else row.path[:-1]
    if row.layer is None and (where == "on" or (where == "below" and not row.folded)):
        # Right under an unfolded header one is inside, above its first member.
        path, index = row.path, highest + 1
    elif where == "below":
        index = lowest
    else:
        index = highest + 1
    still = {each.id for each in moved}
    return sum(each not in still for each in order[:index]), path


def _ids(layer: Layer) -> set[int]:
    return {group.id for group in layer.groups}


def _tr(text: str) -> str:
    return QCoreApplication.translate("LayersPanel", text)

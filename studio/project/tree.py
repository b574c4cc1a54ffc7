"""Tree: everything of a document but pixels and steps, as JSON values, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any

from studio.core.errors import FileError
from studio.core.geometry import Rect
from studio.document import layer as layers
from studio.document import masks
from studio.document.blends import BLENDS
from studio.document.contents import Contents
from studio.document.layer import KINDS, Group, Layer
from studio.document.masks import Mask

VERSION = 1
#: What the artist chooses without a step of undo.
VIEW = ("active", "mask", "frame")

_NAMES: dict[type, tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind) if each.name not in ("id", "pixels", "groups"))
    for kind in (Layer, Group, Mask)
}
_KNOWN: dict[str, Collection[str]] = {"blend": BLENDS, "kind": KINDS}


def grid_of(owner: Layer | Mask) -> int:
    """The number under which a file keeps its pixels: layers and masks share one count."""
    return 2 * owner.id + isinstance(owner, Mask)


def channels_of(grid: int) -> int:
    """Of the pixels that a file keeps under that number."""
    return 1 if grid % 2 else 4


def tree_of(contents: Contents, name: str) -> dict[str, Any]:
    """What a file keeps of it: 2 us a layer."""
    groups = {group.id: group for layer in contents.layers for group in layer.groups}
    return {
        "version": VERSION,
        "name": name,
        "bounds": _numbers(contents.bounds),
        "frame": _numbers(contents.frame),
        "active": None if contents.active is None else contents.active.id,
        "mask": contents.mask.id,
        "layers": [_layer(layer) for layer in contents.layers],
        "groups": {str(each.id): _plain(each) for each in groups.values()},
        "masks": [_owner(mask) for mask in contents.masks],
    }


def same_picture(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two trees differ at most in what the artist chooses without a step of undo."""
    return all(one.get(key) == value for key, value in other.items() if key not in VIEW)


def grids(tree: Mapping[str, Any]) -> Iterator[int]:
    """The numbers of all layers and masks of a tree."""
    for owner in (*tree["layers"], *tree["masks"]):
        yield owner["grid"]


class Shelf:
    """Layers and masks by their number in a file: the same object whenever one comes back.

    Commands keep the object that they work on, so one that is undone and done again must find it.
    """

    def __init__(self) -> None:
        self._owners: dict[int, Layer | Mask] = {}

    def owner(self, grid: int) -> Layer | Mask:
        """The layer or mask of that number; an empty one when it was not there yet."""
        if grid not in self._owners:
            kind = Mask if grid % 2 else Layer
            self._owners[grid] = kind("", id=grid // 2)
            (masks if grid % 2 else layers).reserve_ids(grid // 2)
        return self._owners[grid]

    def contents(self, tree: Mapping[str, Any]) -> Contents:
        """What the tree says, its properties set on the objects; their pixels stay as they are.

        Raises:
            FileError: It is not a tree of ours.
        """
        try:
            return self._contents(tree)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise FileError(
                "The list of layers in this project does not hold together.",
                "'sfumato check --salvage' saves what can be read.",
            ) from error

    def _contents(self, tree: Mapping[str, Any]) -> Contents:
        groups = {
            int(number): Group(**_fitting(each, Group("")), id=int(number))
            for number, each in tree["groups"].items()
        }
        layers.reserve_ids(max(groups, default=0))
        stack = tuple(self._layer(each, groups) for each in tree["layers"])
        all_masks = tuple(self._mask(each) for each in tree["masks"])
        active = [layer for layer in stack if layer.id == tree["active"]]
        mask = [each for each in all_masks if each.id == tree["mask"]]
        return Contents(
            stack,
            active[0] if active else stack[-1] if stack else None,
            all_masks,
            (mask or all_masks)[0],
            Rect(*map(int, tree["bounds"])),
            Rect(*map(int, tree["frame"])),
        )

    def _layer(self, values: Mapping[str, Any], groups: Mapping[int, Group]) -> Layer:
        layer = self.owner(2 * int(values["id"]))
        assert isinstance(layer, Layer)
        for name, value in _fitting(values, Layer("")).items():
            setattr(layer, name, value)
        layer.groups = tuple(groups[int(number)] for number in values["groups"])
        return layer

    def _mask(self, values: Mapping[str, Any]) -> Mask:
        mask = self.owner(2 * int(values["id"]) + 1)
        assert isinstance(mask, Mask)
        for name, value in _fitting(values, Mask("")).items():
            setattr(mask, name, value)
        return mask


def _owner(owner: Layer | Mask) -> dict[str, Any]:
    return {"id": owner.id, "grid": grid_of(owner), **_plain(owner)}


def _layer(layer: Layer) -> dict[str, Any]:
    return {**_owner(layer), "groups": [group.id for group in layer.groups]}


def _plain(owner: Layer | Group | Mask) -> dict[str, Any]:
    """Whatever properties it has today; `_fitting` brings them back."""
    return {name: getattr(owner, name) for name in _NAMES[type(owner)]}


def _fitting(values: Mapping[str, Any], default: Layer | Group | Mask) -> dict[str, Any]:
    """The properties, each of its type; one that an older studio did not know has its default."""
    found = {}
    for name in _NAMES[type(default)]:
        usual = getattr(default, name)
        found[name] = _of_type(name, values[name], usual) if name in values else usual
    return found


def _of_type(name: str, value: Any, usual: Any) -> Any:
    if name in _KNOWN and value not in _KNOWN[name]:
        raise ValueError(f"{name} '{value}' is not known")
    if isinstance(usual, tuple):
        return tuple(min(max(0, int(each)), 255) for each in value)[: len(usual)]
    if isinstance(usual, float):
        # All are shares. The lower limit comes first: it is what NaN becomes.
        return min(max(0.0, float(value)), 1.0)
    return type(usual)(value)


def _numbers(rect: Rect) -> list[int]:
    return [rect.x, rect.y, rect.width, rect.height]

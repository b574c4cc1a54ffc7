"""Merging layers into one, and whether the picture looks the same afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.document.composite import flatten, flattened, merged
from studio.document.document import Document
from studio.document.edits.groups import common, members, top_of
from studio.document.edits.stack import Restack, copied
from studio.document.layer import Layer
from studio.document.tiles import Key, TileGrid, tile_rect

#: Tiles that are compared to tell whether a merge is seen, spread over all that it touches.
LOOKED_AT = 48
#: Of 255: what rounding to eight bits may do to a mixture of several layers.
ROUNDING = 3


class Merge(Restack):
    """Some layers become one.

    Attributes:
        changes_look: Whether the picture would not look the same, because a blend mode meets
            another ground than before.
    """

    def __init__(self, document: Document, gone: Sequence[Layer], one: Layer, text: str) -> None:
        self._layers = order = document.layers
        # Above a whole group that stays, never between its members.
        top = top_of(order, gone[-1], len(one.groups)) + 1
        under = [each for each in order[:top] if each not in gone]
        self._keys = sorted(set[Key]().union(*(each.pixels.keys() for each in gone)))
        self._bounds = document.bounds
        self._put = (*under, one, *order[top:])
        super().__init__(document, self._put, one, text)

    @property
    def changes_look(self) -> bool:
        """See the class; found by looking."""
        step = -(-len(self._keys) // LOOKED_AT) or 1
        for key in self._keys[::step]:
            area = tile_rect(key).intersected(self._bounds)
            if not area.empty and _apart(self._layers, self._put, area):
                return True
        return False


class MergeDown(Merge):
    """A layer and the one below it become one, with the name and blend mode of the lower.

    Args:
        keep_look: Make it look the same where a blend mode stands against that: the one layer
            holds what is seen now, as far as what lies beneath is opaque, and mixes normally.

    Raises:
        UsageError: Nothing lies below it, one of them is hidden or locked, or they are in other
            groups.
    """

    def __init__(self, document: Document, layer: Layer, keep_look: bool = False) -> None:
        lower = _mergeable(document, layer)
        one = copied(lower, lower.name, merged(lower, layer))
        one.opacity, one.alpha_locked = 1.0, False
        if keep_look:
            one.pixels, one.blend = _as_seen(document, (lower, layer)), "normal"
        super().__init__(document, (lower, layer), one, _tr("Merge down"))


class MergeLayers(Merge):
    """Several layers become one, at the place and with the name of the topmost.

    A group that is merged whole becomes the one layer, with its name, opacity and blend mode.

    Raises:
        UsageError: There are fewer than two, or one of them is hidden or locked.
    """

    def __init__(
        self, document: Document, layers: Iterable[Layer], keep_look: bool = False
    ) -> None:
        chosen = sorted(layers, key=document.layers.index)
        if len(chosen) < 2:
            raise UsageError(_tr("One layer cannot be merged."), _tr("Choose several."))
        _check(chosen)
        shared = chosen[0].groups
        for each in chosen:
            shared = common(shared, each.groups)
        inner = [copied(each, each.name, each.pixels) for each in chosen]
        for each in inner:
            each.groups = each.groups[len(shared) :]
        top = chosen[-1]
        one = Layer(top.name, pixels=flattened(inner), kind=top.kind, groups=shared)
        whole = shared[-1] if shared else None
        if whole is not None and len(members(document, whole)) == len(chosen):
            one.name, one.opacity, one.blend = whole.name, whole.opacity, whole.blend
            one.groups = shared[:-1]
        if keep_look:
            one.pixels, one.opacity, one.blend = _as_seen(document, chosen), 1.0, "normal"
        super().__init__(document, chosen, one, _tr("Merge layers"))


def _mergeable(document: Document, layer: Layer) -> Layer:
    index = document.layers.index(layer)
    lower = document.layers[index - 1] if index > 0 else None
    if lower is None:
        raise UsageError(_tr("There is no layer below this one."), _tr("Choose a higher one."))
    if [each.id for each in layer.groups] != [each.id for each in lower.groups]:
        raise UsageError(
            _tr("The layer below is in another group."), _tr("Move the layer, or ungroup first.")
        )
    _check((lower, layer))
    if lower.alpha_locked:
        raise UsageError(
            _tr("The alpha of the layer below is locked, so it cannot take more in."),
            _tr("Unlock its alpha first."),
        )
    return lower


def _check(layers: Iterable[Layer]) -> None:
    for layer in layers:
        if not layer.shown:
            raise UsageError(
                _tr("A hidden layer cannot be merged: what it holds would be lost unseen."),
                _tr("Show all of them first."),
            )
        if layer.kept:
            raise UsageError(
                _tr("'{name}' is locked, so it was not merged.").format(name=layer.name),
                _tr("Unlock it first."),
            )


def _apart(before: Sequence[Layer], after: Sequence[Layer], area: Rect) -> bool:
    old, new = flatten(before, area).astype(np.int16), flatten(after, area).astype(np.int16)
    # Colours of what is hardly there are seen by nobody.
    share = np.maximum(old[..., 3:], new[..., 3:]) / 255
    colours = np.abs(old[..., :3] - new[..., :3]) * share
    alphas = np.abs(old[..., 3] - new[..., 3])
    return bool((colours > ROUNDING).any() or (alphas > ROUNDING).any())


def _as_seen(document: Document, chosen: Sequence[Layer]) -> TileGrid:
    """What shows where the chosen layers have something, with what lies beneath them."""
    top = document.layers.index(chosen[-1])
    shared = chosen[0].groups
    for each in chosen:
        shared = common(shared, each.groups)
    stack: list[Layer] = []
    for layer in document.layers[: top + 1]:
        path = common(layer.groups, shared)
        if len(path) == len(shared):
            inner = copied(layer, layer.name, layer.pixels)
            inner.groups = inner.groups[len(shared) :]
            stack.append(inner)
    result = TileGrid(4)
    for key in sorted(set[Key]().union(*(each.pixels.keys() for each in chosen))):
        area = tile_rect(key)
        seen = flatten(stack, area)
        covered = np.zeros(seen.shape[:2], np.bool_)
        for each in chosen:
            tile = each.pixels.tile(key)
            if tile is not None:
                covered |= tile[..., 3] > 0
        seen[~covered] = 0
        result.write(area, seen)
    return result


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)

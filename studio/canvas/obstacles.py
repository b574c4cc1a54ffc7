"""Obstacles: why a tool cannot work on the document as it is, in a sentence for the artist."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from studio.canvas.tools.base import BrushSettings, Tool
from studio.canvas.tools.brush import Brush
from studio.canvas.tools.lasso import Lasso
from studio.canvas.tools.polygon import Polygon
from studio.canvas.tools.rectangle import Rectangle
from studio.canvas.tools.transform import Transform
from studio.canvas.tools.wand import Wand
from studio.document.document import Document
from studio.document.layer import Layer


def obstacle(
    document: Document, brush: BrushSettings, tool: Tool, chosen: Sequence[Layer] = ()
) -> str:
    """What keeps `tool` from changing anything; empty if nothing does.

    Args:
        document: What is to be changed.
        brush: Which tells what the brush paints on.
        tool: The one in hand.
        chosen: Layers that are transformed.
    """
    if isinstance(tool, Transform):
        return _of_transform(chosen)
    if isinstance(tool, Brush) and brush.target == "layer":
        return _of_brush(document.active, tool.erases)
    if (
        isinstance(tool, Brush | Rectangle | Lasso | Polygon | Wand)
        and not document.masks.active.visible
    ):
        return _tr("The mask is hidden. Show it to change it.")
    return ""


def _of_transform(chosen: Sequence[Layer]) -> str:
    for layer in chosen:
        if reason := _of_layer(layer):
            return reason
        if layer.alpha_locked:
            return _tr("The alpha of this layer is locked, so it cannot be moved. Unlock it first.")
    if not chosen:
        return _of_layer(None)
    if all(layer.pixels.bounds().empty for layer in chosen):
        return _tr("There is nothing on this layer to be moved.")
    return ""


def _of_brush(layer: Layer | None, erases: bool) -> str:
    if reason := _of_layer(layer):
        return reason
    if layer is not None and layer.alpha_locked:
        if erases:
            return _tr("The alpha of this layer is locked, so nothing can be erased from it.")
        if layer.pixels.bounds().empty:
            return _tr("The alpha of this layer is locked, and it is empty: no paint would hold.")
    return ""


def _of_layer(layer: Layer | None) -> str:
    if layer is None:
        return _tr("There is no layer to change. Add one first.")
    if layer.locked:
        return _tr("This layer is locked. Unlock it, or choose another.")
    if layer.kept:
        return _tr("The group of this layer is locked. Unlock it, or choose another layer.")
    if not layer.visible:
        return _tr("This layer is hidden. Show it, or choose another.")
    if not layer.shown:
        return _tr("The group of this layer is hidden. Show it, or choose another layer.")
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("canvas", text)

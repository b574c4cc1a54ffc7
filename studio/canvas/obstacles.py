"""Obstacles: why a tool cannot work on the document as it is, in a sentence for the artist."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.canvas.tools.base import BrushSettings, Tool
from studio.canvas.tools.brush import Brush
from studio.canvas.tools.lasso import Lasso
from studio.canvas.tools.polygon import Polygon
from studio.canvas.tools.rectangle import Rectangle
from studio.canvas.tools.transform import Transform
from studio.canvas.tools.wand import Wand
from studio.document.document import Document


def obstacle(document: Document, brush: BrushSettings, tool: Tool) -> str:
    """What keeps `tool` from changing anything; empty if nothing does."""
    if isinstance(tool, Transform) or (isinstance(tool, Brush) and brush.target == "layer"):
        return _of_layer(document)
    if isinstance(tool, Brush | Rectangle | Lasso | Polygon | Wand) and not document.mask.visible:
        return _tr("The mask is hidden. Show it to change it.")
    return ""


def _of_layer(document: Document) -> str:
    layer = document.active
    if layer is None:
        return _tr("There is no layer to change. Add one first.")
    if layer.locked:
        return _tr("This layer is locked. Unlock it, or choose another.")
    if not layer.visible:
        return _tr("This layer is hidden. Show it, or choose another.")
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("canvas", text)

"""Selecting: what the tools for shapes share, from a drawn shape to a change of the mask."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.base import Pointer
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.edits import MaskWrite
from studio.document.mask_ops import combine


def way(at: Pointer, default: str) -> str:
    """How a shape joins the mask: Shift adds, Alt subtracts, both intersect, Ctrl replaces.

    Args:
        at: The press.
        default: Without a modifier, a member of `mask_ops.COMBINATIONS`.
    """
    if at.alt:
        return "intersect" if at.shift else "subtract"
    if at.shift:
        return "add"
    return "replace" if at.control else default


def selected(
    document: Document, shape: Callable[[Rect], Pixels], bounds: Rect, how: str
) -> QUndoCommand | None:
    """The command that joins a shape to the mask; None when it would change nothing.

    Args:
        document: Whose mask.
        shape: The shape as uint8 `[h, w]` of any area, document px.
        bounds: Of the shape, document px.
        how: See `way`.
    """
    if not document.has_picture:
        return None
    area = bounds.intersected(document.bounds.united(document.frame))
    if how in ("replace", "intersect"):
        area = area.united(document.masks.active.bounds())
    if area.empty:
        return None
    after = combine(document.masks.active.read(area), shape(area), how)
    texts = {
        "add": QCoreApplication.translate("canvas", "Add to mask"),
        "subtract": QCoreApplication.translate("canvas", "Subtract from mask"),
        "intersect": QCoreApplication.translate("canvas", "Intersect with mask"),
        "replace": QCoreApplication.translate("canvas", "New mask"),
    }
    command = MaskWrite(document, area, after, texts[how])
    return command if command.change.parts else None

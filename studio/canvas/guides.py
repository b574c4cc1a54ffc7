"""Guides: the grid between single pixels, and rulers along the view's edges."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from studio.canvas.look import Look
from studio.canvas.viewport import Viewport
from studio.core.geometry import Rect

#: From this zoom on there is room for a line between two pixels.
GRID_FROM = 8.0
#: Width of a ruler, view px.
RULER = 20
#: Nearest that two numbers of a ruler may come, view px.
APART = 64


def paint_grid(
    painter: QPainter, look: Look, viewport: Viewport, within: Rect, exposed: Rect
) -> None:
    """Thin lines between the pixels of `within` (document px); nothing below 800 %.

    Args:
        painter: Its px are the sheet's.
        look: Whose colour.
        viewport: Upright.
        within: Document px.
        exposed: Px of the sheet.
    """
    seen = viewport.seen(exposed).intersected(within)
    if viewport.zoom < GRID_FROM or seen.empty:
        return
    painter.setPen(QPen(QColor(*look.grid), 1))
    left, top = viewport.to_device(seen.x, seen.y)
    right, bottom = viewport.to_device(seen.right, seen.bottom)
    for column in range(seen.x, seen.right):
        x = round(viewport.to_device(column, 0)[0])
        painter.drawLine(QPointF(x, top), QPointF(x, bottom - 1))
    for row in range(seen.y, seen.bottom):
        y = round(viewport.to_device(0, row)[1])
        painter.drawLine(QPointF(left, y), QPointF(right - 1, y))


def step(grain: float) -> int:
    """Document px from number to number: 1, 2 or 5 times a power of ten.

    Args:
        grain: Document px per view px.
    """
    least = max(1.0, grain * APART)
    power = 10 ** math.floor(math.log10(least))
    return next(int(power * each) for each in (1, 2, 5, 10) if power * each >= least)


def marks(viewport: Viewport, across: bool, grain: float) -> Iterator[tuple[int, float]]:
    """Numbers along the upper edge (or the left one) and where they lie, device px.

    Nothing on a slanted view, where an edge runs along no row and no column.
    """
    if viewport.slanted:
        return
    width, height = viewport.size.width, viewport.size.height
    first = viewport.to_document(0, 0)
    last = viewport.to_document(*((width, 0) if across else (0, height)))
    # At a quarter of a turn the columns of the document run along the other edge.
    axis = 0 if abs(last[0] - first[0]) > abs(last[1] - first[1]) else 1
    low, high = sorted((first[axis], last[axis]))
    gap = step(grain)
    for number in range(math.ceil(low / gap) * gap, math.floor(high) + 1, gap):
        spot = (number, first[1]) if axis == 0 else (first[0], number)
        yield number, viewport.to_device(*spot)[0 if across else 1]


def paint_rulers(painter: QPainter, look: Look, viewport: Viewport, ratio: float) -> None:
    """Numbers of document px along the upper and the left edge; the painter is in device px."""
    wide = round(RULER * ratio)
    width, height = viewport.size.width, viewport.size.height
    for across in (True, False):
        painter.save()
        # The left ruler is the upper one on its side.
        if not across:
            painter.translate(wide, 0)
            painter.rotate(90)
        length = width if across else height
        painter.fillRect(0, 0, length, wide, QColor(*look.surround))
        painter.setPen(QPen(QColor(*look.marks), max(1, round(ratio))))
        painter.drawLine(0, wide - 1, length, wide - 1)
        font = painter.font()
        font.setPixelSize(round(9 * ratio))
        painter.setFont(font)
        for number, at in marks(viewport, across, ratio / viewport.zoom):
            painter.drawLine(QPointF(at, wide * 0.4), QPointF(at, wide))
            box = QRectF(at + 3 * ratio, 0, APART * ratio, wide - 2 * ratio)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, str(number))
        painter.restore()

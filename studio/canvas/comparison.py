"""Comparison: a take against what lies beneath it, side by side, in turns, or as what differs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from studio.canvas.look import Look
from studio.canvas.placed import Placed, Together
from studio.canvas.viewport import Viewport
from studio.core.geometry import Rect

WIPE, FLICKER, DIFFERENCE = KINDS = ("wipe", "flicker", "difference")
#: Of the wipe's line, view px: how far it reaches beyond the take, and the radius of its knob.
BEYOND = 10.0
KNOB = 11.0


@dataclass(slots=True)
class Comparison:
    """How a take is compared.

    Attributes:
        kind: A member of `KINDS`.
        area: Of the take, document px.
        split: Of a wipe: the take lies right of this share of the area's width.
        shown: Of a flicker: whether the take shows now.
        difference: Of a difference: what differs, made visible.
    """

    kind: str
    area: Rect
    split: float = 0.5
    shown: bool = True
    difference: Placed | None = None

    def paint(
        self, painter: QPainter, viewport: Viewport, exposed: Rect, take: Placed | Together
    ) -> None:
        """Draw what is to be seen of the take in `exposed`; all in px of the sheet."""
        if self.kind == DIFFERENCE:
            if self.difference is not None:
                self.difference.paint(painter, viewport, exposed)
        elif self.kind == FLICKER:
            if self.shown:
                take.paint(painter, viewport, exposed)
        else:
            line = round(self._line(viewport))
            right = Rect.between(max(line, exposed.x), exposed.y, exposed.right, exposed.bottom)
            if not right.empty:
                take.paint(painter, viewport, right)

    def paint_line(self, painter: QPainter, look: Look, viewport: Viewport, ratio: float) -> None:
        """The line between before and after, with a knob to take hold of."""
        if self.kind != WIPE:
            return
        x, place = self._line(viewport), viewport.device_rect(self.area)
        top, bottom = place.y - BEYOND * ratio, place.bottom + BEYOND * ratio
        middle = QPointF(x, (place.y + place.bottom) / 2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((look.edge, 3 * ratio), (look.line, 1.5 * ratio)):
            painter.setPen(QPen(QColor(*colour[:3]), width))
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        painter.setPen(QPen(QColor(*look.edge[:3]), ratio))
        painter.setBrush(QColor(*look.line[:3]))
        painter.drawEllipse(middle, KNOB * ratio, KNOB * ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*look.edge[:3]))
        for way in (-1, 1):
            tip = middle + QPointF(way * 7 * ratio, 0)
            back = QPointF(way * -4 * ratio, 0)
            up = QPointF(0, 4 * ratio)
            painter.drawPolygon(QPolygonF([tip, tip + back + up, tip + back - up]))
        painter.restore()

    def split_at(self, x: float) -> float:
        """The split that puts the line there; x in document px."""
        return min(max((x - self.area.x) / max(1, self.area.width), 0.0), 1.0)

    def near(self, x: float, y: float, reach: float) -> bool:
        """Whether a press there takes hold of the line; all in document px."""
        line = self.area.x + self.split * self.area.width
        return (
            self.kind == WIPE
            and abs(x - line) <= reach
            and self.area.y - reach <= y <= self.area.bottom + reach
        )

    def _line(self, viewport: Viewport) -> float:
        place = viewport.device_rect(self.area)
        return place.x + self.split * place.width

"""Dot: a round light."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget


class Dot(QWidget):
    """Eight px wide; `colour` is a name as QColor reads it, without alpha nothing is seen."""

    colour = "#808080"

    def sizeHint(self) -> QSize:
        return QSize(8, 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(QColor(self.colour))
        middle = self.height() / 2
        painter.drawEllipse(QRectF(0, middle - 4, 8, 8))

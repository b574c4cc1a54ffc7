"""ToolRail: the tools, and the brush's size and hardness, along the left edge."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QIcon,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QSlider, QVBoxLayout

from studio.ui.actions import RAIL, Actions
from studio.ui.flyout import Flyout
from studio.ui.pieces import icon_button

WIDTH = 44
#: Brush sizes of the slider, document px; finer at the small end.
SMALLEST, LARGEST = 1.0, 500.0
_NOTCHES = 200


class ToolRail(QFrame):
    """One column of 20 px icons.

    Signals:
        size_changed: float, diameter in document px.
        hardness_changed: float, 0 to 1.
        colour_clicked: The artist wants another colour for layers.
    """

    size_changed = Signal(float)
    hardness_changed = Signal(float)
    colour_clicked = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 6, 8)
        column.setSpacing(2)
        for group in RAIL:
            column.addWidget(Flyout([actions[key] for key in group]))
        column.addSpacing(6)
        self.colour = icon_button(QIcon(), self.tr("Paint with a colour on the layer"))
        self.colour.setFixedSize(32, 32)
        self.colour.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.colour.clicked.connect(self.colour_clicked.emit)
        self.options = Flyout([actions["tool_options"]])
        for button in (Flyout([actions["paint_layer"]]), self.colour, self.options):
            column.addWidget(button)
        column.addSpacing(6)
        self._size = _Upright(self.tr("Size of the brush in px ([ and ])"))
        self._hardness = _Upright(self.tr("Hardness of the brush's edge (Shift with [ and ])"))
        for slider in (self._size, self._hardness):
            column.addWidget(slider, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(6)
        self._size.valueChanged.connect(lambda value: self.size_changed.emit(_to_size(value)))
        self._hardness.valueChanged.connect(
            lambda value: self.hardness_changed.emit(value / _NOTCHES)
        )
        column.addStretch(1)
        for key in ("invert_mask", "clear_mask", "undo", "redo"):
            column.addWidget(Flyout([actions[key]]))

    def show_colour(self, colour: QColor) -> None:
        """Show what layers are painted with."""
        self.colour.setIcon(_swatch(colour))

    def show_brush(self, size: float, hardness: float) -> None:
        """Show what the canvas paints with, without saying that it changed."""
        shown = (
            (self._size, _from_size(size), f"{size:.0f}"),
            (self._hardness, round(hardness * _NOTCHES), f"{hardness:.0%}"),
        )
        for slider, value, text in shown:
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
            slider.caption = text
            slider.update()


class _Upright(QSlider):
    """A slim upright slider with its value under it."""

    caption = ""

    def __init__(self, hint: str) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setRange(0, _NOTCHES)
        self.setToolTip(hint)
        self.setAccessibleName(hint)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 8, 112)

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDTH - 8, 56)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._follow(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y()
        self.setValue(self.value() + (4 if turn > 0 else -4 if turn < 0 else 0))
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, roles = self.palette(), QPalette.ColorRole
        track = self._track()
        painter.setPen(colours.color(roles.Highlight) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(colours.color(roles.Base))
        painter.drawRoundedRect(track, 5, 5)
        knob = track.bottom() - 5 - (track.height() - 10) * self.value() / _NOTCHES
        lit = colours.color(roles.Text if self.underMouse() else roles.PlaceholderText)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(lit)
        painter.drawRoundedRect(QRectF(track.center().x() - 10, knob - 4, 20, 8), 4, 4)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(colours.color(roles.PlaceholderText))
        foot = QRectF(0, track.bottom(), self.width(), 18)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, self.caption)

    def _track(self) -> QRectF:
        return QRectF(self.width() / 2 - 5, 0.5, 10, self.height() - 20)

    def _follow(self, at: QPointF) -> None:
        track = self._track()
        share = (track.bottom() - 5 - at.y()) / max(1.0, track.height() - 10)
        self.setValue(round(min(max(share, 0.0), 1.0) * _NOTCHES))


def _swatch(colour: QColor) -> QIcon:
    pixmap = QPixmap(40, 40)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(Qt.GlobalColor.gray, 2))
    painter.setBrush(colour)
    painter.drawRoundedRect(4, 4, 32, 32, 6, 6)
    painter.end()
    return QIcon(pixmap)


def _to_size(notch: int) -> float:
    return round(SMALLEST * math.pow(LARGEST / SMALLEST, notch / _NOTCHES), 1)


def _from_size(size: float) -> int:
    inside = min(max(size, SMALLEST), LARGEST)
    return round(math.log(inside / SMALLEST) / math.log(LARGEST / SMALLEST) * _NOTCHES)

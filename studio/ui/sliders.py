"""ValueSlider: one number in one row, with its unit, its default marked, and text entry."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QSlider, QWidget


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers of a slider.

    Attributes:
        low: Smallest value.
        high: Greatest value.
        step: What one key press or one wheel click changes; all values are multiples of it.
        unit: Shown behind the value, may be empty.
        decimals: Digits behind the point.
    """

    low: float
    high: float
    step: float = 1.0
    unit: str = ""
    decimals: int = 0


class ValueSlider(QSlider):
    """Drag or wheel to change, type to enter, double click to reset.

    Signals:
        value_changed: float, by whatever way.
        value_settled: The pointer or key let go: a good moment for one undo step.
    """

    value_changed = Signal(float)
    value_settled = Signal()

    def __init__(self, name: str, scale: Scale, default: float, hint: str = "") -> None:
        """A slider that says `name`; `hint` is one sentence of help."""
        super().__init__(Qt.Orientation.Horizontal)
        self._name, self._scale, self._default, self._hint = name, scale, default, hint
        self._editor: QLineEdit | None = None
        self.setAccessibleName(name)
        self.setRange(round(scale.low / scale.step), round(scale.high / scale.step))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPageStep(max(1, (self.maximum() - self.minimum()) // 10))
        self.set_value(default)
        self.valueChanged.connect(lambda _: self.value_changed.emit(self.value_now()))
        self._explain()

    def value_now(self) -> float:
        """The value, a multiple of the step."""
        return round(self.value() * self._scale.step, 6)

    def set_value(self, value: float) -> None:
        """Show that value, moved into the range."""
        low, high = self._scale.low, self._scale.high
        self.setValue(round(min(max(value, low), high) / self._scale.step))

    def set_default(self, value: float) -> None:
        """What is marked, and what a double click brings back."""
        self._default = value
        self._explain()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 32)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._follow(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.value_settled.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.set_value(self._default)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if turn:
            self.setValue(self.value() + (1 if turn > 0 else -1))
            self.value_settled.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if text and (text.isdigit() or text in ".,-"):
            self._type(text.replace(",", "."))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._type("")
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.set_value(self._default)
        else:
            super().keyPressEvent(event)
            self.value_settled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, area = self.palette(), QRectF(self.rect()).adjusted(0.5, 3.5, -0.5, -3.5)
        roles = QPalette.ColorRole
        focused = self.hasFocus()
        painter.setPen(colours.color(roles.Highlight) if focused else Qt.PenStyle.NoPen)
        hover = self.underMouse() and self.isEnabled()
        painter.setBrush(colours.color(roles.Base))
        painter.drawRoundedRect(area, 6, 6)
        span = max(1, self.maximum() - self.minimum())
        share = (self.value() - self.minimum()) / span
        fill = colours.color(roles.Highlight)
        fill.setAlphaF(0.38 if hover else 0.28)
        painter.save()
        painter.setClipRect(QRectF(area.left(), area.top(), area.width() * share, area.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(area, 6, 6)
        painter.restore()
        mark = area.left() + 6 + (area.width() - 12) * self._share(self._default)
        painter.setPen(colours.color(roles.PlaceholderText))
        painter.drawLine(QPointF(mark, area.bottom() - 4), QPointF(mark, area.bottom()))
        inside = area.adjusted(8, 0, -8, 0)
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colours.color(roles.PlaceholderText))
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | vertical, self._name)
        painter.setPen(colours.color(roles.Text))
        painter.drawText(
            inside, Qt.AlignmentFlag.AlignRight | vertical, self._shown(self.value_now())
        )

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self.update()
        return super().event(event)

    def _share(self, value: float) -> float:
        span = self._scale.high - self._scale.low
        return min(max((value - self._scale.low) / span, 0.0), 1.0) if span else 0.0

    def _shown(self, value: float) -> str:
        text = f"{value:.{self._scale.decimals}f}"
        return f"{text} {self._scale.unit}" if self._scale.unit else text

    def _explain(self) -> None:
        default = self.tr("Default {value}; double click to reset.")
        default = default.format(value=self._shown(self._default))
        self.setToolTip(f"{self._hint} {default}".strip())

    def _follow(self, at: QPointF) -> None:
        share = min(max(at.x() / max(1, self.width()), 0.0), 1.0)
        self.setValue(self.minimum() + round(share * (self.maximum() - self.minimum())))

    def _type(self, start: str) -> None:
        if self._editor is None:
            self._editor = _Entry(self)
            self._editor.editingFinished.connect(self._typed)
        text = start or f"{self.value_now():.{self._scale.decimals}f}"
        self._editor.setGeometry(self.rect())
        self._editor.setText(text)
        self._editor.show()
        self._editor.setFocus()
        if not start:
            self._editor.selectAll()

    def _typed(self) -> None:
        if self._editor is None or not self._editor.isVisible():
            return
        self._editor.hide()
        self.setFocus()
        try:
            value = float(self._editor.text().replace(",", "."))
        except ValueError:
            return
        if value == value:  # not NaN
            self.set_value(value)
            self.value_settled.emit()


class _Entry(QLineEdit):
    """The text field over a slider; Escape leaves the value as it was."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.clearFocus()
        else:
            super().keyPressEvent(event)
            event.accept()  # Enter ends the entry and must not press the default button

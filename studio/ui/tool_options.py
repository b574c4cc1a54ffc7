"""ToolOptions: what else brush, shapes and wand can be set to, in a popover at the rail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QVBoxLayout, QWidget

from studio.canvas.view import CanvasView
from studio.ui.pieces import label
from studio.ui.sliders import Scale, ValueSlider

_SHARE = Scale(0, 100, 1, "%")
_MODES = ("add", "subtract", "intersect", "replace")


class ToolOptions(QFrame):
    """Follows the canvas, and the canvas follows it; a click elsewhere folds it."""

    def __init__(self, canvas: CanvasView, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self._canvas, self._window = canvas, window
        self._showing = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 12)
        self._column.setSpacing(4)
        self._heading(self.tr("Brush and eraser"))
        self._brush = {
            "opacity": self._slider(self.tr("Opacity"), 100, self.tr("Of a whole stroke.")),
            "flow": self._slider(
                self.tr("Flow"), 100, self.tr("What one touch lays down; touches add up.")
            ),
            "spacing": self._slider(
                self.tr("Spacing"), 10, self.tr("From touch to touch, of the brush's size."), 1
            ),
            "smoothing": self._slider(self.tr("Smoothing"), 0, self.tr("Calms the hand.")),
            "pressure_size": self._slider(
                self.tr("Pen: size"), 70, self.tr("How much the pen's pressure rules the size.")
            ),
            "pressure_flow": self._slider(
                self.tr("Pen: flow"), 0, self.tr("How much the pen's pressure rules the flow.")
            ),
        }
        self._heading(self.tr("Shapes and wand"))
        self.mode = self._modes()
        self.tolerance = ValueSlider(
            self.tr("Tolerance"),
            Scale(0, 255),
            32,
            self.tr("How far the wand goes from the colour that was clicked."),
        )
        self.contiguous = QCheckBox(self.tr("Only what hangs together"))
        self.layer = QCheckBox(self.tr("Look at the layer alone"))
        for widget in (self.mode, self.tolerance, self.contiguous, self.layer):
            self._column.addWidget(widget)
        self._heading(self.tr("Transform"))
        self.resampling = self._filters()
        self._column.addWidget(self.resampling)
        self._connect()
        self._show()

    def unfold(self, beside: QWidget) -> None:
        """Show it to the right of that widget, within the window."""
        self._show()
        self.adjustSize()
        spot = beside.mapToGlobal(QPoint(beside.width() + 8, 0))
        floor = self._window.mapToGlobal(QPoint(0, self._window.height()))
        spot.setY(min(spot.y(), floor.y() - self.height() - 8))
        self.move(spot)
        self.show()
        self._brush["opacity"].setFocus()

    def _connect(self) -> None:
        for name, slider in self._brush.items():
            slider.value_changed.connect(lambda value, name=name: self._on_brush(name, value))
        self.mode.activated.connect(
            lambda index: self._canvas.set_selection_mode(str(self.mode.itemData(index)))
        )
        self.resampling.activated.connect(
            lambda index: self._canvas.set_resampling(str(self.resampling.itemData(index)))
        )
        self.tolerance.value_changed.connect(lambda _: self._on_wand())
        self.contiguous.toggled.connect(lambda _: self._on_wand())
        self.layer.toggled.connect(lambda _: self._on_wand())
        self._canvas.brush_changed.connect(self._show)

    def _show(self) -> None:
        self._showing = True
        brush, wand = self._canvas.brush, self._canvas.wand
        for name, slider in self._brush.items():
            slider.set_value(getattr(brush, name) * 100)
        self.tolerance.set_value(wand.tolerance)
        self.contiguous.setChecked(wand.contiguous)
        self.layer.setChecked(wand.layer)
        self._showing = False

    def _on_brush(self, name: str, percent: float) -> None:
        if not self._showing:
            share: dict[str, Any] = {name: percent / 100}
            self._canvas.set_brush(replace(self._canvas.brush, **share))

    def _on_wand(self) -> None:
        if not self._showing:
            self._canvas.set_wand(
                replace(
                    self._canvas.wand,
                    tolerance=round(self.tolerance.value_now()),
                    contiguous=self.contiguous.isChecked(),
                    layer=self.layer.isChecked(),
                )
            )

    def _heading(self, text: str) -> None:
        self._column.addSpacing(4)
        self._column.addWidget(label(text, "heading"))

    def _slider(self, name: str, default: float, hint: str, low: float = 0) -> ValueSlider:
        slider = ValueSlider(name, replace(_SHARE, low=low), default, hint)
        slider.setMinimumWidth(220)
        self._column.addWidget(slider)
        return slider

    def _modes(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("How a shape joins the mask"))
        box.setToolTip(self.tr("Shift adds, Alt takes away, whatever is chosen here"))
        names = (
            self.tr("Add to the mask"),
            self.tr("Take from the mask"),
            self.tr("Keep what both cover"),
            self.tr("In place of the mask"),
        )
        for key, name in zip(_MODES, names, strict=True):
            box.addItem(name, key)
        return box

    def _filters(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Filter of the transform tool"))
        box.setToolTip(self.tr("How pixels are mixed when a layer is scaled or rotated"))
        for key, name in (
            ("bicubic", self.tr("Even (bicubic)")),
            ("lanczos", self.tr("Sharp (Lanczos)")),
            ("bilinear", self.tr("Soft (bilinear)")),
            ("nearest", self.tr("Hard pixels (nearest)")),
        ):
            box.addItem(name, key)
        return box

"""SizeFields: width and height of a picture, side by side."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from studio.core.geometry import Size
from studio.core.request import MAX_EDGE
from studio.ui.pieces import label


class SizeFields(QWidget):
    """Takes no edge that a picture cannot have; keeps proportions when it is told to."""

    def __init__(self, size: Size) -> None:
        """`size` is shown at first."""
        super().__init__()
        self.width_box = self._edge(self.tr("Width"), size.width)
        self.height_box = self._edge(self.tr("Height"), size.height)
        self._kept: Size | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.width_box, 1)
        row.addWidget(label("×"))
        row.addWidget(self.height_box, 1)
        self.width_box.valueChanged.connect(self._on_width)
        self.height_box.valueChanged.connect(self._on_height)

    def value(self) -> Size:
        """What is entered."""
        return Size(self.width_box.value(), self.height_box.value())

    def set_value(self, size: Size) -> None:
        """Show that size, whatever proportions were kept."""
        self._set(self.width_box, size.width)
        self._set(self.height_box, size.height)

    def keep(self, proportions: Size | None) -> None:
        """From now on one edge follows the other as in that size; None: each is on its own."""
        self._kept = proportions

    def _on_width(self, width: int) -> None:
        if self._kept is not None:
            self._set(self.height_box, round(width * self._kept.height / self._kept.width))

    def _on_height(self, height: int) -> None:
        if self._kept is not None:
            self._set(self.width_box, round(height * self._kept.width / self._kept.height))

    def _set(self, box: QSpinBox, value: int) -> None:
        before = box.blockSignals(True)
        box.setValue(value)
        box.blockSignals(before)

    def _edge(self, name: str, value: int) -> QSpinBox:
        box = QSpinBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setRange(1, MAX_EDGE)
        box.setSuffix(" px")
        box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        box.setValue(value)
        return box

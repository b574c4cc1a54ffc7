"""NewCanvas: the size and the ground of a new picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from studio.core.geometry import Size
from studio.ui.dialogs.size_fields import SizeFields

SHAPES = ((1, 1), (4, 3), (3, 4), (16, 9), (9, 16))


class NewCanvas(QDialog):
    """Asks for a size and a ground.

    Signals:
        chosen: Size, and the colour (sRGB and alpha) or None for a transparent ground.
    """

    chosen = Signal(object, object)

    def __init__(self, window: QWidget, native: int) -> None:
        """`native` is the edge that the model works best at."""
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("New canvas"))
        self.fields = SizeFields(Size(2 * native, 2 * native))
        self.ground = QComboBox()
        self.ground.addItem(self.tr("White"), (255, 255, 255, 255))
        self.ground.addItem(self.tr("Mid grey"), (128, 128, 128, 255))
        self.ground.addItem(self.tr("Black"), (0, 0, 0, 255))
        self.ground.addItem(self.tr("Transparent"), None)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        create = self._buttons.addButton(self.tr("Create"), QDialogButtonBox.ButtonRole.AcceptRole)
        create.setProperty("primary", True)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out(native)

    def accept(self) -> None:
        self.chosen.emit(self.fields.value(), self.ground.currentData())
        super().accept()

    def _lay_out(self, native: int) -> None:
        shapes = QHBoxLayout()
        shapes.setSpacing(4)
        for wide, high in SHAPES:
            button = QPushButton(f"{wide}:{high}")
            button.setAutoDefault(False)
            button.clicked.connect(
                lambda _=False, wide=wide, high=high: self._shape(wide / high, native)
            )
            shapes.addWidget(button)
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        form.addRow(self.tr("Shape"), shapes)
        form.addRow(self.tr("Size"), self.fields)
        form.addRow(self.tr("Ground"), self.ground)
        form.addRow(self._buttons)

    def _shape(self, ratio: float, native: int) -> None:
        area = (2 * native) ** 2
        edges = (round(edge**0.5 / 8) * 8 for edge in (area * ratio, area / ratio))
        self.fields.set_value(Size(*edges))

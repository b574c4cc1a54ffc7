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
    QSpinBox,
    QWidget,
)

from studio.core.geometry import Size
from studio.core.request import MAX_EDGE
from studio.ui.pieces import label

#: As many pixels as a file may hold (document/files): 16384 x 16384.
MAX_AREA = 268_435_456
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
        self.width_box, self.height_box = self._edge(2 * native), self._edge(2 * native)
        self.ground = QComboBox()
        self.ground.addItem(self.tr("White"), (255, 255, 255, 255))
        self.ground.addItem(self.tr("Mid grey"), (128, 128, 128, 255))
        self.ground.addItem(self.tr("Black"), (0, 0, 0, 255))
        self.ground.addItem(self.tr("Transparent"), None)
        self._note = label("", "hint", wrapped=True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._create = self._buttons.addButton(
            self.tr("Create"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._create.setProperty("primary", True)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out(native)
        self._check()

    def accept(self) -> None:
        self.chosen.emit(self.size_now(), self.ground.currentData())
        super().accept()

    def size_now(self) -> Size:
        """What is entered."""
        return Size(self.width_box.value(), self.height_box.value())

    def _edge(self, value: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(1, MAX_EDGE)
        box.setSuffix(" px")
        box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        box.setValue(value)
        box.valueChanged.connect(lambda _: self._check())
        return box

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
        form.addRow(self.tr("Width"), self.width_box)
        form.addRow(self.tr("Height"), self.height_box)
        form.addRow(self.tr("Ground"), self.ground)
        form.addRow(self._note)
        form.addRow(self._buttons)

    def _shape(self, ratio: float, native: int) -> None:
        area = (2 * native) ** 2
        self.width_box.setValue(round((area * ratio) ** 0.5 / 8) * 8)
        self.height_box.setValue(round((area / ratio) ** 0.5 / 8) * 8)

    def _check(self) -> None:
        if not hasattr(self, "_create"):
            return
        fits = self.size_now().area <= MAX_AREA
        self._create.setEnabled(fits)
        note = self.tr("That is more than {most} million pixels.").format(most=MAX_AREA // 10**6)
        self._note.setText("" if fits else note)

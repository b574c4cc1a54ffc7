"""SizeDialog: another size for the picture, with or without scaling what it shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QWidget,
)

from studio.core.geometry import Size
from studio.core.request import MAX_EDGE
from studio.ui.dialogs.new_canvas import MAX_AREA
from studio.ui.pieces import label


class SizeDialog(QDialog):
    """Asks for width and height, and for one choice more.

    Signals:
        chosen: Size, and the data of the choice.
    """

    chosen = Signal(object, object)

    def __init__(
        self,
        window: QWidget,
        title: str,
        size: Size,
        choice: tuple[str, list[tuple[str, object]]],
        proportional: bool,
    ) -> None:
        """`size` is that of now, `choice` its name and what there is to choose from."""
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._was, self._following = size, False
        self.width_box, self.height_box = self._edge(size.width), self._edge(size.height)
        self.proportional = QCheckBox(self.tr("Keep the proportions"))
        self.proportional.setChecked(proportional)
        self.choice = QComboBox()
        for text, data in choice[1]:
            self.choice.addItem(text, data)
        self._note = label("", "hint", wrapped=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._apply = buttons.addButton(self.tr("Apply"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._apply.setProperty("primary", True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        form.addRow(self.tr("Width"), self.width_box)
        form.addRow(self.tr("Height"), self.height_box)
        form.addRow("", self.proportional)
        form.addRow(choice[0], self.choice)
        form.addRow(self._note)
        form.addRow(buttons)
        self.width_box.valueChanged.connect(lambda _: self._follow(across=True))
        self.height_box.valueChanged.connect(lambda _: self._follow(across=False))

    def accept(self) -> None:
        self.chosen.emit(self.size_now(), self.choice.currentData())
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
        return box

    def _follow(self, across: bool) -> None:
        """The other edge keeps the proportions; too many pixels are said."""
        if self.proportional.isChecked() and not self._following:
            self._following = True
            if across:
                ratio = self._was.height / self._was.width
                self.height_box.setValue(max(1, round(self.width_box.value() * ratio)))
            else:
                ratio = self._was.width / self._was.height
                self.width_box.setValue(max(1, round(self.height_box.value() * ratio)))
            self._following = False
        fits = self.size_now().area <= MAX_AREA
        self._apply.setEnabled(fits)
        note = self.tr("That is more than {most} million pixels.").format(most=MAX_AREA // 10**6)
        self._note.setText("" if fits else note)

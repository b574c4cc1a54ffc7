"""SizeDialog: another size for the picture, with or without scaling what it shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QWidget,
)

from studio.core.geometry import Size
from studio.ui.dialogs.size_fields import SizeFields


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
        self.fields = SizeFields(size)
        self.proportional = QCheckBox(self.tr("Keep the proportions"))
        self.proportional.toggled.connect(lambda on: self.fields.keep(size if on else None))
        self.proportional.setChecked(proportional)
        self.choice = QComboBox()
        for text, data in choice[1]:
            self.choice.addItem(text, data)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        apply = buttons.addButton(self.tr("Apply"), QDialogButtonBox.ButtonRole.AcceptRole)
        apply.setProperty("primary", True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        form.addRow(self.tr("Size"), self.fields)
        form.addRow("", self.proportional)
        form.addRow(choice[0], self.choice)
        form.addRow(buttons)

    def accept(self) -> None:
        self.chosen.emit(self.fields.value(), self.choice.currentData())
        super().accept()

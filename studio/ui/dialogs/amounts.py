"""Amounts: a small dialog that asks for one number or a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from studio.ui.pieces import label
from studio.ui.sliders import Scale, ValueSlider


@dataclass(frozen=True, slots=True)
class Amount:
    """One number that is asked for.

    Attributes:
        name: What it is.
        scale: Which values it may have.
        default: What it begins with.
    """

    name: str
    scale: Scale
    default: float


class Amounts(QDialog):
    """Asks beside the picture, which stays in sight.

    Signals:
        chosen: tuple[float, ...], a value for each amount.
    """

    chosen = Signal(object)

    def __init__(
        self, window: QWidget, title: str, amounts: Sequence[Amount], hint: str = ""
    ) -> None:
        """Ask for `amounts`; `hint` is one sentence of help."""
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        self.sliders = [ValueSlider(each.name, each.scale, each.default) for each in amounts]
        for slider in self.sliders:
            slider.setMinimumWidth(260)
            column.addWidget(slider)
        if hint:
            column.addWidget(label(hint, "hint", wrapped=True))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        done = buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        done.setProperty("primary", True)
        done.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def accept(self) -> None:
        self.chosen.emit(tuple(slider.value_now() for slider in self.sliders))
        super().accept()

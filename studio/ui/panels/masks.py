"""MasksPanel: how strongly and in which colour the mask works."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog

from studio.document.document import Document
from studio.document.edits import MaskProperties
from studio.ui.actions import Actions
from studio.ui.icons import Icons
from studio.ui.panels.section import Section
from studio.ui.sliders import Scale, ValueSlider


class MasksPanel(Section):
    """One mask: its eye, its colour, its strength."""

    def __init__(self, document: Document, actions: Actions, icons: Icons) -> None:
        super().__init__(self.tr("Mask"))
        self._document, self._icons = document, icons
        self._showing = False
        self._gesture = 0
        self._eye = self.add_button(
            icons("eye"), self.tr("Use the mask, or leave it out"), self._toggle
        )
        self._colour = self.add_button(QIcon(), self.tr("Colour of the tint"), self._ask_colour)
        for key in ("invert_mask", "clear_mask"):
            self._small(actions[key])
        self.strength = ValueSlider(
            self.tr("Strength"),
            Scale(5, 100, 5, "%"),
            100,
            self.tr("How much of the change the mask lets through where it is fully painted."),
        )
        self.strength.value_changed.connect(self._on_strength)
        self.strength.value_settled.connect(self._next_gesture)
        self.add(self.strength)
        document.mask_changed.connect(lambda _: self._show())
        self._show()

    def _small(self, action: QAction) -> None:
        button = self.add_button(action.icon(), action.toolTip(), action.trigger)
        button.setObjectName(f"mask_{action.objectName()}")

    def _show(self) -> None:
        mask = self._document.mask
        self._showing = True
        self.strength.set_value(mask.strength * 100)
        self._showing = False
        self._gesture = 0
        self._eye.setIcon(self._icons("eye" if mask.visible else "eye-off"))
        self._colour.setIcon(_swatch(QColor(*mask.colour)))

    def _toggle(self) -> None:
        self._push(visible=not self._document.mask.visible)

    def _on_strength(self, percent: float) -> None:
        if not self._showing:
            self._push(strength=percent / 100)

    def _next_gesture(self) -> None:
        self._gesture += 1

    def _push(self, **properties: Any) -> None:
        command = MaskProperties(self._document, self._gesture, **properties)
        self._document.history.push(command)

    def _ask_colour(self) -> None:
        dialog = QColorDialog(QColor(*self._document.mask.colour), self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(
            lambda colour: self._push(colour=(colour.red(), colour.green(), colour.blue()))
        )
        dialog.open()


def _swatch(colour: QColor) -> QIcon:
    pixmap = QPixmap(QSize(16, 16))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(1, 1, 14, 14)
    painter.end()
    return QIcon(pixmap)

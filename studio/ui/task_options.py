"""TaskOptions: the little that a task leaves open, under the prompt."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from studio.ui.icons import Icons
from studio.ui.pieces import SMALL, icon_button, label

#: Sides in the order of the hand: across, then up and down.
SIDES = ("left", "right", "top", "bottom")
ZOOMS = (1.5, 2.0, 3.0)


class TaskOptions(QWidget):
    """Strengths to choose from, sides to expand, a quick way; hidden when nothing is open.

    Signals:
        strength_chosen: float.
        side_pressed: left, top, right or bottom.
        zoom_pressed: float, edge lengths of the frame in those of the picture.
        erase_pressed: Erase without a model.
    """

    strength_chosen = Signal(float)
    side_pressed = Signal(str)
    zoom_pressed = Signal(float)
    erase_pressed = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 2)
        self._row.setSpacing(6)
        self._strength: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def strength(self) -> float | None:
        """The strength that was chosen; None where the task offers none."""
        return self._strength

    def offer(self, key: str, strengths: Sequence[float], strength: float | None) -> None:
        """Show what that task leaves open.

        Args:
            key: Of the task.
            strengths: To choose from, gentle to strong; may be none.
            strength: The one chosen at first.
        """
        self._clear()
        self._strength = strength if strengths else None
        if strengths:
            self._offer_strengths(strengths)
        elif key == "expand":
            self._offer_sides()
        elif key == "zoom_out":
            self._offer_zooms()
        elif key == "remove":
            self._offer_erase()
        self._row.addStretch(1)
        self.setVisible(self._row.count() > 1)

    def _clear(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _offer_strengths(self, strengths: Sequence[float]) -> None:
        names = (self.tr("Gentle"), self.tr("Medium"), self.tr("Strong"))
        self._row.addWidget(label(self.tr("How much may change"), "hint"))
        group = QButtonGroup(self)
        for name, strength in zip(names, strengths, strict=True):
            button = self._chip(f"{name} {round(100 * strength)} %", self.tr("Of the noise added"))
            button.setCheckable(True)
            button.setChecked(strength == self._strength)
            button.clicked.connect(lambda _=False, strength=strength: self._choose(strength))
            group.addButton(button)

    def _choose(self, strength: float) -> None:
        self._strength = strength
        self.strength_chosen.emit(strength)

    def _offer_sides(self) -> None:
        names = {
            "left": self.tr("A quarter more at the left"),
            "right": self.tr("A quarter more at the right"),
            "top": self.tr("A quarter more at the top"),
            "bottom": self.tr("A quarter more at the bottom"),
        }
        for side in SIDES:
            button = icon_button(self._icons(f"side-{side}"), names[side], SMALL)
            button.clicked.connect(lambda _=False, side=side: self.side_pressed.emit(side))
            self._row.addWidget(button)
        self._row.addWidget(label(self.tr("or drag the frame's edges on the canvas"), "hint"))

    def _offer_zooms(self) -> None:
        for zoom in ZOOMS:
            hint = self.tr("The frame {zoom:g} times as large as the picture").format(zoom=zoom)
            button = self._chip(f"{zoom:g} ×", hint)
            button.clicked.connect(lambda _=False, zoom=zoom: self.zoom_pressed.emit(zoom))
        self._row.addWidget(label(self.tr("or drag the frame's edges on the canvas"), "hint"))

    def _offer_erase(self) -> None:
        hint = self.tr("Cover what is masked with what surrounds it, at once and without a model")
        button = self._chip(self.tr("Quick erase"), f"{hint} (Ctrl+Backspace)")
        button.clicked.connect(self.erase_pressed)
        self._row.addWidget(label(self.tr("For plain surroundings, no model needed"), "hint"))

    def _chip(self, text: str, hint: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName("chip")
        button.setToolTip(hint)
        self._row.addWidget(button)
        return button

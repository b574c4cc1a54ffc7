"""EngineLabel: the engine's state at the right end of the menu bar."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.ui.dot import Dot
from studio.ui.pieces import label
from studio.ui.theme import Theme

WIDTH, HEIGHT = 420, 28


class EngineLabel(QWidget):
    """'engine: ready · starter · CPU' and a dot that needs no reading."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._state, self._model, self._device = "starting", "", ""
        self._label = label("", "engine_label")
        self._dot = Dot()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(0)
        # A menu bar does not ask its corner again how wide it would like to be.
        self.setFixedWidth(WIDTH)
        self.setMinimumHeight(HEIGHT)
        row.addStretch(1)
        row.addWidget(self._dot)  # before its words, as the mark beside it has it
        row.addWidget(self._label)
        self.set_theme(theme)

    @property
    def text(self) -> str:
        """What it says now."""
        return self._label.text()

    def set_theme(self, theme: Theme) -> None:
        """Take the dot's colours from there."""
        self._colours = {"ready": theme.good, "lost": theme.danger, "resting": theme.muted}
        self._busy = theme.accent
        self._say()

    def set_state(self, state: str) -> None:
        """A state as `Station.state_changed` tells it."""
        self._state = state
        self._say()

    def set_model(self, title: str, device: str = "") -> None:
        """Which model is in memory, and where."""
        self._model, self._device = title, device or self._device
        self._say()

    def _say(self) -> None:
        names = {
            "starting": self.tr("starting"),
            "ready": self.tr("ready"),
            "loading": self.tr("loading the model"),
            "working": self.tr("painting"),
            "resting": self.tr("resting"),
            "restarting": self.tr("starting again"),
            "lost": self.tr("does not start"),
        }
        state = names.get(self._state, self._state)
        parts = [part for part in (state, self._model, self._device) if part]
        self._label.setText(self.tr("engine: {parts}").format(parts=" · ".join(parts)))
        self._dot.colour = self._colours.get(self._state, self._busy)
        self._dot.update()

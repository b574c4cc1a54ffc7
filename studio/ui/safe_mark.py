"""SafeMark: whether everything is on the disk, as a dot and a word."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.ui.dot import Dot
from studio.ui.pieces import label
from studio.ui.theme import Theme

#: Of the word: a menu bar does not ask its corner again how wide it would like to be.
WIDTH = 62


class SafeMark(QWidget):
    """Says 'safe' only of what the disk has confirmed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._state, self._why = "idle", ""
        self._dot = Dot()
        self._word = label("", "engine_label")  # it reads as one line with the engine
        self._word.setFixedWidth(WIDTH)
        self._word.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(self._dot)
        row.addWidget(self._word)
        self.set_theme(theme)

    @property
    def text(self) -> str:
        """The word of the moment; empty while there is nothing to keep."""
        return self._word.text()

    def set_theme(self, theme: Theme) -> None:
        """Take the dot's colours from there."""
        self._colours = {"safe": theme.good, "writing": theme.accent, "failed": theme.danger}
        self._say()

    def set_state(self, state: str, why: str = "") -> None:
        """A state as `Pen.state_changed` tells it; `why` the disk does not take it."""
        self._state, self._why = state, why
        self._say()

    def _say(self) -> None:
        words = {
            "safe": (
                self.tr("safe"),
                self.tr("Every stroke is on the disk. There is nothing to save."),
            ),
            "writing": (self.tr("writing"), self.tr("The last strokes are on their way.")),
            "failed": (
                self.tr("not safe"),
                self._why or self.tr("The last strokes are only in memory."),
            ),
        }
        word, why = words.get(self._state, ("", ""))
        self._word.setText(word)
        self.setToolTip(why)
        self.setAccessibleName(self.tr("Picture: {word}").format(word=word) if word else "")
        self.setAccessibleDescription(why)
        self._dot.colour = self._colours.get(self._state, "#00000000")
        self._dot.update()

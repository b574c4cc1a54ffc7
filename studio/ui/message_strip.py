"""MessageStrip: what happened, in one sentence; goes by itself and never stops the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy

from studio.ui.icons import Icons
from studio.ui.pieces import SMALL, icon_button, label


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a message: what it says and what it does."""

    text: str
    chosen: Callable[[], None]


class MessageStrip(QFrame):
    """One message at a time; a new one replaces the old.

    Signals:
        resized: It needs another size or went.
        details_requested: str, the long text behind the message.
    """

    resized = Signal()
    details_requested = Signal(str)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("message_strip")
        self._icons = icons
        self._details = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self._icon = QLabel()
        self._text = label(wrapped=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._more = QPushButton(self.tr("Details"))
        self._more.clicked.connect(lambda: self.details_requested.emit(self._details))
        self._close = icon_button(icons("close"), self.tr("Close"), SMALL)
        self._close.clicked.connect(self.clear)
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 6, 6)
        self._row.setSpacing(8)
        for widget in (self._icon, self._text, self._more, self._close):
            self._row.addWidget(widget)
        self.hide()

    @property
    def text(self) -> str:
        """The message of the moment; empty when there is none."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def passing(self) -> bool:
        """Whether the message of the moment goes by itself."""
        return self._timer.isActive()

    @property
    def choices(self) -> tuple[QPushButton, ...]:
        """The buttons of the message of the moment."""
        return tuple(self._buttons)

    def say(self, text: str, choices: Sequence[Choice] = ()) -> None:
        """A plain message; with choices it stays until one is taken."""
        self._show("info", text, choices, "")

    def warn(self, text: str, details: str = "", choices: Sequence[Choice] = ()) -> None:
        """A message of something that did not work; `details` goes behind a button."""
        self._show("warning", text, choices, details)

    def clear(self) -> None:
        """Take the message away."""
        self._timer.stop()
        self.hide()
        self.resized.emit()

    def _show(self, icon: str, text: str, choices: Sequence[Choice], details: str) -> None:
        self._icon.setPixmap(self._icons(icon).pixmap(18, 18))
        self._text.setText(text)
        self._details = details
        self._more.setVisible(bool(details))
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = [self._button(choice) for choice in choices]
        for place, button in enumerate(self._buttons):
            self._row.insertWidget(2 + place, button)
        self.show()
        self.resized.emit()
        self._timer.stop()
        if not choices:
            # A slow reader needs about 60 ms for a character.
            self._timer.start(max(4000, 2500 + 60 * len(text)) * (2 if icon == "warning" else 1))

    def _button(self, choice: Choice) -> QPushButton:
        button = QPushButton(choice.text)
        button.clicked.connect(self.clear)
        button.clicked.connect(choice.chosen)
        return button

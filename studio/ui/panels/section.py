"""Section: a heading with its buttons over the content of a panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from studio.ui.pieces import SMALL, icon_button, label


class Section(QFrame):
    """One part of the right column."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        self._head = QHBoxLayout()
        self._head.setSpacing(0)
        self._head.addWidget(label(heading, "heading"))
        self._head.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 6, 8, 6)
        self._column.setSpacing(4)
        self._column.addLayout(self._head)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget under what is there."""
        self._column.addWidget(widget, stretch)

    def add_action(self, action: QAction) -> QToolButton:
        """Put a small button that does what the action does at the heading's right end."""
        button = self.add_button(action.icon(), action.toolTip(), action.trigger)
        button.setEnabled(action.isEnabled())
        action.enabledChanged.connect(button.setEnabled)
        return button

    def add_button(self, icon: QIcon, hint: str, clicked: Callable[[], object]) -> QToolButton:
        """Put a small button at the heading's right end."""
        button = icon_button(icon, hint, SMALL)
        button.clicked.connect(lambda: clicked())
        self._head.addWidget(button)
        return button

"""Pieces: labels and buttons of one look."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QToolButton

#: Edges of the icons, px: on rails and bars, and beside headings.
ICON, SMALL = 20, 16
#: Edge of what a finger can hit, px.
TOUCH = 32


def label(text: str = "", role: str = "", wrapped: bool = False) -> QLabel:
    """A label of plain text; `role` is an object name that the style sheet knows."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setObjectName(role)
    made.setWordWrap(wrapped)
    return made


def icon_button(icon: QIcon, hint: str, edge: int = ICON) -> QToolButton:
    """A flat button of an icon alone; `hint` is what it does, for the eye and for a reader."""
    made = QToolButton()
    made.setIcon(icon)
    made.setIconSize(QSize(edge, edge))
    made.setFixedSize(max(TOUCH, edge + 10), max(TOUCH, edge + 10))
    made.setToolTip(hint)
    made.setAccessibleName(hint)
    return made

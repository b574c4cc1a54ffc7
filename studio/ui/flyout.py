"""Flyout: one button for tools that are alike; the one used last stands for them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QMenu, QToolButton

from studio.ui.pieces import ICON


class Flyout(QToolButton):
    """A click takes the tool that is shown; holding or a right click unfolds the others."""

    def __init__(self, actions: Sequence[QAction]) -> None:
        """A button of `actions`, the first of them shown."""
        super().__init__()
        self.setIconSize(QSize(ICON, ICON))
        self.setFixedSize(ICON + 12, ICON + 12)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setDefaultAction(actions[0])
        if len(actions) > 1:
            self._unfold_with(actions)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.menu():
            self.menu().popup(self.mapToGlobal(QPoint(self.width(), 0)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.menu():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        lit = self.isChecked()
        roles = QPalette.ColorRole
        painter.setBrush(self.palette().color(roles.HighlightedText if lit else roles.Text))
        corner = QPointF(self.width() - 4, self.height() - 4)
        painter.drawPolygon(QPolygonF([corner, corner - QPointF(5, 0), corner - QPointF(0, 5)]))

    def _unfold_with(self, actions: Sequence[QAction]) -> None:
        menu = QMenu(self)
        menu.addActions(list(actions))
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.DelayedPopup)
        for action in actions:
            action.toggled.connect(
                lambda on, action=action: self.setDefaultAction(action) if on else None
            )

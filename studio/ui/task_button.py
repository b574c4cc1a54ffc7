"""TaskButton: what the next run is for, at the left of the prompt."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPolygonF,
)
from PySide6.QtWidgets import QMenu, QToolButton

from studio.ui.icons import Icons
from studio.ui.pieces import ICON
from studio.ui.task_words import KEYS, words


class TaskButton(QToolButton):
    """A click opens the choice.

    Signals:
        chosen: Key of a task.
    """

    chosen = Signal(str)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._key = ""
        self.setObjectName("task")
        self.setIconSize(QSize(ICON, ICON))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for key in KEYS:
            named = words(key)
            # The shortcut is only shown: it is that of the window's action, which runs at once.
            shown = QKeySequence(named.keys).toString(QKeySequence.SequenceFormat.NativeText)
            action = QAction(icons(f"task-{key}"), f"{named.title}\t{shown}", menu)
            action.setToolTip(named.sentence)
            action.setData(key)
            action.triggered.connect(lambda _=False, key=key: self.chosen.emit(key))
            menu.addAction(action)
        self.setMenu(menu)
        self.show_task(KEYS[0])

    @property
    def task(self) -> str:
        """Key of the task that is shown."""
        return self._key

    def show_task(self, key: str) -> None:
        """Show that task as the chosen one, without saying so."""
        self._key = key
        for action in self.menu().actions():
            # A mark would stand in the icon's place.
            font = action.font()
            font.setBold(action.data() == key)
            action.setFont(font)
            if action.data() == key:
                self.setIcon(action.icon())
        named = words(key)
        self.setText(f" {named.title}")
        self.setToolTip(f"{named.sentence}\n" + self.tr("Click for other tasks"))
        self.setAccessibleName(self.tr("Task: {title}").format(title=named.title))

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(size.width() + 12, size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.PlaceholderText))
        at = QPointF(self.width() - 11, self.height() / 2 + 1)
        painter.drawPolygon(
            QPolygonF([at + QPointF(-4, -2.5), at + QPointF(4, -2.5), at + QPointF(0, 2.5)])
        )

"""LayerList: the list of layers and groups, which are dragged among each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from studio.ui.panels.layer_rows import FOLDED


class LayerList(QListWidget):
    """Moves nothing by itself: the document is changed, and the list follows.

    Signals:
        dropped: int, the row that the chosen ones were dropped at, -1 below all; and where:
            'above', 'below' or 'on'.
        fold_asked: int, the row of a header; and whether it is to be folded.
    """

    dropped = Signal(int, str)
    fold_asked = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setMouseTracking(True)
        self._hand_out: Callable[[QMimeData], QMimeData] = lambda base: base
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )

    def set_hand_out(self, hand_out: Callable[[QMimeData], QMimeData]) -> None:
        """Let what is dragged be more than rows of this list, for what lies outside the window."""
        self._hand_out = hand_out

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        return self._hand_out(super().mimeData(items))

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Qt's own takes rows away that a file manager has moved; here only the file is moved."""
        items = self.selectedItems()
        if not items:
            return
        drag = QDrag(self)
        drag.setMimeData(self.mimeData(items))
        drag.setPixmap(self.viewport().grab(self.visualItemRect(items[0])))
        drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.MoveAction)

    def dropEvent(self, event: QDropEvent) -> None:
        """Say where; Qt is told that nothing was moved, so it takes no row away."""
        index = self.indexAt(event.position().toPoint())
        where = self._where(index, event.position().toPoint())
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()
        self.dropped.emit(index.row() if index.isValid() else -1, where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right fold and unfold a group, as in every tree."""
        item = self.currentItem()
        folds = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}
        if item is not None and item.data(FOLDED) is not None and event.key() in folds:
            self.fold_asked.emit(self.row(item), folds[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def have(self, count: int) -> None:
        """Have so many rows."""
        while self.count() > count:
            self.takeItem(self.count() - 1)
        while self.count() < count:
            self.addItem(QListWidgetItem())

    def _where(self, index: QModelIndex, at: QPoint) -> str:
        """As the line shows that Qt draws: the outer quarters of a header are beside it."""
        if not index.isValid():
            return "on"
        area = self.visualRect(index)
        share = (at.y() - area.top()) / max(1, area.height())
        if index.data(FOLDED) is not None and 0.25 < share < 0.75:
            return "on"
        return "above" if share < 0.5 else "below"

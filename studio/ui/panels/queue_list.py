"""QueueList: the entries of the queue, moved by drag or keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from studio.ui.icons import Icons
from studio.ui.panels.queue_rows import CLOSE, ENTRY, HEIGHT, QueueRows
from studio.ui.queue_entries import Entry

#: The window has so many px in height for each entry that is seen without scrolling.
_PER_ENTRY = 240
_PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class QueueList(QListWidget):
    """Moves nothing by itself: the queue is changed, and the list follows.

    Signals:
        moved: int, a job; int, the one that it shall come before, 0: behind all.
        closed: int, a job that shall end, or go from the list.
        menu_requested: int, a job; QPoint, where on the screen.
    """

    moved = Signal(int, int)
    closed = Signal(int)
    menu_requested = Signal(int, QPoint)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Queue"))
        self.setAccessibleDescription(
            self.tr("Ctrl+Up and Ctrl+Down move an entry, Delete cancels it.")
        )
        self.setItemDelegate(QueueRows(icons, self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """List these; who has chosen one keeps it."""
        had = self.entry()
        while self.count() > len(entries):
            self.takeItem(self.count() - 1)
        while self.count() < len(entries):
            self.addItem(QListWidgetItem())
        for row, entry in enumerate(entries):
            if self.entry(row) != entry:
                self._fill(self.item(row), entry)
            if had is not None and entry.order == had.order and row != self.currentRow():
                self.setCurrentRow(row)
        seen = min(len(entries), max(3, self.window().height() // _PER_ENTRY))
        self.setFixedHeight(seen * HEIGHT)
        self.setVisible(bool(entries))

    def entry(self, row: int | None = None) -> Entry | None:
        """What is listed in that row, or in the chosen one."""
        item = self.currentItem() if row is None else self.item(row)
        entry = item.data(ENTRY) if item is not None else None
        return entry if isinstance(entry, Entry) else None

    def event(self, event: QEvent) -> bool:
        # Where this list has the focus, its own keys come before those of the window.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (self._step(event) or event.key() == Qt.Key.Key_Delete)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry, step = self.entry(), self._step(event)
        if entry is not None and step:
            self.move_by(step)
        elif entry is not None and event.key() == Qt.Key.Key_Delete:
            self.closed.emit(entry.job)
        else:
            super().keyPressEvent(event)

    def move_by(self, step: int) -> None:
        """Let the chosen entry change its turn with the one before (-1) or behind it (1)."""
        entry = self.entry()
        movable = [one for one in self._entries() if one.movable]
        if entry is None or not entry.movable:
            return
        place = next(n for n, one in enumerate(movable) if one.job == entry.job)
        if step < 0 < place:
            self.moved.emit(entry.job, movable[place - 1].job)
        elif step > 0 and place + 1 < len(movable):
            behind = movable[place + 2 :]
            self.moved.emit(entry.job, behind[0].job if behind else 0)

    def dropEvent(self, event: QDropEvent) -> None:
        """Say where; Qt is told that nothing was moved, so it takes no row away."""
        entry, at = self.entry(), event.position().toPoint()
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()
        index = self.indexAt(at)
        row = index.row() if index.isValid() else self.count()
        if index.isValid() and at.y() > self.visualRect(index).center().y():
            row += 1
        behind = [one for one in self._entries()[row:] if one.movable]
        if entry is not None and entry.movable:
            self.moved.emit(entry.job, behind[0].job if behind else 0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        cross = self.viewport().width() - CLOSE
        left = event.button() == Qt.MouseButton.LeftButton
        super().mouseReleaseEvent(event)
        if item is not None and left and event.position().x() >= cross:
            self.closed.emit(item.data(ENTRY).job)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyed = event.reason() == QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if keyed else self.itemAt(event.pos())
        if item is not None:
            at = self.visualItemRect(item).center() if keyed else event.pos()
            self.menu_requested.emit(item.data(ENTRY).job, self.viewport().mapToGlobal(at))

    def _entries(self) -> list[Entry]:
        return [self.item(row).data(ENTRY) for row in range(self.count())]

    def _fill(self, item: QListWidgetItem, entry: Entry) -> None:
        item.setData(ENTRY, entry)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.spoken[:300])
        item.setToolTip("\n".join(part for part in (entry.title[:1000], entry.why) if part))
        item.setFlags(_PLAIN | Qt.ItemFlag.ItemIsDragEnabled if entry.movable else _PLAIN)

    def _step(self, event: QKeyEvent) -> int:
        """-1 or 1 for the keys that move an entry, else 0."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != _CONTROL:
            return 0
        return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)


_CONTROL = Qt.KeyboardModifier.ControlModifier

"""TakesStrip: the takes of the runs, side by side, the original first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
)

from studio.core.geometry import Rect
from studio.core.piece import Piece, around
from studio.document.files.metadata import Recipe
from studio.ui.icons import Icons
from studio.ui.pieces import icon_button, label
from studio.ui.take_thumbnails import CAPTION, SHARE, THUMBNAIL, TakeThumbnails

#: More takes than this are not kept: the oldest goes.
MOST = 48
_TAKE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """One finished take that is not part of the picture yet.

    Attributes:
        job: Whose it is.
        index: Of that job, from 0.
        pieces: What its runs made, the first lowest; usually one.
        recipe: What it was made with.
        partial: Whether it was kept before its last step.
    """

    job: int
    index: int
    pieces: tuple[Piece, ...]
    recipe: Recipe
    partial: bool = False

    @property
    def area(self) -> Rect:
        """Where it belongs, document px."""
        return around(self.pieces)

    def same_as(self, other: Take) -> bool:
        """Whether both were made with the same settings and are alike in every pixel."""
        mine, theirs = self.pieces, other.pieces
        return (
            (self.recipe, self.partial) == (other.recipe, other.partial)
            and [one.area for one in mine] == [one.area for one in theirs]
            and all(
                np.array_equal(one.pixels, two.pixels)
                for one, two in zip(mine, theirs, strict=True)
            )
        )


class TakesStrip(QFrame):
    """Hovering shows a take in place, arrows walk, Enter keeps, Delete drops, dragging hands out.

    Signals:
        shown: A Take, or None for the original.
        left: The pointer is no longer over the takes.
        kept: A Take.
        changed: Takes came or went.
    """

    shown = Signal(object)
    left = Signal()
    kept = Signal(object)
    changed = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("takes_strip")
        self._list = _List()
        self._list.setAccessibleName(self.tr("Takes"))
        self._list.currentItemChanged.connect(lambda *_: self._show_current())
        self._list.itemEntered.connect(lambda item: self.shown.emit(item.data(_TAKE)))
        self._list.left.connect(self.left)
        self._list.keep_pressed.connect(self.keep)
        self._list.drop_pressed.connect(self.drop)
        self._list.itemDoubleClicked.connect(lambda _: self.keep())
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(4)
        row.addWidget(self._list, 1)
        row.addWidget(label(self.tr("← → walk\nEnter keeps\nDel drops"), "hint"))
        row.addSpacing(4)
        for icon, text, slot in (
            ("check", self.tr("Keep this take as a new layer (Enter)"), self.keep),
            ("trash", self.tr("Drop this take (Delete)"), self.drop),
            ("close", self.tr("Drop all takes"), self.clear),
        ):
            button = icon_button(icons(icon), text)
            button.clicked.connect(lambda _=False, slot=slot: slot())
            row.addWidget(button)
        self.hide()

    @property
    def current(self) -> Take | None:
        """The chosen take; None is the original."""
        item = self._list.currentItem()
        take = None if item is None else item.data(_TAKE)
        return take if isinstance(take, Take) else None

    @property
    def filled(self) -> bool:
        """Whether there is anything beside the original."""
        return self._list.count() > 1

    def set_hand_out(self, hand_out: Callable[[Take | None], QMimeData]) -> None:
        """What a dragged take, or the original, is for what lies outside the window."""
        self._list.hand_out = hand_out

    def takes(self) -> tuple[Take, ...]:
        """All takes, the oldest first."""
        items = (self._list.item(row) for row in range(self._list.count()))
        return tuple(item.data(_TAKE) for item in items if isinstance(item.data(_TAKE), Take))

    def set_original(self, image: QImage) -> None:
        """What the first place shows: the picture without a take."""
        if self._list.count() == 0:
            item = QListWidgetItem()
            item.setToolTip(self.tr("The picture as it is"))
            self._list.insertItem(0, item)
            self._list.setCurrentItem(item)
        self._list.item(0).setData(Qt.ItemDataRole.DecorationRole, image)

    def forming(self, image: QImage | None, share: float) -> None:
        """Show the take that is being made, `share` of its steps done; None takes it away."""
        item = self._forming()
        if image is None:
            if item is not None:
                self._list.takeItem(self._list.row(item))
                self._settle()
            return
        if item is None:
            item = QListWidgetItem()
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
            self._list.scrollToItem(item)
            self._settle()
        item.setData(Qt.ItemDataRole.DecorationRole, image)
        item.setData(SHARE, share)

    def add(self, take: Take, image: QImage) -> None:
        """Put a take at the end, before the one being made; the first of a job is chosen."""
        item = QListWidgetItem()
        item.setData(_TAKE, take)
        item.setData(Qt.ItemDataRole.DecorationRole, image)
        number = take.index + 1
        item.setData(CAPTION, self.tr("partial") if take.partial else None)
        seed = self.tr("Take {number} · seed {seed}\n{prompt}")
        item.setToolTip(
            seed.format(number=number, seed=take.recipe.seed, prompt=take.recipe.prompt[:200])
        )
        forming = self._forming()
        place = self._list.count() if forming is None else self._list.row(forming)
        self._list.insertItem(place, item)
        while len(self.takes()) > MOST:
            self._list.takeItem(1)
        if take.index == 0:
            self._list.setCurrentItem(item)
        self._settle()

    def choose_original(self) -> None:
        """Show the picture as it is; the takes stay."""
        self._list.setCurrentRow(0)

    def walk(self, step: int) -> None:
        """Choose the next or the previous one."""
        last = self._list.count() - 1
        if self._forming() is not None:
            last -= 1
        self._list.setCurrentRow(min(max(self._list.currentRow() + step, 0), last))

    def keep(self) -> None:
        """Hand the chosen take over; the others stay."""
        take = self.current
        if take is not None:
            self._remove(self._list.currentItem(), to_original=True)
            self.kept.emit(take)

    def drop(self) -> None:
        """Throw the chosen take away and choose its neighbour."""
        if self.current is not None:
            self._remove(self._list.currentItem())

    def clear(self) -> None:
        """Throw all takes away."""
        for row in reversed(range(1, self._list.count())):
            if isinstance(self._list.item(row).data(_TAKE), Take):
                self._list.takeItem(row)
        self._settle()

    def focus(self) -> None:
        """Let arrows, Enter and Delete go to the takes."""
        self._list.setFocus()

    def sizeHint(self) -> QSize:
        wide = self._list.count() * (THUMBNAIL + 8) + 206
        return QSize(wide, THUMBNAIL + 28)

    def _forming(self) -> QListWidgetItem | None:
        item = self._list.item(self._list.count() - 1) if self._list.count() > 1 else None
        return item if item is not None and item.data(_TAKE) is None else None

    def _remove(self, item: QListWidgetItem, to_original: bool = False) -> None:
        row = self._list.row(item)
        last = len(self.takes()) - 1
        target = 0 if to_original else min(row, last) if row <= last else row - 1
        self._list.takeItem(row)
        self._list.setCurrentRow(max(0, target))
        self._settle()

    def _settle(self) -> None:
        self.changed.emit()

    def _show_current(self) -> None:
        self.shown.emit(self.current)


class _List(QListWidget):
    """A row of thumbnails that says when the pointer leaves."""

    left = Signal()
    keep_pressed = Signal()
    drop_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.hand_out: Callable[[Take | None], QMimeData] = lambda _: QMimeData()
        self.setItemDelegate(TakeThumbnails(self))

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        return self.hand_out(items[0].data(_TAKE))

    def startDrag(self, actions: Qt.DropAction) -> None:
        """A copy goes out; the take stays, whatever becomes of it there."""
        items = self.selectedItems()
        if items:
            drag = QDrag(self)
            drag.setMimeData(self.mimeData(items))
            drag.setPixmap(self.viewport().grab(self.visualItemRect(items[0])))
            drag.exec(Qt.DropAction.CopyAction)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep_pressed.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.drop_pressed.emit()
        else:
            super().keyPressEvent(event)

"""MasksPanel: where the next run may change the picture, how strongly, in which colour."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QToolButton,
)

from studio.document.document import Document
from studio.document.edits import MaskProperties, MoveMask
from studio.document.masks import Mask
from studio.ui.actions import Actions
from studio.ui.icons import Icons
from studio.ui.panels.layer_rows import DETAIL, LAYER, SHOWN, LayerRows
from studio.ui.panels.section import Section
from studio.ui.sliders import Scale, ValueSlider

ROW = 32
#: Rows shown; with more masks the list scrolls.
MOST = 4


class MasksPanel(Section):
    """A click chooses the mask that tools paint; eye, name and order as with layers."""

    def __init__(self, document: Document, actions: Actions, icons: Icons) -> None:
        super().__init__(self.tr("Masks"))
        self._document = document
        self._showing = False
        self._gesture = 0
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Masks"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        rows = LayerRows(icons, self.list, ROW)
        self.list.setItemDelegate(rows)
        self.strength = ValueSlider(
            self.tr("Strength"),
            Scale(5, 100, 5, "%"),
            100,
            self.tr("How much of the change the mask lets through where it is fully painted."),
        )
        self.add(self.list)
        self.add(self.strength)
        add = actions["add_mask"]
        self.add_button(icons("plus"), add.toolTip(), add.trigger)
        self._colour = self.add_button(QIcon(), self.tr("Colour of the tint"), self._ask_colour)
        remove = actions["remove_mask"]
        self._trash = self.add_button(icons("trash"), remove.toolTip(), remove.trigger)
        self._more = self.add_button(icons("more"), self.tr("More for the mask"), lambda: None)
        self._connect(rows)
        self._show()

    def set_menu(self, menu: QMenu) -> None:
        """What the button with the dots unfolds."""
        self._more.setMenu(menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _connect(self, rows: LayerRows) -> None:
        document = self._document
        document.masks.listing_changed.connect(self._show)
        rows.eye_clicked.connect(self._toggle)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.list.itemChanged.connect(self._on_renamed)
        self.list.model().rowsMoved.connect(lambda *_: QTimer.singleShot(0, self._on_dragged))
        self.strength.value_changed.connect(self._on_strength)
        self.strength.value_settled.connect(self._next_gesture)

    def _show(self) -> None:
        masks, active = self._document.masks.all, self._document.masks.active
        self._showing = True
        while self.list.count() > len(masks):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(masks):
            self.list.addItem(QListWidgetItem())
        for row, mask in enumerate(masks):
            self._show_row(self.list.item(row), mask)
            if mask is active:
                self.list.setCurrentRow(row)
        self.list.setFixedHeight(ROW * min(len(masks), MOST) + 2)
        self.strength.set_value(active.strength * 100)
        self._showing = False
        self._colour.setIcon(QIcon(QPixmap.fromImage(_swatch(active.colour))))
        self._trash.setVisible(len(masks) > 1)

    def _show_row(self, item: QListWidgetItem, mask: Mask) -> None:
        item.setData(LAYER, mask)
        item.setText(mask.name)
        item.setToolTip(mask.name)
        item.setData(SHOWN, mask.visible)
        item.setData(DETAIL, "" if mask.strength >= 1 else f"{mask.strength:.0%}")
        item.setData(Qt.ItemDataRole.DecorationRole, _swatch(mask.colour))
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemIsDragEnabled
        )

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if not self._showing and item is not None:
            mask = item.data(LAYER)
            QTimer.singleShot(0, lambda: self._choose(mask))

    def _choose(self, mask: Mask) -> None:
        if mask in self._document.masks.all:
            self._next_gesture()
            self._document.masks.select(mask)

    def _toggle(self, row: int) -> None:
        mask: Mask = self.list.item(row).data(LAYER)
        self._push(mask, visible=not mask.visible)

    def _on_renamed(self, item: QListWidgetItem) -> None:
        mask = item.data(LAYER)
        if not self._showing and isinstance(mask, Mask) and item.text() not in ("", mask.name):
            self._push(mask, name=item.text())

    def _on_dragged(self) -> None:
        order = [self.list.item(row).data(LAYER) for row in range(self.list.count())]
        present = list(self._document.masks.all)
        if set(order) != set(present):
            self._show()
            return
        for place, mask in enumerate(order):
            if present[place] is not mask:
                # One was dragged: either it came up to here, or the one here went down.
                moved = mask if present.index(mask) > place + 1 else present[place]
                command = MoveMask(self._document, moved, order.index(moved))
                self._document.history.push(command)
                return

    def _on_strength(self, percent: float) -> None:
        if not self._showing:
            self._push(self._document.masks.active, strength=percent / 100)

    def _next_gesture(self) -> None:
        self._gesture += 1

    def _push(self, mask: Mask, **properties: Any) -> None:
        command = MaskProperties(self._document, self._gesture, mask, **properties)
        self._document.history.push(command)

    def _ask_colour(self) -> None:
        mask = self._document.masks.active
        dialog = QColorDialog(QColor(*mask.colour), self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(
            lambda colour: self._push(mask, colour=(colour.red(), colour.green(), colour.blue()))
        )
        dialog.open()


def _swatch(colour: tuple[int, int, int]) -> QImage:
    image = QImage(32, 32, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*colour))
    painter.drawEllipse(2, 2, 28, 28)
    painter.end()
    return image

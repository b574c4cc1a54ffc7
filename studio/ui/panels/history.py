"""HistoryPanel: the steps that led here; a click goes to any of them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QImage, QPainter, QPalette, QPixmap, QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from studio.canvas.surface import Surface
from studio.ui.dialogs.amounts import Amount, Amounts
from studio.ui.icons import Icons
from studio.ui.panels.section import Section
from studio.ui.panels.step_pictures import StepPictures
from studio.ui.pieces import label
from studio.ui.sliders import Scale

#: Memory for undo that can be chosen, MB.
LEAST, MOST, STEP = 128, 16384, 128
_MB = 1 << 20
#: Height of the list, px: it gives way where the column is short.
_LOW, _HIGH = 80, 200
#: Of a step's picture in the list, px.
_ICON = QSize(36, 28)
_SHOWN = Qt.ItemDataRole.UserRole


class HistoryPanel(Section):
    """Newest last; what redo would bring back is muted.

    Signals:
        budget_chosen: int, MB that the steps may keep.
    """

    budget_chosen = Signal(int)

    def __init__(self, canvas: Surface, icons: Icons) -> None:
        super().__init__(self.tr("History"))
        document = canvas.document
        self._document = document
        self.pictures = StepPictures(canvas)
        self._showing = False
        self.list = QListWidget()
        self.list.setObjectName("steps")
        self.list.setAccessibleName(self.tr("History"))
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(_ICON)
        self.list.setMinimumHeight(_LOW)
        self.list.setMaximumHeight(_HIGH)
        self._note = label("", "hint")
        self.add(self.list)
        self.add(self._note)
        self.add_button(icons("options"), self.tr("Memory for undo"), self._ask_budget)
        # A gesture can push and merge several commands; the list is filled once after them.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fill)
        document.history.indexChanged.connect(lambda _: self._timer.start())
        self.pictures.drawn.connect(self._show_picture)
        self.list.currentRowChanged.connect(self._on_chosen)
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill()

    def _fill(self) -> None:
        if self.isHidden():
            return
        history = self._document.history
        names = (self.tr("Beginning"), *history.names())
        self._showing = True
        while self.list.count() > len(names):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(names):
            self.list.addItem(QListWidgetItem())
        roles = QPalette.ColorRole
        for row, name in enumerate(names):
            undone = row > history.index()
            item = self.list.item(row)
            item.setText(name)
            role = roles.PlaceholderText if undone else roles.Text
            item.setForeground(self.palette().color(role))
            self._show_picture(row)
        self.list.setCurrentRow(history.index())
        self._showing = False
        used, budget = history.nbytes / _MB, history.budget // _MB
        self._note.setText(
            self.tr("{used:.0f} of {budget} MB for undo").format(used=used, budget=budget)
        )

    def _show_picture(self, row: int) -> None:
        if self.isHidden() or row >= self.list.count():
            return
        item, picture = self.list.item(row), self.pictures.picture(row)
        key = 0 if picture is None else picture.cacheKey()
        if item.data(_SHOWN) != key:
            item.setData(_SHOWN, key)
            item.setIcon(_icon(picture, self.devicePixelRatioF()))

    def _on_chosen(self, row: int) -> None:
        if not self._showing and row >= 0:
            QTimer.singleShot(0, lambda: self._document.history.setIndex(row))

    def _ask_budget(self) -> None:
        scale = Scale(LEAST, MOST, STEP, "MB")
        now = self._document.history.budget / _MB
        hint = self.tr("When the steps need more, the oldest are forgotten first.")
        amount = Amount(self.tr("At most"), scale, now)
        dialog = Amounts(self.window(), self.tr("Memory for undo"), (amount,), hint)
        dialog.chosen.connect(lambda values: self._take_budget(round(values[0])))
        dialog.open()

    def _take_budget(self, megabytes: int) -> None:
        self._document.set_history_budget(megabytes * _MB)
        self.budget_chosen.emit(megabytes)
        self._fill()


def _icon(picture: QImage | None, ratio: float) -> QIcon:
    """The picture in the middle of nothing, so that all names begin at one line."""
    shown = QPixmap(_ICON * ratio)
    shown.fill(Qt.GlobalColor.transparent)
    if picture is not None:
        smooth = Qt.TransformationMode.SmoothTransformation
        scaled = picture.scaled(shown.size(), Qt.AspectRatioMode.KeepAspectRatio, smooth)
        painter = QPainter(shown)
        left, top = shown.width() - scaled.width(), shown.height() - scaled.height()
        painter.drawImage(left // 2, top // 2, scaled)
        painter.end()
    shown.setDevicePixelRatio(ratio)
    return QIcon(shown)

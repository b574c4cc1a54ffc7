"""QueueRows: how an entry of the queue looks: picture, title, how it stands, how far it is."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.ui.icons import Icons
from studio.ui.queue_entries import Entry

ENTRY = Qt.ItemDataRole.UserRole
HEIGHT = 48
#: Width at the right end that ends an entry when it is pressed.
CLOSE = 32
_PICTURE = 36


class QueueRows(QStyledItemDelegate):
    """The cross is seen where the pointer or the choice is; the keyboard has Delete for it."""

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(120, HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry = index.data(ENTRY)
        if not isinstance(entry, Entry):
            return
        # PySide6's annotations leave out what QStyleOption carries.
        area: QRect = option.rect
        colours: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        near = chosen or bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if near:
            role = QPalette.ColorRole.Light if chosen else QPalette.ColorRole.Button
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.color(role))
            painter.drawRoundedRect(QRectF(area).adjusted(0, 1, 0, -1), 6, 6)
        self._paint_picture(painter, area, colours, entry)
        left = area.left() + 6 + _PICTURE + 8
        words = QRect(left, area.top() + 6, area.right() - left - 4, area.height() - 12)
        self._paint_words(painter, words, CLOSE - 4 if near else 0, colours, entry)
        if near:
            self._icons("close").paint(
                painter, QRect(area.right() - 24, area.center().y() - 7, 16, 16)
            )
        painter.restore()

    def _paint_picture(
        self, painter: QPainter, area: QRect, colours: QPalette, entry: Entry
    ) -> None:
        box = QRectF(area.left() + 6, area.center().y() - _PICTURE / 2 + 1, _PICTURE, _PICTURE)
        outline = QPainterPath()
        outline.addRoundedRect(box, 4, 4)
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(box, colours.color(QPalette.ColorRole.Base))
        if isinstance(entry.image, QImage):
            painter.drawImage(_covering(entry.image, box), entry.image)
        else:
            spot = QRect(0, 0, 16, 16)
            spot.moveCenter(box.center().toPoint())
            self._icons("warning" if entry.ended else "image").paint(painter, spot)
        painter.restore()

    def _paint_words(
        self, painter: QPainter, area: QRect, cross: int, colours: QPalette, entry: Entry
    ) -> None:
        first, second = QFont(painter.font()), QFont(painter.font())
        first.setPixelSize(13)
        second.setPixelSize(11)
        room = area.width() - cross
        painter.setFont(first)
        painter.setPen(colours.color(QPalette.ColorRole.Text))
        count = f" ×{entry.takes}" if entry.takes > 1 else ""
        measure = QFontMetrics(first)
        short = measure.elidedText(
            entry.title, Qt.TextElideMode.ElideRight, room - measure.horizontalAdvance(count)
        )
        top = QRect(area.left(), area.top(), room, 18)
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, short + count)
        painter.setFont(second)
        role = QPalette.ColorRole.BrightText if entry.ended else QPalette.ColorRole.PlaceholderText
        painter.setPen(colours.color(role))
        says = QFontMetrics(second).elidedText(entry.says, Qt.TextElideMode.ElideRight, room)
        painter.drawText(top.translated(0, 17), Qt.AlignmentFlag.AlignVCenter, says)
        if entry.share > 0:
            line = QRectF(area.left(), area.bottom() - 1, room, 2)
            painter.fillRect(line, colours.color(QPalette.ColorRole.Dark))
            line.setWidth(line.width() * min(1.0, entry.share))
            painter.fillRect(line, colours.color(QPalette.ColorRole.Highlight))


def _covering(image: QImage, box: QRectF) -> QRectF:
    """Where the picture has to be drawn to fill the box."""
    size = image.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(box.center())
    return place

"""TakeThumbnails: how one take looks in the strip."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QListWidget, QStyledItemDelegate, QStyleOptionViewItem

#: Edge on the screen, px.
THUMBNAIL = 64
#: Role of the share of the steps that is done, for the take that is being made.
SHARE = Qt.ItemDataRole.UserRole + 1
#: Role of a word that stands over the foot of the picture.
CAPTION = Qt.ItemDataRole.UserRole + 2


class TakeThumbnails(QStyledItemDelegate):
    """A rounded picture; a ring around the chosen one, a line under the one being made."""

    def __init__(self, owner: QListWidget) -> None:
        super().__init__(owner)
        self._list = owner

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(THUMBNAIL + 8, THUMBNAIL + 8)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        # PySide6's annotations leave out what QStyleOption carries.
        whole: QRect = option.rect
        colours: QPalette = option.palette
        area = QRectF(whole).adjusted(4, 4, -4, -4)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(area, 5, 5)
        painter.setClipPath(path)
        painter.fillRect(area, colours.color(QPalette.ColorRole.Base))
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(image, QImage):
            size = QSize(image.size()).scaled(
                area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
            )
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(area.center().toPoint())
            painter.drawImage(place, image)
        caption = self.tr("original") if index.row() == 0 else index.data(CAPTION)
        if caption:
            self._paint_caption(painter, area, caption)
        painter.setClipping(False)
        accent = colours.color(QPalette.ColorRole.Highlight)
        share = index.data(SHARE)
        if isinstance(share, float):
            line = QRectF(area.left(), area.bottom() - 3, area.width() * share, 3)
            painter.fillRect(line, accent)
        elif self._list.currentIndex() == index:
            painter.setPen(QPen(accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(-2, -2, 2, 2), 6, 6)
        painter.restore()

    def _paint_caption(self, painter: QPainter, area: QRectF, caption: str) -> None:
        foot = QRectF(area.left(), area.bottom() - 16, area.width(), 16)
        painter.fillRect(foot, QColor(0, 0, 0, 170))
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(255, 255, 255))
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, caption)

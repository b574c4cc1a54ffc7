"""LayerRows: how a layer or a group looks in the list, and its eye."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QImage, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.ui.icons import Icons

LAYER = Qt.ItemDataRole.UserRole
SHOWN = Qt.ItemDataRole.UserRole + 1
DETAIL = Qt.ItemDataRole.UserRole + 2
DEPTH = Qt.ItemDataRole.UserRole + 3
#: Of a group's header: whether its members are not listed.
FOLDED = Qt.ItemDataRole.UserRole + 4
HEIGHT = 40
#: How much further in a member of a group stands, px; more than three deep no further.
INDENT, DEEPEST = 10, 3
#: Width that belongs to the eye, and of the chevron that folds a group: a finger's at least.
_EYE = 26
_CHEVRON = 32


class LayerRows(QStyledItemDelegate):
    """An eye, a thumbnail, a name and what differs from a plain layer.

    Signals:
        eye_clicked: int, the row.
        fold_clicked: int, the row of a header.
    """

    eye_clicked = Signal(int)
    fold_clicked = Signal(int)

    def __init__(self, icons: Icons, parent: QWidget, height: int = HEIGHT) -> None:
        """Rows of that height, px; below that of layers, details stand beside the name."""
        super().__init__(parent)
        self._icons, self._height = icons, height

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(120, self._height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        # PySide6's annotations leave out what QStyleOption carries.
        area: QRect = option.rect
        colours: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        roles = QPalette.ColorRole
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.color(roles.Light if chosen else roles.Button))
            painter.drawRoundedRect(QRectF(area).adjusted(0, 1, 0, -1), 6, 6)
        shown = bool(index.data(SHOWN))
        painter.setOpacity(1.0 if shown else 0.5)
        eye = QRect(area.left() + 6, area.center().y() - 7, 16, 16)
        self._icons("eye" if shown else "eye-off").paint(painter, eye)
        inwards = INDENT * min(int(index.data(DEPTH) or 0), DEEPEST)
        left, folded = area.left() + 6 + _EYE + inwards, index.data(FOLDED)
        edge = area.height() - 8
        box = QRect(left, area.top() + 4, edge, edge)
        if folded is None:
            self._paint_thumbnail(painter, box, index.data(Qt.ItemDataRole.DecorationRole))
        else:
            self._paint_header(painter, box, bool(folded))
            box.setWidth(36)
        self._paint_words(painter, QRect(box.right() + 9, area.top(), 0, 0), area, colours, index)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.type() in _PRESSES:
            area: QRect = option.rect
            x = event.position().x() - area.left() - 6 - _EYE
            inwards = INDENT * min(int(index.data(DEPTH) or 0), DEEPEST)
            if x < 0:
                self.eye_clicked.emit(index.row())
                return True
            if index.data(FOLDED) is not None and x - inwards < _CHEVRON:
                self.fold_clicked.emit(index.row())
                return True
        return super().editorEvent(event, model, option, index)

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        area: QRect = option.rect
        editor.setGeometry(
            area.adjusted(_EYE + self._height + 4, _gap(area.height()), -2, -_gap(area.height()))
        )

    def _paint_header(self, painter: QPainter, box: QRect, folded: bool) -> None:
        chevron = QRect(box.left() + 1, box.center().y() - 7, 16, 16)
        self._icons("unfold" if folded else "fold").paint(painter, chevron)
        self._icons("folder").paint(painter, chevron.translated(20, 0))

    def _paint_thumbnail(self, painter: QPainter, box: QRect, image: object) -> None:
        if not isinstance(image, QImage) or image.isNull():
            return
        size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(box.center())
        painter.drawImage(place, image)

    def _paint_words(
        self,
        painter: QPainter,
        start: QRect,
        area: QRect,
        colours: QPalette,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        width = area.right() - 6 - start.left()
        metrics = painter.fontMetrics()
        detail = str(index.data(DETAIL) or "")
        small = QFont(painter.font())
        small.setPixelSize(11)
        half = metrics.height()
        beside = area.height() < HEIGHT
        top = area.center().y() - (half if detail and not beside else half // 2)
        taken = QFontMetrics(small).horizontalAdvance(detail) + 8 if detail and beside else 0
        name = metrics.elidedText(
            str(index.data(Qt.ItemDataRole.DisplayRole)), Qt.TextElideMode.ElideRight, width - taken
        )
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colours.color(QPalette.ColorRole.Text))
        painter.drawText(QRect(start.left(), top, width, half), left, name)
        if detail:
            painter.setFont(small)
            elided = painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideRight, width)
            painter.setPen(colours.color(QPalette.ColorRole.PlaceholderText))
            if beside:
                left = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            down = 0 if beside else half
            painter.drawText(QRect(start.left(), top + down, width, half), left, elided)


_PRESSES = {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}


def _gap(height: int) -> int:
    """Above and below the field that a name is entered in, px."""
    return 6 if height >= HEIGHT else 1

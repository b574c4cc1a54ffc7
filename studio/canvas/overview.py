"""Overview: the whole picture in a small widget, and which part of it the canvas shows."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.canvas.gestures import NOTCH
from studio.canvas.small import paint_small
from studio.canvas.surface import Surface
from studio.canvas.tools.base import Spot
from studio.canvas.viewport import Viewport
from studio.core.geometry import Rect, Size

#: Milliseconds between a change and the overview's: a stroke has the processor first.
DELAY = 120
#: One press of an arrow key, of the part that the canvas shows.
STEP = 0.125
_SHADE = QColor(0, 0, 0, 110)
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Overview(QWidget):
    """Shows the picture upright, however the canvas is turned; what is seen can be dragged.

    It draws from the pyramid of the canvas, so it holds no pixels but its own few, and a change
    costs what was touched.
    """

    def __init__(self, canvas: Surface, parent: QWidget | None = None) -> None:
        """An overview of what that canvas shows."""
        super().__init__(parent)
        self._canvas = canvas
        self._picture = QImage()
        self._dirty = True
        self._held: Spot | None = None  # from the pointer to the middle of what is seen
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._refresh)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Overview"))
        self.setAccessibleDescription(self.tr("Arrow keys move what the canvas shows."))
        canvas.view_changed.connect(self.update)
        document = canvas.document
        for signal in (document.changed, document.masks.changed):
            signal.connect(lambda _: self._later())
        for plain in (
            document.bounds_changed,
            document.masks.listing_changed,
            document.layers_changed,
        ):
            plain.connect(self._later)

    @property
    def placed(self) -> Viewport:
        """Where the picture lies in the widget, px of the screen."""
        ratio, bounds = self.devicePixelRatioF(), self._canvas.document.bounds
        size = Size(round(self.width() * ratio), round(self.height() * ratio))
        if bounds.empty or size.empty:
            return Viewport(1.0, 0.0, 0.0, size)
        # Not limited as a canvas is: the longest picture goes into the smallest overview.
        zoom = min(size.width / bounds.width, size.height / bounds.height)
        x = (size.width - bounds.width * zoom) / 2 - bounds.x * zoom
        y = (size.height - bounds.height * zoom) / 2 - bounds.y * zoom
        return Viewport(zoom, x, y, size)

    @property
    def seen(self) -> tuple[Spot, ...]:
        """Corners of what the canvas shows, document px; a turned canvas shows a turned part."""
        viewport = self._canvas.viewport
        width, height = viewport.size.width, viewport.size.height
        corners = ((0, 0), (width, 0), (width, height), (0, height))
        return tuple(viewport.to_document(x, y) for x, y in corners)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture as it was drawn last, and the part that is seen."""
        painter = QPainter(self)
        if not self._canvas.document.has_picture:
            return
        if self._picture.isNull():
            self._later()
        else:
            painter.drawImage(QPointF(0, 0), self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addPolygon(QPolygonF([self._at(spot) for spot in self.seen]))
        path.closeSubpath()
        around = QPainterPath()
        around.addRect(self.rect())
        painter.fillPath(around.subtracted(path), _SHADE)
        look = self._canvas.scene.look
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((look.edge, 3.0), (look.accent, 1.5)):
            painter.setPen(QPen(QColor(*colour), width))
            painter.drawPath(path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw it at the new size."""
        self._later()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of what is seen, or bring it under the pointer first."""
        if event.button() != Qt.MouseButton.LeftButton or not self._canvas.document.has_picture:
            return
        polygon = QPolygonF([self._at(spot) for spot in self.seen])
        spot, middle = self._under(event.position()), self._middle
        inside = polygon.containsPoint(event.position(), Qt.FillRule.OddEvenFill)
        self._held = (middle[0] - spot[0], middle[1] - spot[1]) if inside else (0.0, 0.0)
        self._bring(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Bring what is held under the pointer."""
        self._bring(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the canvas about its middle."""
        self._canvas.set_zoom(self._canvas.zoom() * 2 ** (event.angleDelta().y() / 120 * NOTCH))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move what is seen."""
        way = _ARROWS.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        self._canvas.pan(
            -way[0] * STEP * self._canvas.width(), -way[1] * STEP * self._canvas.height()
        )

    @property
    def _middle(self) -> Spot:
        size = self._canvas.viewport.size
        return self._canvas.viewport.to_document(size.width / 2, size.height / 2)

    def _bring(self, position: QPointF) -> None:
        if self._held is None:
            return
        spot, middle = self._under(position), self._middle
        x, y = spot[0] + self._held[0], spot[1] + self._held[1]
        self._canvas.pan_document(middle[0] - x, middle[1] - y)

    def _at(self, spot: Spot) -> QPointF:
        """The widget's px over a place of the document."""
        ratio = self.devicePixelRatioF()
        placed = self.placed
        return QPointF(
            (spot[0] * placed.zoom + placed.x) / ratio, (spot[1] * placed.zoom + placed.y) / ratio
        )

    def _under(self, position: QPointF) -> Spot:
        """The document px under a place of the widget; never far beside the picture."""
        ratio, placed, bounds = self.devicePixelRatioF(), self.placed, self._canvas.document.bounds
        x = (position.x() * ratio - placed.x) / placed.zoom
        y = (position.y() * ratio - placed.y) / placed.zoom
        return min(max(x, bounds.x), bounds.right), min(max(y, bounds.y), bounds.bottom)

    def _later(self) -> None:
        self._dirty = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: object) -> None:
        """What changed while it was folded is drawn now."""
        self._later()

    def _refresh(self) -> None:
        if not self._dirty or not self.isVisible():
            return
        if not self._canvas.complete:
            # The canvas comes first; what it computes need not be computed here.
            self._timer.start()
            return
        placed, ratio = self.placed, self.devicePixelRatioF()
        image = QImage(
            max(1, placed.size.width), max(1, placed.size.height), QImage.Format.Format_RGB32
        )
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(*self._canvas.scene.look.surround))
        painter = QPainter(image)
        painter.scale(1 / ratio, 1 / ratio)
        whole = Rect(0, 0, math.ceil(placed.size.width), math.ceil(placed.size.height))
        done = paint_small(painter, self._canvas, placed, whole)
        painter.end()
        self._picture, self._dirty = image, not done
        if not done:
            self._timer.start()
        self.update()

"""A hand that sends real mouse, pen and wheel events to a view, and pictures to paint on."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from studio.canvas.view import CanvasView
from studio.core.pixels import Pixels

Spot = tuple[float, float]
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
NO_BUTTON = Qt.MouseButton.NoButton


def picture(width: int, height: int) -> Pixels:
    """Colours that differ from pixel to pixel: uint8 `[height, width, 4]`, opaque."""
    y, x = np.mgrid[0:height, 0:width]
    channels = (x % 256, y % 256, (x + y) % 256, np.full_like(x, 255))
    return np.stack(channels, axis=-1).astype(np.uint8)


class Hand:
    """Mouse, pen and wheel on a view; places are document px."""

    def __init__(self, view: CanvasView) -> None:
        self.view = view
        self.keys = NONE
        self.button = LEFT

    def at(self, spot: Spot) -> QPointF:
        """The view px over that place."""
        ratio = self.view.devicePixelRatioF()
        x, y = self.view.viewport.to_device(*spot)
        return QPointF(x / ratio, y / ratio)

    def mouse(self, kind: QEvent.Type, spot: Spot) -> None:
        place = self.at(spot)
        moves, ends = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
        event = QMouseEvent(
            kind,
            place,
            self.view.mapToGlobal(place),
            NO_BUTTON if moves else self.button,
            NO_BUTTON if ends else self.button,
            self.keys,
        )
        QApplication.sendEvent(self.view, event)

    def press(self, spot: Spot) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, spot)

    def move(self, *spots: Spot) -> None:
        for spot in spots:
            self.mouse(QEvent.Type.MouseMove, spot)

    def release(self, spot: Spot) -> None:
        self.mouse(QEvent.Type.MouseButtonRelease, spot)

    def drag(self, spots: Iterable[Spot], keys: Qt.KeyboardModifier = NONE) -> None:
        """Press at the first, move over all, release at the last."""
        self.keys = keys
        first, *others = spots
        self.press(first)
        self.move(*others)
        self.release((first, *others)[-1])
        self.keys = NONE

    def pen(
        self,
        kind: QEvent.Type,
        spot: Spot,
        pressure: float,
        device: QPointingDevice | None = None,
    ) -> None:
        place = self.at(spot)
        button = NO_BUTTON if kind == QEvent.Type.TabletRelease else LEFT
        event = QTabletEvent(
            kind,
            device or tablet(QPointingDevice.PointerType.Pen),
            place,
            QPointF(self.view.mapToGlobal(place)),
            pressure,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            self.keys,
            LEFT,
            button,
        )
        QApplication.sendEvent(self.view, event)

    def write(
        self, spots: Iterable[Spot], pressure: float, device: QPointingDevice | None = None
    ) -> None:
        """A stroke of the pen."""
        first, *others = spots
        self.pen(QEvent.Type.TabletPress, first, pressure, device)
        for spot in others:
            self.pen(QEvent.Type.TabletMove, spot, pressure, device)
        self.pen(QEvent.Type.TabletRelease, (first, *others)[-1], 0.0, device)

    def key(self, kind: QEvent.Type, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> bool:
        """One key event; whether the view took it."""
        event = QKeyEvent(kind, key, keys)
        event.setAccepted(False)
        QApplication.sendEvent(self.view, event)
        return event.isAccepted()

    def wheel(self, spot: Spot, notches: float, keys: Qt.KeyboardModifier = NONE) -> None:
        self._scroll(self.at(spot), QPoint(), notches, keys, Qt.ScrollPhase.NoScrollPhase)

    def swipe(self, spot: Spot, way: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        """Two fingers on a touchpad."""
        self._scroll(self.at(spot), way, way.y() / 20, keys, Qt.ScrollPhase.ScrollUpdate)

    def _scroll(
        self,
        place: QPointF,
        way: QPoint,
        notches: float,
        keys: Qt.KeyboardModifier,
        phase: Qt.ScrollPhase,
    ) -> None:
        event = QWheelEvent(
            place,
            self.view.mapToGlobal(place),
            way,
            QPoint(0, round(notches * 120)),
            NO_BUTTON,
            keys,
            phase,
            False,
        )
        QApplication.sendEvent(self.view, event)


@functools.cache
def tablet(pointer: QPointingDevice.PointerType, pressure: bool = True) -> QPointingDevice:
    """A pen; kept, because events only point to it."""
    knows = QInputDevice.Capability.Position
    if pressure:
        knows |= QInputDevice.Capability.Pressure
    kind = QInputDevice.DeviceType.Stylus
    return QPointingDevice("pen", 1, kind, pointer, knows, 1, 1)

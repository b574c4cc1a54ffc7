"""Touch: fingers on a screen or a touchpad pinch, turn and push the view; one alone paints."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEventPoint,
    QMouseEvent,
    QNativeGestureEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.canvas.kinetic import Kinetic

#: Two fingers turn the view only after so many degrees: a pinch is seldom straight.
DEAD = 7.0
#: Within so many degrees of a quarter of a turn the view clicks in.
MAGNET = 3.0
#: A second finger takes a stroke back that is younger than this, seconds; later it is a slip.
YOUNG = 0.4
#: Fingers that stay shorter (seconds) and move less (view px) than this have tapped.
TAP, STILL = 0.25, 12.0

_TOUCH = {
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TouchCancel,
}
_ENDS_GLIDE = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TabletPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.KeyPress,
    QEvent.Type.FocusOut,
    QEvent.Type.Hide,
}
_PRESSED = QEventPoint.State.Pressed
#: There the desktop itself lets a scrolled view glide.
_GLIDES_ITSELF = sys.platform == "darwin"


class Looked(Protocol):
    """What touch needs of the view."""

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture, view px."""

    def zoom(self) -> float:
        """Device px per document px."""

    def zoom_at(self, zoom: float, position: QPointF) -> None:
        """Zoom about a point of the view."""

    @property
    def view_rotation(self) -> float:
        """Degrees clockwise."""

    def rotate_view(self, degrees: float, position: QPointF | None = None) -> None:
        """Rotate about a point of the view."""


class Painted(Protocol):
    """What touch needs of the tools."""

    @property
    def panning(self) -> bool:
        """Whether the view is held by hand."""

    def cancel(self) -> None:
        """Whatever goes on never was."""

    def refresh_cursor(self) -> None:
        """The view moved under a resting pointer."""


@dataclass(slots=True)
class _Pinch:
    """Two fingers since they came: both are kept from the start, so that nothing is lost to
    rounding or to the zoom's liking for 100 %.
    """

    zoom: float
    angle: float
    scale: float = 1.0
    turned: float = 0.0


class Touch(QObject):
    """Fingers, and what glides after them.

    A finger is a brush like the mouse, until a pen was seen: then it moves the view, and the palm
    that rests on the screen paints nothing.

    Signals:
        tapped: int, how many fingers touched the picture together, briefly.
    """

    tapped = Signal(int)

    def __init__(
        self,
        view: Looked,
        tools: Painted,
        parent: QWidget,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Listen to the events of `parent`, before the tools do.

        Args:
            view: As far as touch knows it.
            tools: What paints.
            parent: The view, as Qt knows it.
            clock: Seconds; passed in for tests.
        """
        super().__init__(parent)
        self._view, self._tools, self._widget, self._clock = view, tools, parent, clock
        self.kinetic = Kinetic(view.pan, self, clock)
        self._pen = False
        self._brush: int | None = None  # the finger that paints
        self._done = False  # what it painted is finished; the fingers that stay are a palm
        self._pinch: _Pinch | None = None
        self._middle = QPointF()
        self._spread, self._slope = 1.0, 0.0
        self._began, self._most, self._moved = 0.0, 0, 0.0
        parent.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what fingers do; everything else goes its way."""
        kind = event.type()
        if kind in _ENDS_GLIDE:
            self.kinetic.stop()
        if kind in _TOUCH:
            return self._on_touch(cast("QTouchEvent", event))
        if isinstance(event, QNativeGestureEvent):
            return self._on_native(event)
        if isinstance(event, QWheelEvent):
            self._on_scroll(event)
        elif kind in (QEvent.Type.TabletPress, QEvent.Type.TabletMove):
            self._pen = True
        if self._tools.panning:
            self._on_pan(event)
        return False

    def _on_pan(self, event: QEvent) -> None:
        """A view that is held by mouse or pen is pushed like one under a finger."""
        if event.type() in (QEvent.Type.MouseMove, QEvent.Type.TabletMove):
            at = cast("QMouseEvent", event).position()
            self.kinetic.note(at.x(), at.y())
        elif event.type() in (QEvent.Type.MouseButtonRelease, QEvent.Type.TabletRelease):
            self.kinetic.fling()

    def _on_scroll(self, event: QWheelEvent) -> None:
        phases, way = Qt.ScrollPhase, event.pixelDelta()
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.phase() == phases.ScrollUpdate and not zooms:
            if self.kinetic.gliding:
                self.kinetic.stop()
            self.kinetic.push(way.x(), way.y())
        elif event.phase() == phases.ScrollEnd and not _GLIDES_ITSELF:
            self.kinetic.fling()
        else:
            self.kinetic.stop()

    def _on_native(self, event: QNativeGestureEvent) -> bool:
        """Two fingers on a touchpad."""
        kind, value, kinds = event.gestureType(), event.value(), Qt.NativeGestureType
        if kind == kinds.BeginNativeGesture or self._pinch is None:
            self.kinetic.stop()
            self._pinch = _Pinch(self._view.zoom(), self._view.view_rotation)
        if kind == kinds.EndNativeGesture:
            self._pinch = None
        elif kind == kinds.ZoomNativeGesture and math.isfinite(value):
            self._pinch.scale *= max(0.01, 1 + value)
            self._view.zoom_at(self._pinch.zoom * self._pinch.scale, event.position())
        elif kind == kinds.RotateNativeGesture and math.isfinite(value):
            self._pinch.turned += value
            self._turn_to(self._pinch.angle + self._pinch.turned, event.position())
        self._tools.refresh_cursor()
        event.accept()
        return True

    def _on_touch(self, event: QTouchEvent) -> bool:
        points = [each for each in event.points() if each.state() != QEventPoint.State.Released]
        if event.type() == QEvent.Type.TouchBegin:
            self._began, self._most, self._moved = self._clock(), 0, 0.0
            self._done = False
        self._most = max(self._most, len(points))
        if event.type() == QEvent.Type.TouchCancel:
            self._cancel()
        elif event.type() == QEvent.Type.TouchEnd or not points:
            self._end(event)
        elif self._brush is not None and len(event.points()) > 1 and not self._young():
            self._beside_palm(event.points())
        elif self._done:
            pass
        elif len(points) == 1 and self._pinch is None:
            self._on_finger(event, points[0])
        else:
            self._on_fingers(points)
        event.accept()
        return True

    def _on_finger(self, event: QTouchEvent, point: QEventPoint) -> None:
        at = point.position()
        way = QPointF() if event.type() == QEvent.Type.TouchBegin else at - self._middle
        self._middle = at
        self._moved += math.hypot(way.x(), way.y())
        if self._pen:
            self._view.pan(way.x(), way.y())
            self.kinetic.note(at.x(), at.y())
            return
        pressed = point.state() == _PRESSED
        self._brush = point.id()
        kinds = QEvent.Type
        self._as_mouse(kinds.MouseButtonPress if pressed else kinds.MouseMove, at)

    def _young(self) -> bool:
        """Whether a stroke has just begun: a second finger says that none was meant."""
        return self._clock() - self._began <= YOUNG

    def _beside_palm(self, points: list[QEventPoint]) -> None:
        """The stroke follows its own finger, and ends where that one leaves."""
        point = next((each for each in points if each.id() == self._brush), None)
        if point is not None and point.state() != QEventPoint.State.Released:
            self._middle = point.position()
            self._as_mouse(QEvent.Type.MouseMove, self._middle)
        else:
            self._brush, self._done = None, True
            last = self._middle if point is None else point.position()
            self._as_mouse(QEvent.Type.MouseButtonRelease, last)

    def _on_fingers(self, points: list[QEventPoint]) -> None:
        if self._brush is not None:
            self._tools.cancel()
            self._brush = None
        first, second = points[0].position(), points[-1 if len(points) == 1 else 1].position()
        middle, across = (first + second) / 2, second - first
        spread = max(1.0, math.hypot(across.x(), across.y()))
        slope = math.degrees(math.atan2(across.y(), across.x()))
        before = self._middle, self._spread, self._slope
        self._middle, self._spread, self._slope = middle, spread, slope
        pinch = self._pinch
        if pinch is None:
            self.kinetic.stop()
            self._pinch = _Pinch(self._view.zoom(), self._view.view_rotation)
            return
        # When fingers come or go, those that stay are compared with themselves from there on.
        if len(points) == 1 or any(each.state() == _PRESSED for each in points):
            return
        way = middle - before[0]
        self._moved += math.hypot(way.x(), way.y())
        self._view.pan(way.x(), way.y())
        self.kinetic.note(middle.x(), middle.y())
        pinch.scale *= spread / before[1]
        pinch.turned += (slope - before[2] + 180.0) % 360.0 - 180.0
        self._view.zoom_at(pinch.zoom * pinch.scale, middle)
        if abs(pinch.turned) > DEAD:
            self._turn_to(pinch.angle + pinch.turned - math.copysign(DEAD, pinch.turned), middle)

    def _turn_to(self, wanted: float, about: QPointF) -> None:
        quarter = round(wanted / 90) * 90
        wanted = quarter if abs(wanted - quarter) < MAGNET else wanted
        step = (wanted - self._view.view_rotation + 180.0) % 360.0 - 180.0
        if step:
            self._view.rotate_view(step, about)

    def _end(self, event: QTouchEvent) -> None:
        brief = self._clock() - self._began <= TAP and self._moved <= STILL
        brush, pinch = self._brush, self._pinch
        self._brush, self._pinch = None, None
        if brush is not None:
            ends = (each.position() for each in event.points() if each.id() == brush)
            self._as_mouse(QEvent.Type.MouseButtonRelease, next(ends, self._middle))
        elif pinch is not None and brief:
            self.kinetic.stop()
            straight = abs(pinch.turned) <= DEAD and abs(math.log2(pinch.scale)) < 0.1
            if straight:
                self.tapped.emit(self._most)
        else:
            self.kinetic.fling()

    def _cancel(self) -> None:
        if self._brush is not None:
            self._tools.cancel()
        self.kinetic.stop()
        self._brush, self._pinch = None, None

    def _as_mouse(self, kind: QEvent.Type, at: QPointF) -> None:
        buttons, left = Qt.MouseButton, Qt.MouseButton.LeftButton
        moves, ends = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
        event = QMouseEvent(
            kind,
            at,
            self._widget.mapToGlobal(at),
            buttons.NoButton if moves else left,
            buttons.NoButton if ends else left,
            Qt.KeyboardModifier.NoModifier,
        )
        QCoreApplication.sendEvent(self._widget, event)

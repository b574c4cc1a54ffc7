"""Kinetic: a view that was pushed glides on and comes to rest."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QStyle

#: Seconds in which the speed falls to 1 / e, as on the phones that hands have learned it from.
FADE = 0.325
#: Seconds before the release that tell how fast the hand was; one that rested pushes nothing.
MEMORY = 0.1
REST = 0.06
#: View px a second: a slower hand has put the picture down, a slower glide is over.
LEAST, END = 80.0, 12.0
MOST = 8000.0
_FRAME = 8


class _Sample(NamedTuple):
    time: float
    x: float
    y: float


class Kinetic(QObject):
    """Told where the hand is; after `fling` it moves the view on by itself.

    Args:
        pan: Moves the view by that many view px.
        clock: Seconds; passed in for tests.
    """

    def __init__(
        self,
        pan: Callable[[float, float], None],
        parent: QObject,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.calm = False
        self._pan, self._clock = pan, clock
        self._samples: deque[_Sample] = deque(maxlen=32)
        self._speed = (0.0, 0.0)
        self._start = self._done = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME)
        self._timer.timeout.connect(self.glide)

    @property
    def gliding(self) -> bool:
        """Whether the view moves by itself."""
        return self._timer.isActive()

    def stop(self) -> None:
        """Stay where it is; the way of the hand begins anew."""
        self._timer.stop()
        self._samples.clear()

    def note(self, x: float, y: float) -> None:
        """The hand that holds the view is there, view px."""
        self._samples.append(_Sample(self._clock(), x, y))

    def push(self, dx: float, dy: float) -> None:
        """The hand went so much further."""
        last = self._samples[-1] if self._samples else _Sample(0.0, 0.0, 0.0)
        self.note(last.x + dx, last.y + dy)

    def fling(self) -> None:
        """Let go: glide on as fast as the hand was, unless little motion is wished for."""
        speed = self._speed_of_hand()
        self.stop()
        length = math.hypot(*speed)
        if length < LEAST or self.calm or motion_is_unwanted():
            return
        share = min(1.0, MOST / length)
        self._speed = (speed[0] * share, speed[1] * share)
        self._start, self._done = self._clock(), 0.0
        self._timer.start()

    def glide(self) -> None:
        """Move on to where the view is by now."""
        passed = self._clock() - self._start
        way = FADE * (1.0 - math.exp(-passed / FADE))
        step, self._done = way - self._done, way
        self._pan(self._speed[0] * step, self._speed[1] * step)
        if math.hypot(*self._speed) * math.exp(-passed / FADE) < END:
            self._timer.stop()

    def _speed_of_hand(self) -> tuple[float, float]:
        now = self._clock()
        recent = [each for each in self._samples if now - each.time <= MEMORY]
        if len(recent) < 2 or now - recent[-1].time > REST:
            return 0.0, 0.0
        first, last = recent[0], recent[-1]
        passed = max(last.time - first.time, 0.001)
        return (last.x - first.x) / passed, (last.y - first.y) / passed


def motion_is_unwanted() -> bool:
    """Whether the desktop asks for none."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return QApplication.style().styleHint(hint) == 0

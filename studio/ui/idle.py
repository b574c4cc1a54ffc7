"""Idle: an engine without work gives the memory of its models back after a while."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from studio.jobs.queue import JobQueue
from studio.settings import Settings

#: Minutes that are offered; 0: never.
CHOICES = (5, 20, 60, 0)
_MINUTE = 60_000


class Idle(QObject):
    """Counts from the moment when the engine has nothing to do; the next run loads by itself."""

    def __init__(self, queue: JobQueue, settings: Settings, menu: QMenu) -> None:
        """`menu` gets the choices."""
        super().__init__()
        self._queue, self._settings = queue, settings
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(queue.station.rest)
        queue.station.state_changed.connect(lambda _: self._count())
        self.menu = menu.addMenu(self.tr("Give idle &memory back"))
        group = QActionGroup(self.menu)
        for minutes in CHOICES:
            self.menu.addAction(self._choice(minutes, group))

    def choose(self, minutes: int) -> None:
        """Wait so long from now on; 0: never give it back."""
        self._settings.update(rest_minutes=minutes)
        self._count()

    def _choice(self, minutes: int, group: QActionGroup) -> QAction:
        words = self.tr("After {minutes} minutes").format(minutes=minutes)
        action = QAction(words if minutes else self.tr("Never"), group)
        action.setCheckable(True)
        action.setChecked(self._settings.values.rest_minutes == minutes)
        action.triggered.connect(lambda _=False: self.choose(minutes))
        return action

    def _count(self) -> None:
        self.timer.stop()
        minutes = self._settings.values.rest_minutes
        if self._queue.station.state == "ready" and minutes > 0:
            self.timer.start(min(minutes, 24 * 60) * _MINUTE)

"""Notices: tells by the system that a long run is done, while the artist is elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from studio.core.errors import StudioError
from studio.settings import Settings
from studio.ui.generation import Generation
from studio.ui.main_window import MainWindow

#: Shorter work is worth no notice, s.
LONG = 20.0
#: How long the tray has an icon, which the notice needs on some systems, ms.
_SHOWN = 10_000

Tell = Callable[[str, str], None]


class Notices(QObject):
    """One notice when nothing runs any more, for all that was made since.

    Args:
        clock: Monotonic time in s.
        tell: Shows a title and a sentence; the system by default.
    """

    def __init__(
        self,
        generation: Generation,
        window: MainWindow,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        tell: Tell | None = None,
    ) -> None:
        super().__init__()
        self._settings, self.clock = settings, clock
        self.tell = tell or SystemNotice(window).show
        self.away: Callable[[], bool] = lambda: not window.isActiveWindow()
        self._since: float | None = None
        self._made = 0
        self._fault = ""
        generation.running_changed.connect(self._on_running)
        generation.orders.made.connect(lambda *_: self._count())
        generation.orders.failed.connect(self._on_failed)
        action = window.commands["notify"]
        action.setChecked(settings.values.notify)
        action.toggled.connect(lambda on: settings.update(notify=on))

    def _count(self) -> None:
        self._made += 1

    def _on_failed(self, error: StudioError) -> None:
        self._fault = error.message

    def _on_running(self, running: bool) -> None:
        if running and self._since is None:
            self._since, self._made, self._fault = self.clock(), 0, ""
        elif not running and self._since is not None:
            long = self.clock() - self._since > LONG
            self._since = None
            # What is said of a failure comes after the run has ended.
            if long and self._settings.values.notify and self.away():
                QTimer.singleShot(0, self, self._say)

    def _say(self) -> None:
        if self._made:
            one = self.tr("A picture is done.")
            more = self.tr("{count} pictures are done.").format(count=self._made)
            self.tell("Sfumato", " ".join((one if self._made == 1 else more, self._fault)).strip())
        elif self._fault:
            self.tell("Sfumato", self._fault)


class SystemNotice(QObject):
    """The way of this system; nothing is left in its tray."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._tray: QSystemTrayIcon | None = None

    def show(self, title: str, text: str) -> None:
        """Show it where the system shows such things; where it has no place, nowhere."""
        if sys.platform.startswith("linux") and shutil.which("notify-send"):
            QProcess.startDetached("notify-send", ["--app-name=Sfumato", "--", title, text])
        elif QSystemTrayIcon.isSystemTrayAvailable():
            tray = self._tray or QSystemTrayIcon(self._icon(), self)
            tray.messageClicked.connect(self._window.activateWindow)
            self._tray = tray
            tray.show()
            tray.showMessage(title, text, self._icon())
            QTimer.singleShot(_SHOWN, self, tray.hide)

    def _icon(self) -> QIcon:
        return self._window.windowIcon()

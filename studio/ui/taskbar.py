"""Taskbar: how far the work is, where the system shows its windows."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject

from studio.ui.generation import Generation
from studio.ui.main_window import MainWindow

#: Name of the desktop entry, by which docks know whom they are told of.
_ENTRY = "application://sfumato.desktop"


class Taskbar(QObject):
    """The title says it in per cent everywhere; Linux docks and Windows show a bar, too."""

    def __init__(self, generation: Generation, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._percent: int | None = None
        generation.progressed.connect(lambda share, _: self.show(share))
        generation.running_changed.connect(lambda running: None if running else self.show(None))

    def show(self, share: float | None) -> None:
        """Show that share of the work, 0 to 1; None: nothing runs."""
        percent = None if share is None else min(100, max(0, int(share * 100)))
        if percent == self._percent:
            return
        self._percent = percent
        self._window.show_percent(percent)
        if sys.platform.startswith("linux"):
            _tell_dock(percent)
        elif sys.platform == "win32":
            from studio.ui.taskbar_windows import show

            show(int(self._window.winId()), percent)


def _tell_dock(percent: int | None) -> None:
    """Tell docks that know Unity's launcher API (KDE, Ubuntu, Cinnamon, Plank).

    Source: https://wiki.ubuntu.com/Unity/LauncherAPI
    """
    # Nobody needs it before a run, and the window opens sooner without it.
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return
    message = QDBusMessage.createSignal(
        "/org/sfumato/Sfumato", "com.canonical.Unity.LauncherEntry", "Update"
    )
    values = {"progress": (percent or 0) / 100, "progress-visible": percent is not None}
    message.setArguments([_ENTRY, values])
    bus.send(message)

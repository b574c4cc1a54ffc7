"""UnixSignals: SIGINT and SIGTERM end the event loop, and not the process."""

from __future__ import annotations

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_ENDING = (signal.SIGINT, signal.SIGTERM)


class UnixSignals(QObject):
    """Python runs its handlers only between bytecodes, which an idle Qt loop never reaches: a
    descriptor that the interpreter writes to wakes the loop.

    Signals:
        received: The number of a signal that asks to end.
    """

    received = Signal(int)

    def __init__(self) -> None:
        """Listen, until `uninstall`."""
        super().__init__()
        self._near, self._far = socket.socketpair()
        for end in (self._near, self._far):
            end.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._far.fileno())
        self._before = {each: signal.signal(each, self._note) for each in _ENDING}
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_woken)

    def uninstall(self) -> None:
        """Give the handlers back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for each, handler in self._before.items():
            signal.signal(each, handler)
        self._near.close()
        self._far.close()

    def _note(self, number: int, frame: FrameType | None) -> None:
        """What counts is the byte on the descriptor; a handler must be there for it to come."""

    def _on_woken(self) -> None:
        for number in self._near.recv(64):
            self.received.emit(number)

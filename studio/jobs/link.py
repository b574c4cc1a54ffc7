"""Our only thread: starts the engine process, blocks on its pipe, speaks in signals."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal, Slot

from studio import paths
from studio.core.errors import ProtocolError
from studio.core.messages import PROTOCOL, Command, Event, Loaded, Ready
from studio.jobs.child import Child

#: A worker that dies this young (s), before it did anything for a job, failed to start.
_YOUNG = 10.0
#: Seconds before the next attempt, after the first, second ... failed start; then we give up.
_PAUSES = (0.0, 0.5)


def worker_command() -> list[str]:
    """The command line of the engine process."""
    return [sys.executable, "-m", "studio.worker", "--configs", str(paths.model_configs())]


class EngineLink(QThread):
    """Keeps one engine process alive and carries commands and events; never touches a document.

    A worker that ends is reported by `lost` and replaced at once. Three that fail to start in a row
    are reported by `gave_up`; `restart` tries again.

    Signals:
        received: An Event, in the thread that made the link.
        lost: The worker ended: its exit code (negative: a signal) and the end of its log.
        gave_up: No further worker is started by itself.

    Args:
        command: Command line of the worker; the real one by default.
        log: Where its standard error is kept.
    """

    received = Signal(object)
    lost = Signal(int, str)
    gave_up = Signal()
    _arrived = Signal(int, object)

    def __init__(
        self,
        command: Sequence[str] | None = None,
        log: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = list(command or worker_command())
        self._log = log or paths.log() / "engine.log"
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._number = 0
        self._addressed = 0
        self._stopping = threading.Event()
        self._again = threading.Event()
        self._arrived.connect(self._on_arrived)

    def send(self, command: Command) -> None:
        """Hand a command to the worker whose Ready was received last; returns at once.

        When that worker is gone the command is dropped: `lost` is on its way, and what has to be
        sent again is the caller's to know.
        """
        with self._lock:
            if self._child is not None and self._number == self._addressed:
                self._child.send(command)

    def restart(self) -> None:
        """End the present worker, whatever it does, or try again after `gave_up`."""
        with self._lock:
            if self._child is not None:
                self._child.kill()
        self._again.set()

    def stop(self) -> None:
        """End the worker and the thread: politely for 2 s, then by force."""
        with self._lock:
            self._stopping.set()
            if self._child is not None:
                self._child.close()
        self._again.set()
        for patience, force in ((2000, Child.terminate), (500, Child.kill)):
            if self.wait(patience):
                return
            with self._lock:
                if self._child is not None:
                    force(self._child)
        self.wait()

    def run(self) -> None:
        """The thread: one worker after the other, until `stop`."""
        failures = 0
        while not self._stopping.is_set():
            begun = time.monotonic()
            worked = self._serve()
            young = not worked and time.monotonic() - begun < _YOUNG
            failures = failures + 1 if young else 0
            if self._stopping.is_set():
                break
            if failures <= len(_PAUSES):
                self._again.wait(_PAUSES[failures - 1] if failures else 0.0)
            else:
                self.gave_up.emit()
                self._again.wait()
                failures = 0
            self._again.clear()

    def _serve(self) -> bool:
        """Start a worker and read it to its end.

        Returns:
            Whether it loaded a model or did anything for a job.
        """
        try:
            child = Child(self._command, self._log)
        except OSError as error:
            self.lost.emit(-1, f"{self._command[0]}: {error.strerror}")
            return False
        with self._lock:
            self._child = child
            self._number += 1
            if self._stopping.is_set():
                child.close()
        worked, complaint = self._read(child)
        with self._lock:
            self._child = None
        code = child.end(1.0)
        if not self._stopping.is_set():
            self.lost.emit(code, "\n".join(one for one in (child.tail(), complaint) if one))
        return worked

    def _read(self, child: Child) -> tuple[bool, str]:
        """Pass every message on until the pipe ends or nonsense comes through it."""
        worked = False
        try:
            while (message := child.read()) is not None:
                if isinstance(message, Ready):
                    if message.protocol != PROTOCOL:
                        raise ProtocolError("The engine is of another version than the studio.")
                elif isinstance(message, Command):
                    raise ProtocolError("The engine sent a command.")
                else:
                    worked = worked or message.job != 0 or isinstance(message, Loaded)
                self._arrived.emit(self._number, message)
        except ProtocolError as error:
            child.kill()
            return worked, str(error)
        return worked, ""

    @Slot(int, object)
    def _on_arrived(self, number: int, event: Event) -> None:
        """In the caller's thread: from here on commands go to that worker."""
        self._addressed = number
        self.received.emit(event)

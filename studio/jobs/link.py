"""Our only thread: starts the engine process, blocks on its pipe, speaks in signals."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal, Slot

from studio import paths
from studio.core.errors import ProtocolError
from studio.core.messages import (
    Attend,
    Beat,
    Command,
    Event,
    Finished,
    Loaded,
    Message,
    Start,
    Warm,
)
from studio.jobs.child import Child
from studio.jobs.launch import worker_command
from studio.jobs.vigil import Limits
from studio.jobs.watch import Clocks, Watch

#: A worker that dies this young (s), before it did anything for a job, failed to start.
_YOUNG = 10.0
#: Seconds before the next attempt, after the first, second ... failed start; then we give up.
_PAUSES = (0.0, 0.5)
#: Seconds that a worker which has closed its pipe gets to end by itself.
_LINGER = 0.3


class EngineLink(QThread):
    """Keeps one engine process alive and carries commands and events; never touches a document.

    A worker that ends, hangs or talks nonsense is reported by `lost` and replaced at once. Three
    that fail to start in a row are reported by `gave_up`; `restart` tries again.

    Signals:
        received: An Event, in the thread that made the link.
        lost: The worker ended: its exit code (negative: a signal) and the end of its log.
        gave_up: No further worker is started by itself.

    Args:
        command: Command line of the worker; the real one by default.
        log: Where its standard error is kept.
        spare: Asked, when a worker has proved itself, whether to keep a second one at hand that
            has imported its libraries.
        limits: How patient to be with a worker.
        clocks: Where time comes from.
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
        spare: Callable[[], bool] = lambda: False,
        limits: Limits | None = None,
        clocks: Clocks | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = list(command or worker_command())
        self._log = log or paths.log() / "engine.log"
        self._watch = Watch(limits, clocks)
        self._affordable = spare
        self._spare: Child | None = None
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._number = 0
        self._addressed = 0
        self._stopping = threading.Event()
        self._again = threading.Event()
        self._arrived.connect(self._on_arrived)

    def send(self, command: Command, attempt: int = 1) -> None:
        """Hand a command to the worker whose Ready was received last; returns at once.

        When that worker is gone the command is dropped: `lost` is on its way, and what has to be
        sent again is the caller's to know.

        Args:
            command: What it shall do.
            attempt: Which try at the command's job this is, from 1; answers to others are dropped.

        Raises:
            ValueError: The worker is at another job.
        """
        with self._lock:
            if self._child is not None and self._number == self._addressed:
                self._child.send(command, attempt)
                if isinstance(command, Start | Warm):
                    self._watch.asked()

    def restart(self) -> None:
        """End the present worker, whatever it does, or try again after `gave_up`."""
        with self._lock:
            if self._child is not None:
                self._child.kill()
        self._again.set()

    def stop(self) -> None:
        """End the worker and the thread: politely for a second, then by force."""
        with self._lock:
            self._stopping.set()
            if self._child is not None:
                self._child.close()
        self._again.set()
        for patience, force in ((1000, Child.terminate), (400, Child.kill)):
            if self.wait(patience):
                return
            with self._lock:
                if self._child is not None:
                    force(self._child)
        self.wait()

    def run(self) -> None:
        """The thread: one worker after the other, until `stop`."""
        self._watch.start()
        try:
            self._run()
        finally:
            self._watch.end()
            if self._spare is not None:
                self._spare.kill()
                self._spare.end(0.0)

    def _run(self) -> None:
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
        """Start a worker, or take the spare one, and read it to its end.

        Returns:
            Whether it loaded a model or did anything for a job.
        """
        try:
            child = self._next()
        except OSError as error:
            self.lost.emit(-1, f"{self._command[0]}: {error.strerror}")
            return False
        with self._lock:
            self._child = child
            self._number += 1
            if self._stopping.is_set():
                child.close()
        self._watch.begin(child)
        child.send(Attend())
        worked, complaint = self._read(child)
        why = self._watch.leave()
        worked = worked or child.talk.job != 0  # what it was given may be what ended it
        with self._lock:
            self._child = None
        code = child.end(1.0 if self._stopping.is_set() else _LINGER)
        if not self._stopping.is_set():
            told = (child.tail(), complaint, why)
            self.lost.emit(code, "\n".join(one for one in told if one))
        return worked

    def _next(self) -> Child:
        """The spare worker where it still lives, or else a new one.

        Raises:
            OSError: It cannot be started.
        """
        spare, self._spare = self._spare, None
        if spare is not None:
            if spare.alive:
                return spare
            spare.end(0.0)
        return Child(self._command, self._log)

    def _read(self, child: Child) -> tuple[bool, str]:
        """Pass every message on until the pipe ends or nonsense comes through it."""
        worked = False
        try:
            while (message := child.read()) is not None:
                self._watch.heard(message)
                if isinstance(message, Beat):
                    continue
                worked = worked or _proves(message)
                self._arrived.emit(self._number, message)
                if _rests(message):
                    self._keep_spare()
        except ProtocolError as error:
            child.kill()
            return worked, str(error)
        return worked, ""

    def _keep_spare(self) -> None:
        """Have a second worker import its libraries while the first one has proved itself."""
        if self._stopping.is_set() or not self._affordable():
            return
        if self._spare is not None and not self._spare.alive:
            self._spare.end(0.0)
            self._spare = None
        if self._spare is None:
            with suppress(OSError):  # it is a luxury
                self._spare = Child(self._command, self._log)

    @Slot(int, object)
    def _on_arrived(self, number: int, event: Event) -> None:
        """In the caller's thread: from here on commands go to that worker."""
        self._addressed = number
        self.received.emit(event)


def _proves(message: Message) -> bool:
    """Whether the worker that sent it does work."""
    return getattr(message, "job", 0) != 0 or isinstance(message, Loaded)


def _rests(message: Message) -> bool:
    """Whether the worker that sent it has nothing to do now, so that another one may start up."""
    return isinstance(message, Finished) or (isinstance(message, Loaded) and message.job == 0)

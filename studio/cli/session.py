"""One request through the engine, on an event loop without a window."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, Slot

from studio.cli.report import Report
from studio.core.errors import StudioError
from studio.core.messages import Candidate, Loaded, Stepped
from studio.core.request import Request
from studio.jobs.link import EngineLink
from studio.jobs.queue import JobQueue

_ENDING = (signal.SIGINT, signal.SIGTERM)


class Session(QObject):
    """Owns an engine for the time of one request.

    Args:
        request: What to make.
        report: Is told every step.
        link: The way to the engine; a new one by default.
    """

    def __init__(self, request: Request, report: Report, link: EngineLink | None = None) -> None:
        self._application = QCoreApplication.instance() or QCoreApplication(["sfumato"])
        super().__init__()
        self._request = request
        self._report = report
        self._link = link or EngineLink()
        self._queue = JobQueue(self._link, parent=self)
        self._candidates: list[Candidate] = []
        self._error: StudioError | None = None
        self._cancelled = False
        self.seconds = 0.0

    def run(self) -> list[Candidate]:
        """Start the engine, make the takes, end the engine.

        Raises:
            StudioError: It failed.
            KeyboardInterrupt: SIGINT or SIGTERM came.
        """
        queue = self._queue
        queue.loaded.connect(self._on_loaded)
        queue.stepped.connect(self._on_stepped)
        queue.candidate.connect(self._candidates.append)
        queue.failed.connect(self._on_failed)
        queue.cancelled.connect(self._on_cancelled)
        queue.finished.connect(self._application.quit)
        begun = time.monotonic()
        with self._signals():
            queue.submit(self._request)
            self._link.start()
            try:
                self._application.exec()
            finally:
                self.seconds = time.monotonic() - begun
                self._link.stop()
        if self._cancelled:
            raise KeyboardInterrupt
        if self._error is not None:
            raise self._error
        return self._candidates

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Let SIGINT and SIGTERM cancel.

        Python runs its handlers between two of its own instructions, and Qt's loop has none: the
        byte that the wakeup socket receives makes the loop come back to Python.
        """
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda *_: reader.recv(64))
        wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        before = {one: signal.signal(one, self._on_signal) for one in _ENDING}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
            signal.set_wakeup_fd(wakeup)
            notifier.setEnabled(False)
            reader.close()
            writer.close()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._queue.cancel_all()

    @Slot(object)
    def _on_loaded(self, event: Loaded) -> None:
        self._report.loaded(self._request.model.title, event.device)

    @Slot(object)
    def _on_stepped(self, event: Stepped) -> None:
        job = self._queue.job(event.job)
        left = None if job is None else job.seconds_left
        self._report.stepped(event.take + 1, event.step, event.total, self._request.count, left)

    @Slot(int, object)
    def _on_failed(self, job: int, error: StudioError) -> None:
        self._error = error
        if job:
            self._application.quit()

    @Slot(int)
    def _on_cancelled(self, job: int) -> None:
        self._cancelled = True
        self._application.quit()

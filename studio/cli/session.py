"""Requests through the engine one after another, on an event loop without a window."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType, TracebackType

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer, Slot

from studio.cli.report import Report
from studio.core.errors import EngineError, StudioError
from studio.core.messages import Candidate, Eased, Event, Loaded, Stepped
from studio.core.request import Request
from studio.jobs.link import EngineLink
from studio.jobs.place import Place
from studio.jobs.queue import JobQueue

_ENDING = (signal.SIGINT, signal.SIGTERM)


def application() -> QCoreApplication:
    """The one of this process, made on the first call.

    Ask for it before there is a document: without one, a document that holds undo commands
    crashes when the program ends (seen with PySide6 6.11).
    """
    return QCoreApplication.instance() or QCoreApplication(["sfumato"])


class Session(QObject):
    """Owns an engine between `with` and the end of its block.

    SIGINT and SIGTERM cancel at any moment in between: whatever runs ends with KeyboardInterrupt,
    at the latest the block itself.

    Args:
        report: Is told every step.
        link: The way to the engine; a new one by default.
    """

    def __init__(self, report: Report, link: EngineLink | None = None) -> None:
        self._application = application()
        super().__init__()
        self._report = report
        self._link = link or EngineLink()
        self._queue = queue = JobQueue(self._link, parent=self)
        self._running: tuple[Request, Callable[[int], Place]] | None = None
        self._made: list[Candidate] = []
        self._error: StudioError | None = None
        self._told = self._cancelled = False
        self._open = ExitStack()
        self._begun = time.monotonic()
        queue.loaded.connect(self._on_loaded)
        queue.stepped.connect(self._on_stepped)
        queue.candidate.connect(self._on_candidate)
        queue.failed.connect(self._on_failed)
        queue.cancelled.connect(self._on_cancelled)
        queue.finished.connect(self._application.quit)
        self._link.received.connect(self._on_received)

    @property
    def seconds(self) -> float:
        """Since the session began."""
        return time.monotonic() - self._begun

    def __enter__(self) -> Session:
        self._open.enter_context(self._signals())
        self._open.callback(self._link.stop)
        self._link.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()
        if error is None and self._cancelled:
            raise KeyboardInterrupt

    def run(self, request: Request, place: Callable[[int], Place]) -> list[Candidate]:
        """Make all takes of a request.

        Args:
            request: What to make.
            place: Which part of the whole command a take of it is, by its number from 0.

        Raises:
            StudioError: It failed.
            KeyboardInterrupt: SIGINT or SIGTERM came.
        """
        self._running = request, place
        self._made, self._error = [], None
        QTimer.singleShot(0, self._submit)  # from within the loop: what ends it can end it then
        self._application.exec()
        if self._cancelled:
            raise KeyboardInterrupt
        if self._error is not None:
            raise self._error
        if not self._made:
            raise EngineError("The engine ended without a picture.", "Try again.")
        return self._made

    @Slot()
    def _submit(self) -> None:
        if self._cancelled:
            self._application.quit()
        elif self._running is not None:
            self._queue.submit(self._running[0])

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
        self._cancelled = True
        self._queue.cancel_all()

    @Slot(object)
    def _on_received(self, event: Event) -> None:
        if isinstance(event, Eased):
            self._report.note(event.words)

    @Slot(object)
    def _on_loaded(self, event: Loaded) -> None:
        if self._running is not None and not self._told:
            self._told = True
            self._report.loaded(self._running[0].model.title, event.device)

    @Slot(object)
    def _on_stepped(self, event: Stepped) -> None:
        if self._running is not None:
            job = self._queue.line.job(event.job)
            left = None if job is None else job.seconds_left
            place = self._running[1](event.take)
            self._report.stepped(place, event.step, event.total, left)

    @Slot(object)
    def _on_candidate(self, candidate: Candidate) -> None:
        self._made.append(candidate)

    @Slot(int, object)
    def _on_failed(self, job: int, error: StudioError) -> None:
        self._error = error
        if job:
            self._application.quit()

    @Slot(int)
    def _on_cancelled(self, job: int) -> None:
        self._cancelled = True
        self._application.quit()

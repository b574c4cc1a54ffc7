"""The queue of generations: one is with the engine, the others wait here."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.core.checkpoint import Checkpoint
from studio.core.errors import EngineError, StudioError, error_of
from studio.core.messages import (
    Cancel,
    Cancelled,
    Candidate,
    Event,
    Failed,
    Finished,
    Loaded,
    Ready,
    Start,
    Stepped,
    Warm,
)
from studio.core.request import Request
from studio.jobs.job import Job
from studio.jobs.link import EngineLink

#: So many ended jobs are remembered, without their pictures.
_REMEMBERED = 100
#: A job that the engine had not begun when it ended is handed to the next one, but not for ever: it
#: may be what ends it.
_ATTEMPTS = 2
#: An engine that has not let go of a cancelled job after this time, ms, is replaced: loading the
#: model anew is quicker than a step that does not end.
_PATIENCE = 60_000


class JobQueue(QObject):
    """Owns the jobs and decides what the engine does next; lives in the GUI thread.

    One job is with the engine at a time, so that nothing has to be taken back from it when a job
    is cancelled or the worker dies. Events of jobs that are not running are dropped.

    Signals:
        changed: That job is new, has another state, or is a step further; 0: the list as a whole.
        stepped: A Stepped.
        candidate: A Candidate.
        finished: All takes of that job are out.
        cancelled: That job was cancelled; nothing more of it comes.
        failed: That job ended in this StudioError; job 0: a model could not be loaded ahead.
        loaded: A Loaded.
        engine_state: starting, ready, loading, working, restarting or lost.

    Args:
        link: The way to the engine; started and stopped by whoever made it.
        clock: Monotonic time in s.
        patience: How long the engine may take to let go of a cancelled job, ms.
    """

    changed = Signal(int)
    stepped = Signal(object)
    candidate = Signal(object)
    finished = Signal(int)
    cancelled = Signal(int)
    failed = Signal(int, object)
    loaded = Signal(object)
    engine_state = Signal(str)

    def __init__(
        self,
        link: EngineLink,
        clock: Callable[[], float] = time.monotonic,
        patience: int = _PATIENCE,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._clock = clock
        self._jobs: dict[int, Job] = {}
        self._last = 0
        self._state = "starting"
        self._up = False
        self._busy: int | None = None  # the job the engine has, or had when it was cancelled
        self._warm: Checkpoint | None = None
        self._overdue = QTimer(self, singleShot=True, interval=patience)
        self._overdue.timeout.connect(link.restart)
        self._log = ""
        self._complaint: StudioError | None = None  # what an engine said before it ended
        link.received.connect(self._on_received)
        link.lost.connect(self._on_lost)
        link.gave_up.connect(self._on_gave_up)

    @property
    def state(self) -> str:
        """The engine's state, as `engine_state` tells it."""
        return self._state

    @property
    def log(self) -> str:
        """The end of the log of the engine that was lost last."""
        return self._log

    def jobs(self) -> tuple[Job, ...]:
        """All jobs in the order of their arrival."""
        return tuple(self._jobs.values())

    def job(self, number: int) -> Job | None:
        """The job of that id, as it is now."""
        return self._jobs.get(number)

    def submit(self, request: Request) -> int:
        """Put a request at the end of the queue; an engine that gave up is tried again.

        Returns:
            The id of its job.
        """
        self._last += 1
        self._jobs[self._last] = Job(self._last, request)
        self._forget()
        self.changed.emit(self._last)
        if self._state == "lost":
            self._tell("restarting")
            self._link.restart()
        self._next()
        return self._last

    def warm(self, model: Checkpoint) -> None:
        """Load a model ahead, as soon as the engine has nothing else to do."""
        self._warm = model
        self._next()

    def cancel(self, number: int) -> None:
        """End a job; it counts as cancelled from here on, whatever the engine still does."""
        job = self._jobs.get(number)
        if job is None or job.ended:
            return
        if self._busy == number:
            self._link.send(Cancel(number))
            self._overdue.start()
        self._set(job.to("cancelled"))
        self.cancelled.emit(number)

    def cancel_all(self) -> None:
        """End every job, the waiting ones first, so that none is started in between."""
        for job in reversed(self.jobs()):
            self.cancel(job.id)

    def clear(self) -> None:
        """Forget the jobs that have ended."""
        self._jobs = {number: job for number, job in self._jobs.items() if not job.ended}
        self.changed.emit(0)

    def _next(self) -> None:
        if not self._up or self._busy is not None:
            return
        job = next((one for one in self._jobs.values() if one.state == "waiting"), None)
        if job is not None:
            self._busy, self._warm = job.id, None
            self._link.send(Start(job.id, job.request))
            self._tell("loading")
            self._set(job.to("running"))
        elif self._warm is not None:
            self._link.send(Warm(self._warm))
            self._warm = None
            self._tell("loading")
        else:
            self._tell("ready")

    @Slot(object)
    def _on_received(self, event: Event) -> None:
        if isinstance(event, Ready):
            self._up, self._busy, self._complaint = True, None, None
            self._next()
            return
        job = self._jobs.get(event.job)
        if job is not None and job.state == "running":
            self._on_event(job, event)
        elif event.job == 0:
            self._on_warm(event)
        if event.job == self._busy and isinstance(event, Finished | Cancelled | Failed):
            self._busy = None
            self._overdue.stop()
            self._next()

    def _on_event(self, job: Job, event: Event) -> None:
        match event:
            case Loaded():
                self._tell("working")
                self.loaded.emit(event)
            case Stepped():
                self._tell("working")
                self._set(job.stepped(event, self._clock()))
                self.stepped.emit(event)
            case Candidate():
                self.candidate.emit(event)
            case Finished():
                self._set(job.to("finished"))
                self.finished.emit(job.id)
            case Cancelled():  # of its own accord: the artist's cancel has ended the job here
                self._set(job.to("cancelled"))
                self.cancelled.emit(job.id)
            case Failed():
                self._end(job, "failed", error_of(event.kind, event.message, event.hint))

    def _on_warm(self, event: Event) -> None:
        if isinstance(event, Loaded):
            self.loaded.emit(event)
        elif isinstance(event, Failed):
            self._complaint = error_of(event.kind, event.message, event.hint)
            self.failed.emit(0, self._complaint)
        self._next()

    @Slot(int, str)
    def _on_lost(self, code: int, log: str) -> None:
        self._log = log
        self._up = False
        self._overdue.stop()
        # What is loaded ahead may be what ends the engine: a lost one is not warmed again.
        self._warm = None
        job = None if self._busy is None else self._jobs.get(self._busy)
        self._busy = None
        self._tell("restarting")
        if job is None or job.state != "running":
            return
        if not job.begun and job.attempts < _ATTEMPTS:
            self._set(job.to("waiting"))
        else:
            self._end(job, "interrupted", _interrupted(code))

    @Slot()
    def _on_gave_up(self) -> None:
        self._tell("lost")
        error = self._complaint or EngineError(
            "The engine does not start.",
            "Your picture is untouched. Press Generate to try once more; the log tells why.",
        )
        for job in self.jobs():
            if not job.ended:
                self._end(job, "failed", error)

    def _end(self, job: Job, state: str, error: StudioError) -> None:
        self._set(job.to(state))
        self.failed.emit(job.id, error)

    def _set(self, job: Job) -> None:
        self._jobs[job.id] = job
        self.changed.emit(job.id)

    def _tell(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.engine_state.emit(state)

    def _forget(self) -> None:
        ended = [job.id for job in self._jobs.values() if job.ended]
        for number in ended[: max(0, len(ended) - _REMEMBERED)]:
            del self._jobs[number]


def _interrupted(code: int) -> EngineError:
    how = f"signal {-code}" if code < 0 else f"code {code}"
    return EngineError(
        f"The engine stopped while it was painting ({how}).",
        "Your picture is untouched and a new engine is starting: press Generate again.",
    )

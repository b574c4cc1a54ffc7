"""The queue of generations: one is with the engine, the others wait here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.core.checkpoint import Checkpoint
from studio.core.errors import StudioError, error_of
from studio.core.messages import (
    Accepted,
    Cancel,
    Cancelled,
    Candidate,
    Event,
    Failed,
    Finished,
    Freeze,
    Frozen,
    Keep,
    Loaded,
    Ready,
    Start,
    Stepped,
    Warm,
)
from studio.core.request import Request
from studio.jobs import endings, lineup
from studio.jobs.attempts import Attempts
from studio.jobs.job import Job
from studio.jobs.journal import Journal
from studio.jobs.link import EngineLink

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
        retrying: The engine ended under that job, which is handed to the next one: told once.
        engine_state: starting, ready, loading, working, resting, restarting or lost.

    Args:
        link: The way to the engine; started and stopped by whoever made it.
        clock: Monotonic time in s.
        patience: How long the engine may take to let go of a cancelled job, ms.
        journal: Keeps the steps that jobs go on from; by default for this run of the program only.
    """

    changed = Signal(int)
    stepped = Signal(object)
    candidate = Signal(object)
    finished = Signal(int)
    cancelled = Signal(int)
    failed = Signal(int, object)
    loaded = Signal(object)
    retrying = Signal(int)
    engine_state = Signal(str)

    def __init__(
        self,
        link: EngineLink,
        clock: Callable[[], float] = time.monotonic,
        patience: int = _PATIENCE,
        parent: QObject | None = None,
        journal: Journal | None = None,
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._clock = clock
        self._journal = journal or Journal()
        self._attempts = Attempts()
        self._accepted = False  # whether the engine has taken up the job it has
        self._told: set[int] = set()  # jobs whose second try the artist knows of
        self._keeping: set[int] = set()  # frozen jobs that end with a partial picture
        self._jobs: dict[int, Job] = {}
        self._last = 0
        self._state = "starting"
        self._up = False
        self._held = False
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

    @property
    def held(self) -> bool:
        """Whether nothing new is begun."""
        return self._held

    def jobs(self) -> tuple[Job, ...]:
        """All jobs in the order in which they go to the engine."""
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
        self._jobs = lineup.remembered(self._jobs) | {self._last: Job(self._last, request)}
        self.changed.emit(self._last)
        self._rouse()
        return self._last

    def announce(self, outline: Request, first: bool = False) -> int:
        """Keep a turn for an order whose pixels are still being read; `supply` makes it ready.

        Args:
            outline: What is known of it.
            first: Whether it comes before all that wait, as what it goes on with has ended.

        Returns:
            The id of its job.
        """
        following = lineup.first_waiting(self._jobs) if first else None
        self._last += 1
        job = Job(self._last, outline, "planned")
        jobs = lineup.remembered(self._jobs) | {job.id: job}
        self._jobs = lineup.moved(jobs, job.id, following.id if following else 0)
        self.changed.emit(job.id)
        return job.id

    def supply(self, number: int, request: Request) -> bool:
        """Let an announced job wait for its turn, with its pixels; an engine that gave up is tried.

        Returns:
            Whether anybody still wants it.
        """
        job = self._jobs.get(number)
        if job is None or job.ended:
            return False
        self._set(job.supplied(request))
        self._rouse()
        return True

    def warm(self, model: Checkpoint) -> None:
        """Load a model ahead, as soon as the engine has nothing else to do."""
        self._warm = model
        self._next()

    def hold(self, held: bool) -> None:
        """Begin nothing new, or go on; what runs is finished."""
        self._held = held
        self.changed.emit(0)
        self._next()

    def move(self, number: int, before: int = 0) -> None:
        """Let a job come before another one; 0: after all others."""
        self._jobs = lineup.moved(self._jobs, number, before)
        self.changed.emit(0)

    def rest(self) -> None:
        """Let an engine that has nothing to do give the memory of its models back."""
        if self._up and self._busy is None and self._state == "ready":
            self._link.send(Freeze(0))

    def cancel(self, number: int) -> None:
        """End a job; it counts as cancelled from here on, whatever the engine still does."""
        job = self._jobs.get(number)
        if job is None or job.ended:
            return
        if self._busy == number:
            self._link.send(Cancel(number), job.attempts)
            self._overdue.start()
        self._set(job.to("cancelled"))
        self.cancelled.emit(number)
        if job.state == "planned":
            self._next()  # its turn was kept

    def freeze(self, number: int) -> None:
        """Let a job rest as far as it is; the engine gives its memory back."""
        job = self._jobs.get(number)
        if job is None or job.state not in ("running", "waiting"):
            return
        if self._busy == number:
            self._link.send(Freeze(number), job.attempts)
            self._overdue.start()
        self._keeping.discard(number)
        self._rest(job)

    def resume(self, number: int) -> None:
        """Let a frozen job wait for its turn; it goes on from its last step, in the same bits."""
        job = self._jobs.get(number)
        if job is not None and job.state == "frozen":
            self._set(job.to("waiting"))
            self._rouse()

    def stop_and_keep(self, number: int) -> None:
        """End a job with the picture as it is foreseen now; without a step there is none yet."""
        job = self._jobs.get(number)
        if job is None or job.ended:
            return
        if not job.begun:
            self.cancel(number)
        elif self._busy == number and job.state == "running":
            self._link.send(Keep(number), job.attempts)
        else:
            self._keeping.add(number)
            self.resume(number)

    def bring_back(self, request: Request, frozen: bool = True, made: Iterable[int] = ()) -> int:
        """Take up an order of an earlier run of the program, at the step it had come to.

        Args:
            request: The order.
            frozen: Whether it rests until it is resumed.
            made: The takes that are there already.

        Returns:
            The id of its job, which rests, or waits for its turn.
        """
        self._last += 1
        state = "frozen" if frozen else "waiting"
        job = Job(self._last, request, state, made=frozenset(made))
        self._set(self._journal.take_up(job))
        if not frozen:
            self._rouse()
        return self._last

    def set_aside(self, number: int) -> None:
        """End a job here and now; `bring_back` finds what was done of it."""
        job = self._jobs.get(number)
        if job is not None and not job.ended:
            if job.begun:
                self._journal.shelve(job)
            self._journal.forget(number)
            self.cancel(number)

    def recall(self) -> tuple[Job, ...]:
        """Take up, frozen, the jobs that an earlier run of the program did not finish."""
        jobs = self._journal.recalled(self._last + 1)
        for job in jobs:
            self._last = job.id
            self._set(job)
        return tuple(jobs)

    def leave(self) -> None:
        """Before the program ends: what is begun can be resumed when it starts again."""
        for job in self._jobs.values():
            if not job.ended and job.begun:
                self._journal.shelve(job)

    def cancel_all(self) -> None:
        """End every job, the waiting ones first, so that none is started in between."""
        for job in reversed(self.jobs()):
            self.cancel(job.id)

    def clear(self) -> None:
        """Forget the jobs that have ended."""
        self._jobs = lineup.remembered(self._jobs, 0)
        self.changed.emit(0)

    def _rouse(self) -> None:
        if self._state == "lost":
            self._tell("restarting")
            self._link.restart()
        self._next()

    def _next(self) -> None:
        if not self._up or self._busy is not None:
            return
        job = None if self._held else lineup.first_waiting(self._jobs)
        if job is not None and job.state == "planned":
            self._tell("ready")
        elif job is not None:
            self._busy, self._warm = job.id, None
            job = job.to("running")
            point = self._journal.newest(job.id)
            self._attempts.begin(job.id, point)
            self._accepted = False
            self._link.send(Start(job.id, job.request, point), job.attempts)
            self._tell("loading")
            self._set(job)
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
        if job is not None and (job.state == "running" or self._resting(job)):
            self._on_event(job, event)
        elif event.job == 0:
            self._on_warm(event)
        if event.job == self._busy and isinstance(event, Finished | Cancelled | Frozen | Failed):
            self._busy = None
            self._overdue.stop()
            self._next()

    def _on_event(self, job: Job, event: Event) -> None:
        match event:
            case Accepted():
                self._accepted = True
            case Loaded():
                self._tell("working")
                self.loaded.emit(event)
            case Stepped():
                self._tell("working")
                job = job.stepped(event, self._clock())
                self._journal.note(job, event)
                self._set(job)
                if job.id in self._keeping and job.state == "running":
                    self._keeping.discard(job.id)
                    self._link.send(Keep(job.id), job.attempts)
                self.stepped.emit(event)
            case Candidate():
                # A job that began anew makes the takes once more that are there already.
                if event.take not in job.made:
                    self.candidate.emit(event)  # what keeps it comes before what leaves it out
                    self._set(job.with_take(event.take))
            case Finished():
                self._finish(job)
            case Cancelled():  # of its own accord: the artist's cancel has ended the job here
                self._set(job.to("cancelled"))
                self.cancelled.emit(job.id)
            case Frozen():
                self._journal.shelve(job)
            case Failed():
                self._end(job, "failed", error_of(event.kind, event.message, event.hint))

    def _finish(self, job: Job) -> None:
        """Only what has made a picture has succeeded."""
        if not job.made:
            self._end(job, "failed", endings.without_picture())
            return
        self._set(job.to("finished"))
        self.finished.emit(job.id)

    def _resting(self, job: Job) -> bool:
        """Whether the engine is about to let go of a frozen job; its last steps still count."""
        return job.state in ("frozen", "waiting") and job.id == self._busy

    def _rest(self, job: Job) -> None:
        self._set(job.to("frozen"))
        self._journal.shelve(job)

    def _on_warm(self, event: Event) -> None:
        if isinstance(event, Frozen):
            if self._state == "ready":
                self._tell("resting")
            return
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
        if not self._accepted:
            self._attempts.void(job.id)
        if self._attempts.worthwhile(job.id, self._journal.newest(job.id)):
            self._set(job.to("waiting"))
            if self._accepted and job.id not in self._told:
                self._told.add(job.id)
                self.retrying.emit(job.id)
        else:
            self._end(job, "interrupted", endings.interrupted(code))

    @Slot()
    def _on_gave_up(self) -> None:
        self._tell("lost")
        error = self._complaint or endings.not_started()
        waiting = [job for job in self.jobs() if not job.ended and job.state != "frozen"]
        for job in waiting:
            if self._journal.newest(job.id) is not None:
                self._rest(job)  # nothing of it is lost
            else:
                self._end(job, "failed", error)

    def _end(self, job: Job, state: str, error: StudioError) -> None:
        self._set(job.to(state))
        self.failed.emit(job.id, error)

    def _set(self, job: Job) -> None:
        self._jobs[job.id] = job
        if job.ended:
            self._journal.drop(job.id)
            self._attempts.end(job.id)
            self._keeping.discard(job.id)
            self._told.discard(job.id)
        self.changed.emit(job.id)

    def _tell(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.engine_state.emit(state)

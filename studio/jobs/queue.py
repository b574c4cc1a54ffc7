"""The queue of generations: what the artist wants of jobs, and what becomes of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal, Slot

from studio.core.errors import StudioError, error_of
from studio.core.messages import (
    Cancel,
    Cancelled,
    Candidate,
    Event,
    Failed,
    Finished,
    Freeze,
    Frozen,
    Loaded,
    Ready,
    Stepped,
)
from studio.core.request import Request
from studio.jobs import endings
from studio.jobs.attempts import Attempts
from studio.jobs.job import Job
from studio.jobs.journal import Journal
from studio.jobs.lineup import Lineup
from studio.jobs.link import EngineLink
from studio.jobs.station import Station

#: An engine that has not let go of a cancelled job after this time, ms, is replaced: loading the
#: model anew is quicker than a step that does not end.
_PATIENCE = 60_000


class JobQueue(QObject):
    """Takes orders and lets the engine work at them in their turn; lives in the GUI thread.

    Signals:
        stepped: A Stepped.
        candidate: A Candidate.
        finished: All takes of that job are out.
        cancelled: That job was cancelled; nothing more of it comes.
        failed: That job ended in this StudioError; job 0: a model could not be loaded ahead.
        loaded: A Loaded.
        retrying: The engine ended under that job, which is handed to the next one: told once.

    Attributes:
        line: The jobs.
        station: The engine.

    Args:
        link: The way to the engine; started and stopped by whoever made it.
        clock: Monotonic time in s.
        patience: How long the engine may take to let go of a cancelled job, ms.
        journal: Keeps the steps that jobs go on from; by default for this run of the program only.
    """

    stepped = Signal(object)
    candidate = Signal(object)
    finished = Signal(int)
    cancelled = Signal(int)
    failed = Signal(int, object)
    loaded = Signal(object)
    retrying = Signal(int)

    def __init__(
        self,
        link: EngineLink,
        clock: Callable[[], float] = time.monotonic,
        patience: int = _PATIENCE,
        parent: QObject | None = None,
        journal: Journal | None = None,
    ) -> None:
        super().__init__(parent)
        self.line = Lineup(self)
        self.station = Station(link, patience, self)
        self._clock = clock
        self._journal = journal or Journal()
        self._attempts = Attempts()
        self._told: set[int] = set()  # jobs whose second try the artist knows of
        self._keeping: set[int] = set()  # frozen jobs that end with a partial picture
        self.line.changed.connect(self._on_line)
        self.station.freed.connect(self._next)
        self.station.heard.connect(self._on_heard)
        self.station.lost.connect(self._on_lost)
        self.station.gave_up.connect(self._on_gave_up)

    def submit(self, request: Request) -> int:
        """Put a request at the end of the line; an engine that gave up is tried again.

        Returns:
            The id of its job.
        """
        return self._take_up(self.line.new(request, "waiting"))

    def announce(
        self,
        outline: Request,
        first: bool = False,
        named: Callable[[int], None] = lambda _: None,
    ) -> int:
        """Keep a turn for an order whose pixels are still being read; `supply` makes it ready.

        Args:
            outline: What is known of it.
            first: Whether it comes before all that wait, as what it goes on with has ended.
            named: Gets the id of its job before anybody else hears of it.

        Returns:
            The id of its job.
        """
        job = self.line.new(outline, "planned")
        named(job.id)
        self.line.put(job, first)
        return job.id

    def supply(self, number: int, request: Request) -> bool:
        """Let an announced job wait for its turn, with its pixels.

        Returns:
            Whether anybody still wants it.
        """
        job = self.line.alive(number)
        if job is None:
            return False
        self._take_up(job.supplied(request))
        return True

    def bring_back(self, request: Request, frozen: bool = True, made: Iterable[int] = ()) -> int:
        """Take up an order of an earlier run of the program, at the step it had come to.

        Args:
            request: The order.
            frozen: Whether it rests until it is resumed.
            made: The takes that are there already.

        Returns:
            The id of its job, which rests, or waits for its turn.
        """
        return self._bring_back(self.line.new(request, "frozen", made), frozen)

    def supply_again(self, number: int, request: Request, frozen: bool) -> bool:
        """`supply` for an order of an earlier run of the program; see `bring_back`."""
        job = self.line.alive(number)
        if job is None:
            return False
        self._bring_back(job.supplied(request).to("frozen"), frozen)
        return True

    def cancel(self, number: int) -> None:
        """End a job; it counts as cancelled from here on, whatever the engine still does."""
        job = self.line.alive(number)
        if job is None:
            return
        self.station.end(job, Cancel)
        self._set(job.to("cancelled"))
        self.cancelled.emit(number)
        if job.state == "planned":
            self._next()  # its turn was kept

    def cancel_all(self) -> None:
        """End every job, the waiting ones first, so that none is started in between."""
        for job in reversed(self.line.jobs()):
            self.cancel(job.id)

    def freeze(self, number: int) -> None:
        """Let a job rest as far as it is; the engine gives its memory back."""
        job = self.line.job(number)
        if job is not None and job.state in ("running", "waiting"):
            self.station.end(job, Freeze)
            self._keeping.discard(number)
            self._rest(job)

    def resume(self, number: int) -> None:
        """Let a frozen job wait for its turn; it goes on from its last step, in the same bits."""
        job = self.line.job(number)
        if job is not None and job.state == "frozen":
            self._take_up(job.to("waiting"))

    def stop_and_keep(self, number: int) -> None:
        """End a job with the picture as it is foreseen now; without a step there is none yet."""
        job = self.line.alive(number)
        if job is None:
            return
        if not job.begun:
            self.cancel(number)
        elif self.station.job == number and job.state == "running":
            self.station.keep(job)
        else:
            self._keeping.add(number)
            self.resume(number)

    def set_aside(self, number: int) -> None:
        """End a job here and now; `bring_back` finds what was done of it."""
        job = self.line.alive(number)
        if job is not None:
            if job.begun:
                self._journal.shelve(job)
            self._journal.forget(number)
            self.cancel(number)

    def leave(self) -> None:
        """Before the program ends: what is begun can be resumed when it starts again."""
        for job in self.line.jobs():
            if not job.ended and job.begun:
                self._journal.shelve(job)

    def _bring_back(self, job: Job, frozen: bool) -> int:
        job = self._journal.take_up(job)
        return self._take_up(job if frozen else job.to("waiting"))

    def _take_up(self, job: Job) -> int:
        self._set(job)
        if job.state == "waiting":
            self.station.rouse()
            self._next()
        return job.id

    @Slot(int)
    def _on_line(self, number: int) -> None:
        if not number:
            self._next()

    @Slot()
    def _next(self) -> None:
        if not self.station.free:
            return
        job = self.line.next()
        if job is None:
            self.station.idle()
            return
        job, point = job.to("running"), self._journal.newest(job.id)
        self._attempts.begin(job.id, point)
        self.station.begin(job, point)
        self._set(job)

    @Slot(object)
    def _on_heard(self, event: Event) -> None:
        assert not isinstance(event, Ready)  # which the station keeps to itself
        job = self.line.alive(event.job)
        if job is not None:  # the last steps of one that is frozen count, too
            self._on_event(job, event)
        elif isinstance(event, Loaded) and event.job == 0:
            self.loaded.emit(event)
        elif isinstance(event, Failed) and event.job == 0:
            self.failed.emit(0, error_of(event.kind, event.message, event.hint))

    def _on_event(self, job: Job, event: Event) -> None:
        match event:
            case Loaded():
                self.loaded.emit(event)
            case Stepped():
                self._on_step(job, event)
            case Candidate():
                # A job that began anew makes the takes once more that are there already.
                if event.take not in job.made:
                    self.candidate.emit(event)  # what keeps it comes before what leaves it out
                    self._set(job.with_take(event.take))
            case Finished() if job.made:
                self._set(job.to("finished"))
                self.finished.emit(job.id)
            case Finished():  # only what has made a picture has succeeded
                self._end(job, "failed", endings.without_picture())
            case Cancelled():  # of its own accord: the artist's cancel has ended the job here
                self._set(job.to("cancelled"))
                self.cancelled.emit(job.id)
            case Frozen():
                self._journal.shelve(job)
            case Failed():
                self._end(job, "failed", error_of(event.kind, event.message, event.hint))

    def _on_step(self, job: Job, event: Stepped) -> None:
        job = job.stepped(event, self._clock())
        self._journal.note(job, event)
        self._set(job)
        if job.id in self._keeping and job.state == "running":
            self._keeping.discard(job.id)
            self.station.keep(job)
        self.stepped.emit(event)

    @Slot(int, int)
    def _on_lost(self, number: int, code: int) -> None:
        job = self.line.job(number)
        if job is None or job.state != "running":
            return
        if not self.station.accepted:
            self._attempts.void(job.id)
        if not self._attempts.worthwhile(job.id, self._journal.newest(job.id)):
            self._end(job, "interrupted", endings.interrupted(code))
            return
        self._set(job.to("waiting"))
        if self.station.accepted and job.id not in self._told:
            self._told.add(job.id)
            self.retrying.emit(job.id)

    @Slot(object)
    def _on_gave_up(self, error: StudioError) -> None:
        for job in self.line.jobs():
            if job.ended or job.state == "frozen":
                continue
            if self._journal.newest(job.id) is not None:
                self._rest(job)  # nothing of it is lost
            else:
                self._end(job, "failed", error)

    def _rest(self, job: Job) -> None:
        self._set(job.to("frozen"))
        self._journal.shelve(job)

    def _end(self, job: Job, state: str, error: StudioError) -> None:
        self._set(job.to(state))
        self.failed.emit(job.id, error)

    def _set(self, job: Job) -> None:
        if job.ended:
            self._journal.drop(job.id)
            self._attempts.end(job.id)
            self._keeping.discard(job.id)
            self._told.discard(job.id)
        self.line.put(job)

"""Lineup: all jobs as they are now, in the order in which they go to the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from studio.core.request import Request
from studio.jobs.job import Job

#: So many ended jobs are remembered, without their pictures.
REMEMBERED = 100


class Lineup(QObject):
    """Knows the jobs, their turns, and whether any may begin; what becomes of them is the queue's.

    Signals:
        changed: That job is new, has another state, or is a step further; 0: the line as a whole.
    """

    changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[int, Job] = {}
        self._last = 0
        self._held = False

    @property
    def held(self) -> bool:
        """Whether nothing new is begun."""
        return self._held

    def jobs(self) -> tuple[Job, ...]:
        """All of them, in the order of their turns."""
        return tuple(self._jobs.values())

    def job(self, number: int) -> Job | None:
        """The job of that id, as it is now."""
        return self._jobs.get(number)

    def alive(self, number: int) -> Job | None:
        """The job of that id, unless it has ended."""
        job = self._jobs.get(number)
        return None if job is None or job.ended else job

    def next(self) -> Job | None:
        """The job that may begin now; while the pixels of the first are read, none."""
        job = None if self._held else first_waiting(self._jobs)
        return None if job is None or job.state == "planned" else job

    def new(self, request: Request, state: str, made: Iterable[int] = ()) -> Job:
        """A job with an id of its own; it has no place before it is put."""
        self._last += 1
        return Job(self._last, request, state, made=frozenset(made))

    def follow(self, number: int) -> None:
        """Let new ids come after that one, which an earlier run of the program gave."""
        self._last = max(self._last, number)

    def put(self, job: Job, first: bool = False) -> None:
        """Let that be the job of its id.

        Args:
            job: New ones come last.
            first: Whether it comes before all that wait.
        """
        before = first_waiting(self._jobs) if first else None
        if job.id not in self._jobs:
            self._jobs = remembered(self._jobs)
        self._jobs[job.id] = job
        if before is not None:
            self._jobs = moved(self._jobs, job.id, before.id)
        self.changed.emit(job.id)

    def hold(self, held: bool) -> None:
        """Begin nothing new, or go on; what runs is finished."""
        self._held = held
        self.changed.emit(0)

    def move(self, number: int, before: int = 0) -> None:
        """Let a job come before another one; 0: after all others."""
        self._jobs = moved(self._jobs, number, before)
        self.changed.emit(0)

    def clear(self) -> None:
        """Forget the jobs that have ended."""
        self._jobs = remembered(self._jobs, 0)
        self.changed.emit(0)


def moved(jobs: Mapping[int, Job], number: int, before: int) -> dict[int, Job]:
    """The same jobs with one of them at another place.

    Args:
        jobs: By their ids, in their order.
        number: The one to move.
        before: The one that it shall come before; 0, or one that is not there: behind all.
    """
    others = {key: job for key, job in jobs.items() if key != number}
    if number not in jobs or number == before:
        return dict(jobs)
    if before not in others:
        return others | {number: jobs[number]}
    placed: dict[int, Job] = {}
    for key, job in others.items():
        if key == before:
            placed[number] = jobs[number]
        placed[key] = job
    return placed


def first_waiting(jobs: Mapping[int, Job]) -> Job | None:
    """The one whose turn it is."""
    return next((job for job in jobs.values() if job.state in ("planned", "waiting")), None)


def remembered(jobs: Mapping[int, Job], most: int = REMEMBERED) -> dict[int, Job]:
    """The same jobs without the oldest of those that have ended, `most` of which may stay."""
    ended = [number for number, job in jobs.items() if job.ended]
    gone = set(ended[: max(0, len(ended) - most)])
    return {number: job for number, job in jobs.items() if number not in gone}

"""Journal: the last steps of every job that is not done; on a shelf they outlive the program."""

from __future__ import annotations

import io
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from studio.core import wire
from studio.core.errors import ProtocolError
from studio.core.messages import Message, Start, Stepped
from studio.core.point import Point
from studio.core.request import Request
from studio.jobs.job import Job
from studio.jobs.shelf import Shelf

#: So many bytes of steps are kept of one job: 20 steps of an SDXL picture of 1024 px.
_MOST = 32 << 20
#: A job that runs longer than this, s, is put onto the shelf at this pace.
_PACE = 10.0
_JOB, _STEP = "job", "step"


@dataclass(slots=True)
class _Notes:
    key: str
    points: deque[Point] = field(default_factory=deque)
    shelved: float = 0.0  # when the newest step went onto the shelf
    whole: bool = False  # whether the order itself lies there


class Journal:
    """Lives in the GUI thread, so that it outlives every engine."""

    def __init__(
        self, shelf: Shelf | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin empty.

        Args:
            shelf: Where frozen and long jobs outlive the program; None: they do not.
            clock: Monotonic time in s.
        """
        self._shelf, self._clock = shelf, clock
        self._notes: dict[int, _Notes] = {}

    def note(self, job: Job, event: Stepped) -> None:
        """Keep what that job was after a step."""
        if event.state is None:
            return
        now = self._clock()
        notes = self._of(job.id, now)
        notes.points.append(Point(event.take, event.step, event.total, event.state))
        spare = sum(one.state.nbytes for one in notes.points) - _MOST
        while len(notes.points) > 1 and (spare > 0 or notes.points[0].take != event.take):
            spare -= notes.points.popleft().state.nbytes
        if now - notes.shelved >= _PACE:
            self.shelve(job)

    def newest(self, job: int) -> Point | None:
        """The last step of that job."""
        points = self.points(job)
        return points[-1] if points else None

    def points(self, job: int) -> tuple[Point, ...]:
        """The last steps of the take that is being made, the oldest first."""
        notes = self._notes.get(job)
        return () if notes is None else tuple(notes.points)

    def shelve(self, job: Job) -> None:
        """Let that job, at its last step, outlive the program."""
        now = self._clock()
        notes = self._of(job.id, now)
        if self._shelf is None:
            return
        notes.shelved = now
        if not notes.whole:
            order = Start(job.id, job.request)
            self._shelf.put(_JOB, notes.key, {}, lambda: _bytes(order))
            notes.whole = True
        if notes.points:
            point = notes.points[-1]
            step = Stepped(job.id, point.take, point.step, point.total, None, point.state)
            self._shelf.put(_STEP, notes.key, {}, lambda: _bytes(step))

    def drop(self, job: int) -> None:
        """That job has ended."""
        notes = self._notes.pop(job, None)
        if notes is not None and notes.whole and self._shelf is not None:
            for kind in (_JOB, _STEP):
                self._shelf.drop(kind, notes.key)

    def recalled(self, number: int) -> list[Job]:
        """The jobs that an earlier run of the program left on the shelf, frozen.

        Args:
            number: The id of the first one; the others follow.
        """
        if self._shelf is None:
            return []
        steps = {one.key: _message(one.blob) for one in self._shelf.records(_STEP)}
        jobs: list[Job] = []
        for record in self._shelf.records(_JOB):
            order, step = _message(record.blob), steps.get(record.key)
            if not isinstance(order, Start):
                continue
            job = _frozen(number + len(jobs), order.request, step)
            notes = _Notes(record.key, whole=True)
            if isinstance(step, Stepped) and step.state is not None:
                notes.points.append(Point(step.take, step.step, step.total, step.state))
            self._notes[job.id] = notes
            jobs.append(job)
        return jobs

    def _of(self, job: int, now: float) -> _Notes:
        if job not in self._notes:
            self._notes[job] = _Notes(secrets.token_hex(8), shelved=now)
        return self._notes[job]


def _frozen(number: int, request: Request, step: Message | None) -> Job:
    job = Job(number, request, "frozen")
    return job.stepped(step, 0.0).rested() if isinstance(step, Stepped) else job


def _bytes(message: Message) -> bytes:
    stream = io.BytesIO()
    wire.write_message(stream, message)
    return stream.getvalue()


def _message(data: bytes) -> Message | None:
    """What `_bytes` wrote; None for anything else, such as that of another version."""
    try:
        return wire.read_message(io.BytesIO(data))
    except ProtocolError:
        return None

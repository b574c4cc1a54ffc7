"""Journal: the last steps of every job that is not done; on a shelf they outlive the program."""

from __future__ import annotations

import io
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, fields

import numpy as np

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
        self._left: dict[str, tuple[Request, Stepped | None]] | None = None  # read when asked for

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

    def take_up(self, job: Job) -> Job:
        """That job at the step where an earlier run of the program left it on the shelf.

        Args:
            job: Frozen, as it was ordered; it stays at its beginning when the shelf has no step.
        """
        left = self.left()
        for key, (request, step) in left.items():
            if same(request, job.request):
                del left[key]
                self._notes[job.id] = _notes(key, step)
                return _at(job, step)
        return job

    def forget(self, job: int) -> None:
        """That job is no longer of this run of the program; on the shelf it stays."""
        self._notes.pop(job, None)
        self._left = None

    def drop(self, job: int) -> None:
        """That job has ended."""
        notes = self._notes.pop(job, None)
        if notes is not None and notes.whole and self._shelf is not None:
            for kind in (_JOB, _STEP):
                self._shelf.drop(kind, notes.key)

    def left(self) -> dict[str, tuple[Request, Stepped | None]]:
        """What an earlier run of the program left on the shelf, by its key: order and last step."""
        if self._left is None:
            self._left = {} if self._shelf is None else self._on_shelf(self._shelf)
        return self._left

    def _on_shelf(self, shelf: Shelf) -> dict[str, tuple[Request, Stepped | None]]:
        """What lies there, by its key, without the jobs of this run of the program."""
        mine = {notes.key for notes in self._notes.values()}
        steps = {one.key: _message(one.blob) for one in shelf.records(_STEP)}
        found = {}
        for record in shelf.records(_JOB):
            order, step = _message(record.blob), steps.get(record.key)
            if isinstance(order, Start) and record.key not in mine:
                found[record.key] = order.request, step if isinstance(step, Stepped) else None
        return found

    def _of(self, job: int, now: float) -> _Notes:
        if job not in self._notes:
            self._notes[job] = _Notes(secrets.token_hex(8), shelved=now)
        return self._notes[job]


def same(one: Request, other: Request) -> bool:
    """Whether two requests ask for the same in every pixel."""
    for each in fields(Request):
        mine, theirs = getattr(one, each.name), getattr(other, each.name)
        if isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray):
            if not np.array_equal(mine, theirs):
                return False
        elif mine is not theirs and mine != theirs:
            return False
    return True


def _at(job: Job, step: Stepped | None) -> Job:
    return job if step is None else job.stepped(step, 0.0).rested()


def _notes(key: str, step: Stepped | None) -> _Notes:
    notes = _Notes(key, whole=True)
    if step is not None and step.state is not None:
        notes.points.append(Point(step.take, step.step, step.total, step.state))
    return notes


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

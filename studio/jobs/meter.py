"""Meter: watches runs and teaches the calibration; knows the place of the next one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from studio.core import machine
from studio.core.memory import Memory, Weights
from studio.core.messages import (
    Accepted,
    Cancelled,
    Candidate,
    Eased,
    Event,
    Failed,
    Finished,
    Frozen,
    Loaded,
    Stepped,
)
from studio.core.request import Request
from studio.jobs.calibration import Calibration
from studio.jobs.forecast import Forecast, Place, Work, forecast


@dataclass(slots=True)
class _Watched:
    """The job of the moment: its model's path, its working px, and what was measured so far."""

    job: int
    path: str
    area: int
    loading: bool
    since: float
    gaps: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    eased: bool = False


class Meter(QObject):
    """Learns from every run that ends well; forecasts the next.

    Signals:
        learned: Something is known better than before.
        eased: str, what was done about a shortage of memory.

    Args:
        calibration: What is known.
        request_of: Gives the request of a job of the queue; None: there is none.
        clock: Monotonic time in s.
        room: All memory of the machine and what of it is available, bytes.
    """

    learned = Signal()
    eased = Signal(str)

    def __init__(
        self,
        calibration: Calibration,
        request_of: Callable[[int], Request | None],
        clock: Callable[[], float] = time.monotonic,
        room: Callable[[], tuple[int, int] | None] = machine.memory,
    ) -> None:
        super().__init__()
        self._calibration, self._request_of = calibration, request_of
        self._clock, self._room = clock, room
        self._watched: _Watched | None = None
        self._warm: set[str] = set()  # keys of models that the engine has
        self._held = 0  # bytes of the model that it used last
        self._device = str(calibration.device.get("title", ""))
        self._memory = _memory(calibration.device.get("memory"))

    @Slot(object)
    def heard(self, event: Event) -> None:
        """An event of the engine; connect it after whoever follows the jobs themselves."""
        watched, now = self._watched, self._clock()
        match event:
            case Accepted():
                self._begin(event.job, now)
            case Loaded():
                self._on_loaded(event, now)
            case Eased():
                self.eased.emit(event.words)
                if watched is not None:
                    watched.eased = True
            case Stepped() if watched is not None and event.job == watched.job:
                if event.step > 1:
                    watched.gaps.append(now - watched.since)
                watched.since = now
            case Candidate() if watched is not None and event.job == watched.job:
                watched.ends.append(now - watched.since)
                watched.since = now
            case Finished() if watched is not None and event.job == watched.job:
                self._learn(watched, event.memory)
            case Frozen():
                self.lost()
            case Cancelled() | Failed():
                self._watched = None

    @Slot()
    def lost(self) -> None:
        """The engine has no model any more."""
        self._watched, self._held = None, 0
        self._warm.clear()

    def forecast(
        self, model: str, path: str, works: Sequence[Work], takes: int, weights: Weights
    ) -> Forecast:
        """What an order will take.

        Args:
            model: Key of its model.
            path: Of it.
            works: Its runs.
            takes: How often they are made.
            weights: Of the model.
        """
        learned = self._calibration.of(path, self._device)
        return forecast(works, takes, weights, self.place(), learned, model not in self._warm)

    def place(self) -> Place:
        """Where the next order runs, as far as it is known."""
        known, room = self._memory, self._room() or (0, 0)
        if known is None or known.kind == "cpu":
            precision = 4 if known is None else known.precision
            free = room[1] + self._held
            return Place(self._device, "cpu", room[0], free, precision, machine.processors())
        free = known.free + known.weights if self._held else known.total
        return Place(self._device, known.kind, known.total, free, known.precision, 1)

    def _begin(self, job: int, now: float) -> None:
        request = self._request_of(job)
        if request is not None:
            cold = request.model.key not in self._warm
            area = request.working.area
            self._watched = _Watched(job, request.model.path, area, cold, now)

    def _on_loaded(self, event: Loaded, now: float) -> None:
        self._warm.add(event.model)
        self._device = event.device
        if event.memory is not None:
            self._memory, self._held = event.memory, event.memory.weights
            self._calibration.device = {"title": event.device, "memory": asdict(event.memory)}
        watched = self._watched
        if watched is not None and event.job == watched.job:
            if watched.loading:
                reading = ("loads", 0, now - watched.since)
                self._calibration.learn(watched.path, self._device, [reading])
            watched.since = now
        self._tell()

    def _learn(self, watched: _Watched, memory: Memory | None) -> None:
        self._watched = None
        readings: list[tuple[str, int, float]] = []
        if watched.gaps:
            readings.append(("steps", watched.area, statistics.median(watched.gaps)))
        if watched.ends:
            readings.append(("ends", watched.area, statistics.median(watched.ends)))
        if memory is not None and not watched.eased and memory.peak > memory.weights:
            readings.append(("peaks", watched.area, float(memory.peak - memory.weights)))
        self._calibration.learn(watched.path, self._device, readings)
        self._tell()

    def _tell(self) -> None:
        self._calibration.save()  # at once: the program may be killed
        self.learned.emit()


def _memory(values: Any) -> Memory | None:
    """What was noted of the device when the program ran last."""
    try:
        found = Memory(**values)
    except TypeError:
        return None
    numbers = (found.total, found.free, found.weights, found.precision)
    return found if all(type(one) is int and one >= 0 for one in numbers) else None

"""Forecast: how long the next order takes, what it needs of the device, and whether it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.core.memory import Weights, denoising, working
from studio.jobs.calibration import Learned, at

#: Sums for each weight and px of one answer of the denoiser.
#: Source: counted for Stable Diffusion 1.5 and XL; transformers need two to three times as many.
_SUMS = 3e-3
#: Sums in a second, of one processor and of a graphics card: right to a factor of five, and only
#: believed until the first run was measured.
_PROCESSOR, _CARD = 1e11, 5e13
#: Seconds that a step takes beside its sums, until it was measured: small models are bound by it.
_STEP = 0.04
#: Bytes that are read of a model file in a second, until it was measured.
_READ = 5e8
#: What the engine's libraries take of the machine's memory, bytes.
_LIBRARIES = 600 << 20
#: A card need hold only so much of the weights at a time when the rest is kept beside it.
_PART = 0.25


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next order would run.

    Attributes:
        title: Of the device.
        kind: See `core.memory.Memory`.
        total: Bytes; 0: not known.
        free: Bytes, counting what the models of the moment could give back.
        precision: Bytes of a number of the denoiser.
        processors: How many it has, where it is a CPU.
    """

    title: str
    kind: str
    total: int
    free: int
    precision: int
    processors: int


@dataclass(frozen=True, slots=True)
class Work:
    """One run of an order: its working px, the steps of a take, and how many answers a step asks.

    Two are asked where guidance is on.
    """

    area: int
    steps: int
    answers: int = 2


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected.

    Attributes:
        seconds: Of the whole order.
        needed: Bytes of the device at the worst moment.
        least: So many are needed whatever is done about a shortage.
        place: Where.
        measured: Whether both stand on runs of that model on that device.
    """

    seconds: float
    needed: int
    least: int
    place: Place
    measured: bool

    @property
    def fits(self) -> bool:
        """Whether nothing need be done about memory."""
        return self.place.total == 0 or self.needed <= self.place.free

    @property
    def impossible(self) -> bool:
        """Whether it surely does not fit, whatever is done."""
        room = self.place.free if self.place.kind == "cpu" else self.place.total
        return self.place.total > 0 and self.least > room


def forecast(
    works: Sequence[Work],
    takes: int,
    weights: Weights,
    place: Place,
    learned: Learned,
    cold: bool,
) -> Forecast:
    """What an order will take.

    Args:
        works: Its runs; at least one.
        takes: How often all of them are made.
        weights: Of the model.
        place: Where it runs.
        learned: Of that model there.
        cold: Whether the model has to be loaded first.
    """
    seconds = takes * sum(_seconds(one, weights, place, learned) for one in works)
    if cold:
        loads = at(learned.loads, 0)
        seconds += weights.bytes(place.precision) / _READ if loads is None else loads
    area = max(one.area for one in works)
    size = weights.bytes(place.precision)
    beside = at(learned.peaks, area)
    if beside is None:
        beside = working(weights.channels, area) + (_LIBRARIES if place.kind == "cpu" else 0)
    part = 1.0 if place.kind == "cpu" else _PART
    least = int(part * size) + denoising(weights.channels, area)
    needed = max(least, size + int(beside))
    measured = bool(learned.steps and learned.peaks)
    return Forecast(seconds, needed, least, place, measured)


def _seconds(work: Work, weights: Weights, place: Place, learned: Learned) -> float:
    step = at(learned.steps, work.area)
    if step is None:
        rate = _CARD if place.kind == "cuda" else _PROCESSOR * place.processors
        step = _SUMS * weights.narrow * work.area * work.answers / rate + _STEP
    return work.steps * step + (at(learned.ends, work.area) or 0.0)

"""Calibration: what runs took on this machine, kept on disk for the next forecast."""

from __future__ import annotations

import json
import logging
import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)
_FORMAT = 1
#: So many readings are kept of each size, and so many sizes: the newest count.
_EACH, _SIZES = 7, 8
#: So many models on devices are kept.
_MODELS = 200

Readings = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """Readings of one model on one device, each with the working px that it was taken at.

    Attributes:
        steps: Seconds of a step.
        ends: Seconds of a take beside its steps: reading the prompt, decoding, blending.
        loads: Seconds of loading; px 0.
        peaks: Bytes in use beside the weights at the worst moment of a run.
    """

    steps: Readings = ()
    ends: Readings = ()
    loads: Readings = ()
    peaks: Readings = ()

    def with_reading(self, name: str, area: int, value: float) -> Learned:
        """The same with one reading more of that attribute."""
        if not math.isfinite(value) or value < 0:
            return self
        had: Readings = getattr(self, name)
        same = [one for one in had if one[0] == area][-_EACH + 1 :]
        others = [one for one in had if one[0] != area]
        areas = list(dict.fromkeys(one[0] for one in reversed(others)))[: _SIZES - 1]
        kept = [one for one in others if one[0] in areas]
        return replace(self, **{name: (*kept, *same, (area, value))})


def line(readings: Readings) -> tuple[float, float] | None:
    """A fixed part and a part for each px that a few wild readings do not move; None: no reading.

    With readings of a single size all of it is taken to grow with the px.

    Source: P. Sen, Estimates of the regression coefficient based on Kendall's tau (1968), over the
        median of each size.
    """
    middle = {
        area: statistics.median(value for at, value in readings if at == area)
        for area in {one[0] for one in readings}
    }
    if not middle:
        return None
    if len(middle) == 1:
        ((area, value),) = middle.items()
        return (0.0, value / area) if area else (value, 0.0)
    slopes = [
        (middle[b] - middle[a]) / (b - a) for a, b in combinations(sorted(middle), 2) if a != b
    ]
    slope = max(0.0, statistics.median(slopes))
    fixed = statistics.median(value - slope * area for area, value in middle.items())
    return max(0.0, fixed), slope


def at(readings: Readings, area: int) -> float | None:
    """What those readings let expect at that many px."""
    found = line(readings)
    return None if found is None else found[0] + found[1] * area


class Calibration:
    """The file. What cannot be read is as if nothing had been learned."""

    def __init__(self, path: Path, write: Callable[[Path, Callable[[], bytes]], None]) -> None:
        """Read it.

        Args:
            path: Of the file, JSON.
            write: Writes a file whole or not at all, now or later, in any thread; what it holds is
                put together when that is called.
        """
        self._path, self._write = path, write
        self._learned: dict[str, Learned] = {}
        self.device: dict[str, Any] = {}
        try:
            raw = json.loads(path.read_bytes())
            if isinstance(raw, dict) and raw.get("format") == _FORMAT:
                self.device = raw["device"] if isinstance(raw["device"], dict) else {}
                self._learned = {key: _learned(one) for key, one in raw["models"].items()}
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            _log.warning("%s cannot be read (%s); it is begun anew.", path, error)

    def of(self, model: str, device: str) -> Learned:
        """What is known of a model, by its path, on a device, by its title."""
        return self._learned.get(_key(model, device), Learned())

    def learn(self, model: str, device: str, readings: Sequence[tuple[str, int, float]]) -> None:
        """Add readings, each an attribute of `Learned`, px and value."""
        learned = self.of(model, device)
        for name, area, value in readings:
            learned = learned.with_reading(name, area, value)
        self._learned.pop(_key(model, device), None)
        self._learned[_key(model, device)] = learned
        for key in list(self._learned)[:-_MODELS]:
            del self._learned[key]

    def save(self) -> None:
        """Write it as it is now."""
        self._write(self._path, partial(_told, dict(self._learned), self.device))


def _key(model: str, device: str) -> str:
    return f"{device}|{model}"


def _told(models: Mapping[str, Learned], device: Mapping[str, Any]) -> bytes:
    values = {
        key: {one.name: getattr(learned, one.name) for one in fields(Learned)}
        for key, learned in models.items()
    }
    return json.dumps({"format": _FORMAT, "device": device, "models": values}).encode("ascii")


def _learned(raw: dict[str, Any]) -> Learned:
    learned = Learned()
    for one in fields(Learned):
        for area, value in raw.get(one.name, ()):
            if type(area) is int and area >= 0 and isinstance(value, int | float):
                learned = learned.with_reading(one.name, area, float(value))
    return learned

"""Foresight: says what the next run will take, and asks before one that cannot fit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from studio.core.checkpoint import Checkpoint
from studio.core.errors import MemoryShortage, ModelError, StudioError
from studio.core.geometry import Rect
from studio.core.memory import Weights
from studio.jobs.forecast import Forecast, Work
from studio.jobs.meter import Meter
from studio.jobs.order import Settings, Stage, finer_settings
from studio.models.weights import weigh
from studio.ui.gear_panel import GearPanel
from studio.ui.message_strip import Choice, MessageStrip
from studio.ui.words import seconds_left

#: Shares of the edge that a model works best at, tried when memory does not suffice.
_SMALLER = (0.75, 0.5, 0.375, 0.25)
_GIGABYTE = 1e9


class Foresight(QObject):
    """Joins the meter to the status line and to the message strip.

    Signals:
        changed: Something is known better; what is said should be said anew.
        again_requested: The artist chose how to go on: run what was asked for last.
    """

    changed = Signal()
    again_requested = Signal()

    def __init__(self, meter: Meter, gear: GearPanel, messages: MessageStrip) -> None:
        super().__init__()
        self._meter, self._gear, self._messages = meter, gear, messages
        self._weights: dict[str, Weights | None] = {}
        self._last: tuple[Checkpoint, tuple[Work, ...], Forecast] | None = None
        self._insisted = False
        meter.learned.connect(self.changed)
        meter.eased.connect(lambda words: messages.say(words))

    def look(self, ahead: Sequence[Stage], settings: Settings, bounds: Rect) -> str:
        """Forecast an order.

        Args:
            ahead: Its runs.
            settings: What the artist chose.
            bounds: The picture, document px.

        Returns:
            In words, such as 'about 4 s, 1.2 of 12 GB'; empty where nothing is known.
        """
        model = settings.model
        self._last = None
        weights = self._weigh(model)
        if weights is None:
            return ""
        works = tuple(_work(one, settings, bounds) for one in ahead)
        found = self._meter.forecast(model.key, model.path, works, settings.count, weights)
        self._last = model, works, found
        return self._words(found)

    def stops(self) -> bool:
        """Ask about the run that was looked at last where it surely does not fit.

        Returns:
            Whether the run has to wait for the answer.
        """
        insisted, self._insisted = self._insisted, False
        if self._last is None or insisted or not self._last[2].impossible:
            return False
        found = self._last[2]
        room = self.tr("{free} are free") if found.place.kind == "cpu" else self.tr("it has {all}")
        text = self.tr("This needs {needed} of memory at the least, and {room}.").format(
            needed=_gigabytes(found.least),
            room=room.format(free=_gigabytes(found.place.free), all=_gigabytes(found.place.total)),
        )
        choices = [*self._smaller(), Choice(self.tr("Try all the same"), self._insist)]
        self._messages.warn(text, choices=choices)
        return True

    def refused(self, error: StudioError) -> None:
        """A run ended for want of memory: offer what may fit, in one click."""
        if isinstance(error, MemoryShortage):
            text = f"{error.message} {error.hint}".strip()
            self._messages.warn(text, choices=self._smaller())

    def _smaller(self) -> list[Choice]:
        """The largest smaller size that may fit."""
        if self._last is None:
            return []
        model, works, found = self._last
        weights = self._weigh(model)
        for share in _SMALLER:
            edge = _edge(model, share)
            shrunk = [Work(round(one.area * share**2), one.steps, one.answers) for one in works]
            if weights is None or edge >= model.native:
                continue
            ahead = self._meter.forecast(model.key, model.path, shrunk, 1, weights)
            if ahead.needed < found.needed and not ahead.impossible:
                text = self.tr("Work at {edge} px").format(edge=edge)
                return [Choice(text, partial(self._limit, edge))]
        return []

    def _limit(self, edge: int) -> None:
        self._gear.limit(edge)
        self.again_requested.emit()

    def _insist(self) -> None:
        self._insisted = True
        self.again_requested.emit()

    def _weigh(self, model: Checkpoint) -> Weights | None:
        if model.path not in self._weights:
            try:
                self._weights[model.path] = weigh(model)
            except (ModelError, OSError):
                self._weights[model.path] = None
        return self._weights[model.path]

    def _words(self, found: Forecast) -> str:
        about = self.tr("about {time}") if found.measured else self.tr("perhaps {time}")
        time = about.format(time=seconds_left(found.seconds))
        if not found.place.total:
            return time
        memory = self.tr("{needed} of {total}").format(
            needed=f"{found.needed / _GIGABYTE:.1f}", total=_gigabytes(found.place.total)
        )
        if found.impossible:
            return self.tr("{memory}: too much for this device").format(memory=memory)
        if not found.fits:
            return self.tr("{time} or more, {memory}: memory is tight").format(
                time=time, memory=memory
            )
        return f"{time}, {memory}"


def _work(stage: Stage, settings: Settings, bounds: Rect) -> Work:
    chosen = settings if stage.first is None else finer_settings(settings)
    over = not stage.plan.box.intersected(bounds).empty
    steps = max(1, round(chosen.steps * (chosen.strength if over else 1.0)))
    return Work(stage.plan.working.area, steps, 2 if chosen.guidance > 1.0 else 1)


def _edge(model: Checkpoint, share: float) -> int:
    grid = model.row.grid
    return max(8 * grid, int(model.native * share) // grid * grid)


def _gigabytes(count: int) -> str:
    value = count / _GIGABYTE
    return f"{value:.0f} GB" if value >= 10 else f"{value:.1f} GB"

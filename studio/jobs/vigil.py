"""Vigil: decides from what is heard and seen of an engine whether it still works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from studio.core.messages import Beat, Message
from studio.jobs.vitals import Vitals


@dataclass(frozen=True, slots=True)
class Patience:
    """The longest time without progress in a phase, s; twice a declared step where that is longer.

    Attributes:
        computing: Of a process that computes, or of which nothing can be said.
        waiting: Of one that does not.
    """

    computing: float
    waiting: float


#: What a process can be at; 'asked' is one that is idle although it was given something to do. It
#: may wait for a slow disk while it starts and loads; a step of which
#: no part is computed is a hang.
PHASES: Mapping[str, Patience] = {
    "starting": Patience(30.0, 5.0),
    "importing": Patience(180.0, 10.0),
    "idle": Patience(inf, inf),
    "asked": Patience(10.0, 2.0),
    "loading": Patience(600.0, 10.0),
    "first": Patience(300.0, 5.0),
    "step": Patience(10.0, 2.0),
    "decoding": Patience(300.0, 5.0),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient to be.

    Attributes:
        silence: Time in s without a message, of a process that has no work to be silent for.
        deaf: Time in s without a message where the system tells nothing of the process.
        phases: See `PHASES`.
    """

    silence: float = 1.2
    deaf: float = 6.0
    phases: Mapping[str, Patience] = field(default_factory=lambda: PHASES)


#: A process that uses less than this share of one core is waiting.
_WAITING = 0.05
#: While this goes on, libraries hold the interpreter for seconds, and no thread of it can beat.
_HELD = frozenset({"starting", "importing", "loading"})


class Vigil:
    """Watches over one process; told the time, so that it can be tested without waiting."""

    def __init__(self, now: float, limits: Limits | None = None) -> None:
        """Begin when the process begins.

        Args:
            now: Monotonic time in s.
            limits: How patient to be.
        """
        self._limits = limits or Limits()
        self._beat = Beat(0, "starting", 0.0, 0, False)
        self._heard = self._moved = now
        self._cpu_heard = self._cpu_moved = 0.0
        self._asked = False
        self._new = self._further = True

    @property
    def accelerated(self) -> bool:
        """Whether the process has opened a graphics device."""
        return self._beat.accelerated

    def heard(self, message: Message, now: float) -> None:
        """That message came; a beat without progress is no progress."""
        before = self._beat
        self._heard, self._new = now, True
        if isinstance(message, Beat):
            self._beat = message
            if (message.progress, message.phase) == (before.progress, before.phase):
                return
        self._moved, self._further = now, True

    def asked(self, now: float) -> None:
        """It was given something to do."""
        self._moved, self._further = now, True

    def resumed(self, now: float) -> None:
        """Nobody was awake until now: all time limits begin anew."""
        self._heard = self._moved = now
        self._new = self._further = True

    def verdict(self, now: float, vitals: Vitals | None, asked: bool = False) -> str:
        """Why the process has to be replaced; empty: it works.

        Args:
            now: Monotonic time in s.
            vitals: What the system tells of it; None: nothing.
            asked: Whether it was given a job that it has not taken up.
        """
        self._asked = asked
        if vitals is not None:
            self._note(vitals.cpu)
        silent, still = now - self._heard, now - self._moved
        if silent > self._silence(silent, vitals):
            return f"The engine was silent for {silent:.1f} s ({self._beat.phase})."
        if still > self._stillness(still, vitals):
            return f"The engine made no progress for {still:.1f} s ({self._beat.phase})."
        return ""

    def _note(self, cpu: float) -> None:
        """Remember the processor time at the last message and at the last progress."""
        if self._new:
            self._cpu_heard, self._new = cpu, False
        if self._further:
            self._cpu_moved, self._further = cpu, False

    def _silence(self, silent: float, vitals: Vitals | None) -> float:
        if vitals is None:
            return self._longest() if self._beat.phase in _HELD else self._limits.deaf
        busy = vitals.blocked or vitals.cpu - self._cpu_heard > _WAITING * silent
        return self._longest() if busy and not vitals.stopped else self._limits.silence

    def _stillness(self, still: float, vitals: Vitals | None) -> float:
        if vitals is None or vitals.blocked or self._beat.accelerated:
            return self._longest()
        if vitals.cpu - self._cpu_moved > _WAITING * still:
            return self._longest()
        return max(self._patience().waiting, 2 * self._beat.seconds)

    def _longest(self) -> float:
        return max(self._patience().computing, 2 * self._beat.seconds)

    def _patience(self) -> Patience:
        phase = self._beat.phase
        if phase == "idle" and self._asked:
            phase = "asked"
        return self._limits.phases.get(phase, PHASES["loading"])

"""Watch: the thread that looks after the engine process while the link is blocked on its pipe."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from studio.core.messages import Message
from studio.jobs.child import Child
from studio.jobs.vigil import Limits, Vigil
from studio.jobs.vitals import Vitals, asleep, vitals

#: Seconds between two looks.
PERIOD = 0.25
#: A look that comes so much later than due, s, means that this process itself did not run.
_LATE = 1.0


@dataclass(frozen=True, slots=True)
class Clocks:
    """Where time comes from.

    Attributes:
        awake: Monotonic time in s in which this machine was awake.
        asleep: How long it has slept, s.
        vitals: Looks at a process.
    """

    awake: Callable[[], float] = time.monotonic
    asleep: Callable[[], float] = asleep
    vitals: Callable[[int], Vitals | None] = vitals


class Watch:
    """Looks after one child at a time and ends the one that no longer works."""

    def __init__(self, limits: Limits | None = None, clocks: Clocks | None = None) -> None:
        """Begin with nobody to look after; `start` begins to look by itself."""
        self._limits = limits or Limits()
        self._clocks = clocks or Clocks()
        self._lock = threading.Lock()
        self._charge: tuple[Child, Vigil] | None = None
        self._why = ""
        self._looked = self._clocks.awake()
        self._slept = self._clocks.asleep()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine watch", daemon=True)

    def start(self) -> None:
        """Look every quarter of a second, until `end`."""
        self._thread.start()

    def end(self) -> None:
        """Stop looking; the thread is joined."""
        self._ended.set()
        self._thread.join()

    def begin(self, child: Child) -> None:
        """Look after that child from here on."""
        with self._lock:
            self._charge = child, Vigil(self._clocks.awake(), self._limits)
            self._why = ""

    def heard(self, message: Message) -> None:
        """That message came from it."""
        with self._lock:
            if self._charge is not None:
                self._charge[1].heard(message, self._clocks.awake())

    def asked(self) -> None:
        """It was given something to do."""
        with self._lock:
            if self._charge is not None:
                self._charge[1].asked(self._clocks.awake())

    def leave(self) -> str:
        """Look after nobody.

        Returns:
            Why the child was ended; empty: it was not ended from here.
        """
        with self._lock:
            self._charge = None
            return self._why

    def look(self) -> None:
        """Look once."""
        now, slept = self._clocks.awake(), self._clocks.asleep()
        late = now - self._looked > PERIOD + _LATE
        sleep = slept - self._slept > _LATE
        self._looked, self._slept = now, slept
        with self._lock:
            if self._charge is None or self._why:
                return
            child, vigil = self._charge
            halted = False
            if late or sleep:
                vigil.resumed(now)
            if sleep and vigil.accelerated:
                # After a sleep a graphics device may answer nothing but errors, or not at all.
                self._why = "The computer slept, and the engine's graphics device with it."
            else:
                signs = self._clocks.vitals(child.number)
                self._why = vigil.verdict(now, signs, child.talk.asked)
                halted = signs is not None and signs.stopped
            why = self._why
        if why:
            child.dismiss(halted)

    def _run(self) -> None:
        while not self._ended.wait(PERIOD):
            self.look()

"""Pulse: says that the process is alive, what it is at, and whether it gets on."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from studio.core.messages import Beat, Candidate, Eased, Event, Finished, Loaded, Stepped
from studio.worker.inbox import Send

#: Seconds between two beats: three are missed before anybody worries.
PERIOD = 0.4
#: So many of the last steps are looked at; the slowest of them is what is declared.
_REMEMBERED = 8


class Pulse:
    """Follows the events that pass through `send`, and beats on a thread of its own.

    The phases are the keys of `jobs.vigil.PHASES`; they follow from the events, so that whatever
    runs models need not know of it.
    """

    def __init__(
        self, send: Send, clock: Callable[[], float] = time.monotonic, period: float = PERIOD
    ) -> None:
        """Begin in the phase 'importing', silent.

        Args:
            send: Where events go.
            clock: Monotonic time in s.
            period: Seconds between two beats.
        """
        self._send = send
        self._clock, self._period = clock, period
        self._job = 0
        self._phase = "importing"
        self._progress = 0
        self._steps: deque[float] = deque(maxlen=_REMEMBERED)
        self._last = 0.0
        self._accelerated = False
        self._attended = threading.Event()

    def attend(self) -> None:
        """Begin to beat: a spare that nobody reads would fill its pipe."""
        self._attended.set()

    def enter(self, phase: str, job: int = 0) -> None:
        """Another phase begins; steps of another job tell nothing of this one's."""
        if job != self._job:
            self._steps.clear()
        self._job, self._phase, self._last = job, phase, self._clock()
        self._progress += 1

    def opened(self) -> None:
        """A graphics device is in use from here on."""
        self._accelerated = True

    def send(self, event: Event) -> None:
        """Pass an event on, and learn from it."""
        match event:
            case Loaded():
                self.enter("first", event.job)
            case Stepped():
                now = self._clock()
                if self._phase == "step":
                    self._steps.append(now - self._last)
                self.enter("step" if event.step < event.total else "decoding", event.job)
            case Candidate():
                self.enter("first", event.job)
            case Finished():
                self.enter("idle")
            case Eased() if self._phase != "loading":
                # From here on a step takes longer than those before it, nobody knows how much.
                self._steps.clear()
                self.enter("first", event.job)
            case _:
                self._progress += 1
        self._send(event)

    def beat(self) -> Beat:
        """What is said now."""
        slowest = max(self._steps, default=0.0)
        return Beat(self._job, self._phase, slowest, self._progress, self._accelerated)

    def start(self, stop: threading.Event | None = None) -> None:
        """Beat on a thread until `stop`; by default as long as the process lives."""
        ended = stop or threading.Event()
        threading.Thread(target=self._run, args=(ended,), name="pulse", daemon=True).start()

    def _run(self, ended: threading.Event) -> None:
        self._attended.wait()
        while not ended.is_set():
            self._send(self.beat())
            ended.wait(self._period)

"""The fault matrix: every way in which an engine can end, at every stage of the protocol."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QTimer

from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Ready
from studio.core.request import Request
from studio.jobs.launch import worker_command
from studio.jobs.link import EngineLink
from studio.jobs.queue import JobQueue
from studio.jobs.vigil import Limits

WAYS = (
    "kill",
    "segv",
    "abort",
    "exit",
    "hang",
    "stop",
    "garbage",
    "huge",
    "half",
    "exception",
    "oom",
    "flood",
)
STAGES = (
    "start",
    "ready",
    "warm",
    "warmed",
    "sent",
    "accepted",
    "loaded",
    "step 1",
    "step 3",
    "step 4",
    "candidate",
    "finished",
    "cancel",
)
MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 64, 4, 7.0, "ddim")
_LONGEST = 20.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fault; times in s.

    Attributes:
        first: State of the job that met with it; empty: none was running.
        served: Whether the next job was finished.
        found: From the fault to the link's saying so.
        back: From then to the next engine's being up.
    """

    first: str
    served: bool
    found: float
    back: float


class Bench(QObject):
    """A queue before the stub, on an event loop whose longest gap is noted.

    Attributes:
        gap: The longest time in s in which the loop did not come round.
        ready: When the last engine was up, monotonic s.
    """

    def __init__(
        self,
        folder: Path,
        limits: Limits | None = None,
        real: bool = False,
        spare: bool = False,
    ) -> None:
        super().__init__()
        self._plan = folder / "plan"
        stub = [sys.executable, str(Path(__file__).with_name("stub.py")), str(self._plan)]
        command = worker_command() if real else stub
        self.link = EngineLink(command, folder / "engine.log", limits=limits, spare=lambda: spare)
        self.queue = JobQueue(self.link)
        self.gap = 0.0
        self._lost = self.ready = 0.0
        self._last = time.perf_counter()
        self.link.lost.connect(self._on_lost)
        self.link.received.connect(self._on_received)
        self._ticks = QTimer(self, interval=2)
        self._ticks.timeout.connect(self._on_tick)
        self.link.start()

    def stop(self) -> None:
        self._ticks.stop()
        self.link.stop()

    def until(self, condition: Callable[[], bool], longest: float = _LONGEST) -> bool:
        """Let the loop run until that holds."""
        loop = QEventLoop()
        look = QTimer(interval=5)
        look.timeout.connect(lambda: loop.quit() if condition() else None)
        QTimer.singleShot(int(longest * 1000), loop, loop.quit)
        look.start()
        self._last = time.perf_counter()
        self._ticks.start()
        loop.exec()
        self._ticks.stop()
        return condition()

    def serves(self, prompt: str = "") -> int:
        """Order something."""
        box = Rect(0, 0, 64, 64)
        return self.queue.submit(Request(MODEL, prompt, box, Size(64, 64), sampler="ddim"))

    def ended(self, job: int) -> bool:
        found = self.queue.line.job(job)
        return found is not None and found.ended

    def state(self, job: int) -> str:
        found = self.queue.line.job(job)
        return "" if found is None else found.state

    def meet(self, way: str, stage: str) -> Outcome:
        """Let that happen, and see what becomes of it and of the next job."""
        self.until(lambda: self.queue.station.state == "ready")
        self._lost = self.ready = 0.0
        self._plan.write_text(f"{way} {stage}")
        first = self._provoked(stage)
        self.until(lambda: self._plan.exists() is False)
        if first:
            self.until(lambda: self.ended(first))
        second = self.serves()
        served = self.until(lambda: self.ended(second) and self.ready > self._lost > 0)
        moment = float(self._plan.with_suffix(".moment").read_text())
        return Outcome(
            self.state(first) if first else "",
            served and self.state(second) == "finished",
            self._lost - moment,
            self.ready - self._lost,
        )

    def _provoked(self, stage: str) -> int:
        """Do what brings a worker to that stage; the job that it concerns, or 0."""
        if stage in ("start", "ready"):
            self.link.restart()
            self.until(lambda: self._lost > 0)
            self._lost = self.ready = 0.0
            return 0
        if stage in ("warm", "warmed"):
            self.queue.station.warm(MODEL)
            return 0
        job = self.serves("wait" if stage == "cancel" else "")
        if stage == "cancel":
            self.until(lambda: getattr(self.queue.line.job(job), "begun", False))
            self.queue.cancel(job)
        return job

    def _on_lost(self, code: int, log: str) -> None:
        self._lost = time.monotonic()

    def _on_received(self, event: object) -> None:
        if isinstance(event, Ready):
            self.ready = time.monotonic()

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.gap = max(self.gap, now - self._last)
        self._last = now

"""Station: the place of the engine: whether one is there, which job it has, what it is told."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from studio.core.checkpoint import Checkpoint
from studio.core.errors import StudioError, error_of
from studio.core.messages import (
    Accepted,
    Cancel,
    Cancelled,
    Event,
    Failed,
    Finished,
    Freeze,
    Frozen,
    Keep,
    Loaded,
    Ready,
    Start,
    Stepped,
    Warm,
)
from studio.core.point import Point
from studio.jobs import endings
from studio.jobs.job import Job
from studio.jobs.link import EngineLink


class Station(QObject):
    """Has one job at a time, so that nothing has to be taken back when it ends or the worker dies.

    Signals:
        state_changed: starting, ready, loading, working, resting, restarting or lost.
        heard: An Event of the job at hand, or of none, such as of a model loaded ahead.
        freed: The engine can take another job.
        lost: The engine ended with that job, 0: with none, and this exit code; another is started.
        gave_up: StudioError; no further engine is started by itself.

    Attributes:
        state: As `state_changed` tells it.
        log: The end of the log of the engine that was lost last.
        job: The job that the engine has, or had when it was cancelled; 0: none.
        accepted: Whether the engine has taken up the job that it was given last.
    """

    state_changed = Signal(str)
    heard = Signal(object)
    freed = Signal()
    lost = Signal(int, int)
    gave_up = Signal(object)

    def __init__(self, link: EngineLink, patience: int, parent: QObject) -> None:
        """`patience`: how long the engine may take to let go of a job, ms."""
        super().__init__(parent)
        self.state, self.log, self.job, self.accepted = "starting", "", 0, False
        self._link = link
        self._up = False
        self._warm: Checkpoint | None = None
        self._complaint: StudioError | None = None  # what an engine said before it ended
        self._overdue = QTimer(self, singleShot=True, interval=patience)
        self._overdue.timeout.connect(link.restart)
        link.received.connect(self._on_received)
        link.lost.connect(self._on_lost)
        link.gave_up.connect(self._on_gave_up)

    @property
    def free(self) -> bool:
        """Whether a job can be given to the engine."""
        return self._up and not self.job

    def rouse(self) -> None:
        """Try again to start an engine, if that was given up."""
        if self.state == "lost":
            self._tell("restarting")
            self._link.restart()

    def begin(self, job: Job, point: Point | None) -> None:
        """Give a job to the engine that is free, at the point where it goes on."""
        self.job, self.accepted, self._warm = job.id, False, None
        self._link.send(Start(job.id, job.request, point), job.attempts)
        self._tell("loading")

    def end(self, job: Job, how: type[Cancel | Freeze]) -> None:
        """Have the engine let go of a job, if it has that one; if it does not, it is replaced."""
        if self.job == job.id:
            self._link.send(how(job.id), job.attempts)
            self._overdue.start()

    def keep(self, job: Job) -> None:
        """Have the engine end its job with the picture as it is foreseen now."""
        self._link.send(Keep(job.id), job.attempts)

    def warm(self, model: Checkpoint) -> None:
        """Load a model ahead, as soon as the engine has nothing else to do."""
        self._warm = model
        if self.free:
            self.freed.emit()

    def idle(self) -> None:
        """There is no job for the engine that is free: it loads a model ahead, or waits."""
        if self._warm is not None:
            self._link.send(Warm(self._warm))
            self._warm = None
            self._tell("loading")
        elif self.state != "resting":
            self._tell("ready")

    def rest(self) -> None:
        """Let an engine that has nothing to do give the memory of its models back."""
        if self.free and self.state == "ready":
            self._link.send(Freeze(0))

    @Slot(object)
    def _on_received(self, event: Event) -> None:
        if isinstance(event, Ready):
            self._up, self.job, self._complaint = True, 0, None
            self.freed.emit()
        elif event.job == 0:
            self._on_itself(event)
        elif event.job == self.job:
            self._on_job(event)

    def _on_job(self, event: Event) -> None:
        if isinstance(event, Accepted):
            self.accepted = True
        elif isinstance(event, Loaded | Stepped):
            self._tell("working")
        self.heard.emit(event)
        if isinstance(event, Finished | Cancelled | Frozen | Failed):
            self.job = 0
            self._overdue.stop()
            self.freed.emit()

    def _on_itself(self, event: Event) -> None:
        if isinstance(event, Frozen):
            if self.state == "ready":
                self._tell("resting")
            return
        if isinstance(event, Failed):
            self._complaint = error_of(event.kind, event.message, event.hint)
        self.heard.emit(event)
        if self.free:
            self.freed.emit()

    @Slot(int, str)
    def _on_lost(self, code: int, log: str) -> None:
        self.log, self._up = log, False
        self._overdue.stop()
        # What is loaded ahead may be what ends the engine: a lost one is not warmed again.
        self._warm = None
        job, self.job = self.job, 0
        self._tell("restarting")
        self.lost.emit(job, code)

    @Slot()
    def _on_gave_up(self) -> None:
        self._tell("lost")
        self.gave_up.emit(self._complaint or endings.not_started())

    def _tell(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

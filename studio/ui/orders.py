"""Orders: chains of runs, handed to the queue one run after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from studio.core.errors import StudioError
from studio.core.messages import Candidate, Stepped
from studio.core.request import Request
from studio.jobs.chain import Chain, Recalled
from studio.jobs.grid import Grid
from studio.jobs.job import Job
from studio.jobs.queue import JobQueue
from studio.ui.desk import Desk


@dataclass(slots=True, eq=False)
class Run:
    """The run of a chain that waits or goes on.

    Attributes:
        chain: What it belongs to.
        request: What was ordered.
        job: Its number in the queue.
        order: The number of the chain's first job, which names the order as a whole; a batch that
            is brought back keeps the one that its first takes have.
        title: What it is about, where the prompt does not say it.
        task: Key of the task that it was ordered for; empty: not known any more.
        grid: Where its takes stand in a contact sheet; None: it is no batch.
        recalled: Whether it is of an earlier run of the program, which may have kept its take.
    """

    chain: Chain
    request: Request
    job: int
    order: int
    title: str = ""
    task: str = ""
    grid: Grid | None = None
    recalled: bool = False

    def number(self, made: int) -> int:
        """Which take of the whole order that is, from 0; it was brought back after some."""
        return made if self.grid is None else made + self.grid.made


class Orders(QObject):
    """Knows which job belongs to which chain, and orders the next run when one is done.

    Signals:
        ordered: Run, the first of its chain or the next, with its pixels.
        stepped: Run, Stepped.
        formed: Run, one piece of whose take is made.
        made: Run, Made.
        ended: Run; nothing more comes of its chain.
        failed: StudioError.
    """

    ordered = Signal(object)
    stepped = Signal(object, object)
    formed = Signal(object)
    made = Signal(object, object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, queue: JobQueue, desk: Desk) -> None:
        """Canvases are read at that desk."""
        super().__init__()
        self._queue, self._desk = queue, desk
        self._runs: dict[int, Run] = {}
        queue.stepped.connect(self._on_stepped)
        queue.candidate.connect(self._on_candidate)
        queue.finished.connect(self._on_finished)
        queue.cancelled.connect(self._end)
        queue.failed.connect(self._on_failed)

    def __len__(self) -> int:
        return len(self._runs)

    def run(self, job: int) -> Run | None:
        """The run of that job, while it waits or goes on."""
        return self._runs.get(job)

    def start(self, chain: Chain, title: str = "", task: str = "", grid: Grid | None = None) -> Run:
        """Order the first run of a chain; see `Run` for its words.

        Raises:
            StudioError: It cannot be done, as far as that is seen without reading the canvas.
        """
        outline = chain.outline()
        assert outline is not None  # a new chain has everything before it
        run = self._announced(Run(chain, outline, 0, 0, title, task, grid))
        self._read(run, self._queue.supply)
        return run

    def bring_back(
        self, chain: Chain, kept: Request, frozen: bool, title: str, task: str, grid: Grid | None
    ) -> Run:
        """Take up what remained of an order when the program ended; see `start`.

        Args:
            chain: What remained.
            kept: Its next run as it was kept: what is made where the canvas cannot be read.
            frozen: Whether it rests until it is resumed.
            title: See `Run`.
            task: Likewise.
            grid: Likewise.

        Raises:
            StudioError: It cannot be done.
        """
        outline = chain.outline()
        assert outline is not None  # nothing of it is made yet
        order = 0 if grid is None else grid.order
        run = self._announced(Run(chain, outline, 0, order, title, task, grid, recalled=True))
        self._read(run, partial(self._queue.supply_again, frozen=frozen), kept)
        return run

    def again(self, job: int) -> Run | None:
        """Order what that job belongs to once more, with the seeds that follow.

        Raises:
            StudioError: It cannot be done.
        """
        run = self._runs.get(job)
        if run is None:
            return None
        chain = run.chain.again()
        if not isinstance(chain, Recalled):
            return self.start(chain, run.title, run.task)
        number = self._queue.submit(chain.first)
        self._runs[number] = again = Run(chain, chain.first, number, number)
        return again

    def adopt(self, job: Job) -> None:
        """Take up a job that is in the queue already."""
        chain = Recalled(job.request)
        self._runs[job.id] = Run(chain, job.request, job.id, job.id, recalled=True)

    def awake(self) -> bool:
        """Whether any run waits or goes on; a frozen one rests."""
        jobs = [self._queue.line.job(number) for number in self._runs]
        return any(job is not None and job.state != "frozen" for job in jobs)

    def drop(self) -> None:
        """End everything that waits, rests or goes on; it can be brought back with its picture."""
        for job in list(self._runs):
            self._queue.set_aside(job)

    def _on_stepped(self, step: Stepped) -> None:
        run = self._runs.get(step.job)
        if run is not None:
            self.stepped.emit(run, step)

    def _on_candidate(self, candidate: Candidate) -> None:
        run = self._runs.get(candidate.job)
        if run is None:
            return
        made = run.chain.receive(candidate)
        if made is None:
            self.formed.emit(run)
        else:
            self.made.emit(run, made)

    def _on_finished(self, job: int) -> None:
        run = self._runs.get(job)
        if run is None:
            return
        self._follow(run)

    def _follow(self, run: Run) -> None:
        """Order the next run of a chain, if there is one."""
        try:
            outline = run.chain.outline()
        except StudioError as error:
            self._end(run.job)
            self.failed.emit(error)
            return
        if outline is None:
            self._end(run.job)
            return
        # What is begun is finished before anything else has its turn.
        del self._runs[run.job]
        following = self._announced(replace(run, request=outline), first=True)
        self._read(following, self._queue.supply)

    def _announced(self, run: Run, first: bool = False) -> Run:
        """Give a run its turn, and its order a number where it has none."""

        def named(job: int) -> None:
            run.job, run.order = job, run.order or job
            self._runs[job] = run

        self._queue.announce(run.request, first, named)
        return run

    def _read(
        self, run: Run, supply: Callable[[int, Request], bool], kept: Request | None = None
    ) -> None:
        """Have all that a run sees read beside the window, then let it wait for its turn."""

        def ready(request: Request | None) -> None:
            assert request is not None  # its outline was there
            run.request = request
            if supply(run.job, request):
                self.ordered.emit(run)

        def refused(error: StudioError) -> None:
            if run.job in self._runs and kept is not None:
                ready(kept)
            elif run.job in self._runs:
                self._queue.cancel(run.job)
                self.failed.emit(error)

        self._desk.run(run.chain.request, ready, refused)

    def _on_failed(self, job: int, error: StudioError) -> None:
        run = self._runs.get(job)
        # Without an engine none of the others can be made, either.
        if run is not None and error.kind != "engine" and run.chain.skip():
            self._follow(run)
        else:
            self._end(job)
        self.failed.emit(error)

    def _end(self, job: int) -> None:
        run = self._runs.pop(job, None)
        if run is not None:
            self.ended.emit(run)

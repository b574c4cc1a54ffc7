"""QueueEntries: what the queue holds, as an artist counts it: one entry for each order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.messages import Stepped
from studio.jobs.job import Job
from studio.jobs.place import Place
from studio.jobs.queue import JobQueue
from studio.ui.images import thumbnail, to_image
from studio.ui.orders import Run
from studio.ui.words import seconds_left

#: Edge of a thumbnail, px: twice what is shown, for sharp displays.
_EDGE = 96


@dataclass(frozen=True, slots=True)
class Entry:
    """One row.

    Attributes:
        order: The number of its first job: it stays while the runs of an order follow each other.
        job: The job that waits, runs or rests now.
        title: What it is about, in one line of any length.
        takes: How many it makes.
        says: How it stands.
        share: How much is done, 0 to 1.
        image: The place it works at, or what it has made there; None: nothing is known.
        state: Of the job, see `jobs.job.STATES`.
        why: What did not work.
    """

    order: int
    job: int
    title: str
    takes: int
    says: str
    share: float
    image: QImage | None
    state: str
    why: str = ""

    @property
    def movable(self) -> bool:
        """Whether it has a turn that could be another."""
        return self.state in ("planned", "waiting")

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in ("failed", "interrupted")

    @property
    def spoken(self) -> str:
        """The row for who does not see it."""
        return ", ".join(part for part in (self.title, self.says, self.why) if part)


class QueueEntries(QObject):
    """Those that have not ended, and the failed ones until they are dismissed.

    Signals:
        changed: Something of what `now` gives.
    """

    changed = Signal()

    def __init__(self, queue: JobQueue) -> None:
        super().__init__()
        self._queue = queue
        self._run_of: Callable[[int], Run | None] = lambda _: None
        self._images: dict[int, QImage] = {}
        self._faults: dict[int, str] = {}
        self._dismissed: set[int] = set()
        queue.line.changed.connect(self._on_changed)
        queue.stepped.connect(self._on_stepped)
        queue.failed.connect(self._on_failed)

    def follow(self, run_of: Callable[[int], Run | None]) -> None:
        """Know from now on which jobs belong to the same order."""
        self._run_of = run_of
        self.changed.emit()

    def now(self) -> tuple[Entry, ...]:
        """All of them; what runs comes first, then in the order of their turns."""
        jobs = [job for job in self._queue.line.jobs() if self._wanted(job)]
        jobs.sort(key=lambda job: job.state != "running")
        return tuple(self._entry(job) for job in jobs)

    def dismiss(self, number: int) -> None:
        """List a failed job no longer."""
        self._dismissed.add(number)
        self._prune()
        self.changed.emit()

    def _wanted(self, job: Job) -> bool:
        failed = job.state in ("failed", "interrupted")
        return not job.ended or (failed and job.id not in self._dismissed)

    def _entry(self, job: Job) -> Entry:
        run = self._run_of(job.id)
        order = job.id if run is None else run.order
        words = " ".join(job.request.prompt.split())
        title = (run.title if run is not None else "") or words or self.tr("without a prompt")
        place = Place(job.take + 1, job.request.count)
        share = job.progress
        if run is not None:
            place = run.chain.place(job.take)
            share = run.chain.share(share)
        return Entry(
            order,
            job.id,
            title,
            place.takes,
            self._says(job, place),
            0.0 if job.ended else share,
            self._images.get(order),
            job.state,
            self._faults.get(job.id, ""),
        )

    def _says(self, job: Job, place: Place) -> str:
        waits = self.tr("paused") if self._queue.line.held else self.tr("waits")
        plain = {
            "planned": waits,
            "waiting": waits,
            "interrupted": self.tr("the engine stopped"),
            "failed": self.tr("did not work"),
        }
        if job.state in plain:
            return plain[job.state]
        resting = job.state == "frozen"
        if not job.begun:
            return self.tr("frozen") if resting else self.tr("begins")
        words = self.tr("frozen at {step} of {total}") if resting else self.tr("{step} of {total}")
        parts = [words.format(step=job.step, total=job.total)]
        if place.apart and not resting:
            of = self.tr("picture {take} of {takes}")
            parts = [of.format(take=place.take, takes=place.takes)]
        elif place.parts > 1 and not resting:
            of = self.tr("part {part} of {parts}")
            parts = [of.format(part=place.part, parts=place.parts)]
        if job.seconds_left is not None:
            parts.append(seconds_left(place.seconds_of_all(job.seconds_left, job.progress)))
        return " · ".join(parts)

    def _on_changed(self, number: int) -> None:
        job = self._queue.line.job(number)
        if job is not None and job.ended:
            self._prune()
        elif job is not None and job.request.picture is not None:
            order = self._order(number)
            if order not in self._images:
                self._images[order] = to_image(thumbnail(job.request.picture, _EDGE))
        self.changed.emit()

    def _on_stepped(self, step: Stepped) -> None:
        if step.preview is not None:
            self._images[self._order(step.job)] = to_image(thumbnail(step.preview, _EDGE))
            self.changed.emit()

    def _on_failed(self, number: int, error: StudioError) -> None:
        self._faults[number] = f"{error.message} {error.hint}".strip()
        self.changed.emit()

    def _order(self, number: int) -> int:
        run = self._run_of(number)
        return number if run is None else run.order

    def _prune(self) -> None:
        """Forget what nobody sees any more."""
        jobs = {job.id for job in self._queue.line.jobs() if self._wanted(job)}
        orders = jobs | {self._order(number) for number in jobs}
        self._images = {key: image for key, image in self._images.items() if key in orders}
        self._faults = {key: text for key, text in self._faults.items() if key in jobs}
        self._dismissed &= {job.id for job in self._queue.line.jobs()}

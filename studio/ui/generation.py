"""Generation: from the prompt to takes on the canvas; joins document, queue and canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from studio.canvas.view import CanvasView
from studio.core.errors import StudioError
from studio.core.geometry import Rect
from studio.core.messages import Candidate, Stepped
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.document.document import Document
from studio.document.edits import AddTake
from studio.document.files.metadata import Recipe
from studio.jobs.order import Settings, build_request
from studio.jobs.queue import JobQueue
from studio.ui.images import laid_over, small, thumbnail, to_image
from studio.ui.take_thumbnails import THUMBNAIL
from studio.ui.takes_strip import Take, TakesStrip

#: Thumbnails are made at twice their size on the screen, for sharp displays.
_EDGE = 2 * THUMBNAIL


class Generation(QObject):
    """Orders runs, shows them as they form, and puts kept takes into the document.

    Signals:
        running_changed: bool, whether any job runs or waits.
        progressed: float share and the running job's id.
        refused: StudioError, of an order or of a job.
        take_kept: A Take that is now a layer.
    """

    running_changed = Signal(bool)
    progressed = Signal(float, int)
    refused = Signal(object)
    take_kept = Signal(object)

    def __init__(
        self,
        document: Document,
        queue: JobQueue,
        canvas: CanvasView,
        takes: TakesStrip,
        settings: Callable[[], Settings | None],
    ) -> None:
        """`settings` is asked at every order; None: there is no model."""
        super().__init__()
        self._document, self._queue = document, queue
        self._canvas, self._takes, self._settings = canvas, takes, settings
        self._requests: dict[int, Request] = {}
        self._recipe: Recipe | None = None
        self._seen: Take | None = None  # what the canvas shows over the picture
        self._looking = False  # whether the artist turned to a take while another one forms
        queue.stepped.connect(self._on_stepped)
        queue.candidate.connect(self._on_candidate)
        queue.finished.connect(self._end)
        queue.cancelled.connect(self._end)
        queue.failed.connect(self._on_failed)
        queue.changed.connect(lambda _: self._show_running())
        takes.shown.connect(self._on_looked)
        takes.left.connect(self._on_left)
        takes.kept.connect(self._keep)
        document.begun.connect(self._on_begun)
        document.mask_changed.connect(lambda _: self._on_painted())

    @property
    def running(self) -> bool:
        """Whether any job runs or waits."""
        return bool(self._requests)

    @property
    def recipe(self) -> Recipe | None:
        """What the take kept last was made with."""
        return self._recipe

    def start(self) -> int | None:
        """Order a run of what lies on the canvas.

        Returns:
            The id of its job, or None when it was refused.
        """
        settings = self._settings()
        if settings is None:
            self.refused.emit(
                StudioError(
                    self.tr("There is no model to paint with."),
                    self.tr("Add one: a diffusers folder or a .safetensors file."),
                )
            )
            return None
        if self._document.masks_hidden():
            self.refused.emit(
                StudioError(
                    self.tr("Every mask is hidden, so the whole picture would be repainted."),
                    self.tr("Show a mask by its eye, or clear it if that is what you want."),
                )
            )
            return None
        if self._document.frame.empty:
            self._document.set_frame(Rect(0, 0, settings.model.native, settings.model.native))
            self._canvas.fit()
        try:
            request = self._request(settings)
        except StudioError as error:
            self.refused.emit(error)
            return None
        job = self._queue.submit(request)
        self._requests[job] = request
        self._looking = False
        self._open_strip(request)
        self._show_running()
        return job

    def stop(self) -> None:
        """Cancel the job that runs; without one, the first that waits."""
        alive = [job for job in self._queue.jobs() if not job.ended]
        running = [job for job in alive if job.state == "running"]
        for job in (running or alive)[:1]:
            self._queue.cancel(job.id)

    def _request(self, settings: Settings) -> Request:
        document = self._document
        return build_request(
            document.composite,
            document.effective_mask,
            document.bounds,
            document.frame,
            document.mask_bounds(),
            settings,
        )

    def _open_strip(self, request: Request) -> None:
        """Show the strip at once, so that nothing moves when the first step comes."""
        beneath = to_image(self._beneath(request.box))
        self._takes.set_original(beneath)
        if len(self._requests) == 1:
            self._takes.forming(beneath, 0.0)

    def _on_stepped(self, step: Stepped) -> None:
        request = self._requests.get(step.job)
        if request is None:
            return
        if step.preview is not None:
            self._show_preview(request, step.preview)
            preview = to_image(thumbnail(step.preview, _EDGE))
            self._takes.forming(preview, step.step / step.total)
        job = self._queue.job(step.job)
        if job is not None:
            self._canvas.set_progress(job.progress)
            self.progressed.emit(job.progress, step.job)

    def _show_preview(self, request: Request, preview: Pixels) -> None:
        if self._looking:
            return
        if self._seen is not None:
            self._show_take(None)
        self._canvas.show_preview(request.box, preview, request.mask)

    def _on_candidate(self, candidate: Candidate) -> None:
        request = self._requests.get(candidate.job)
        if request is None:
            return
        recipe = Recipe.of(request, candidate.take)
        take = Take(candidate.job, candidate.take, candidate.area, candidate.pixels, recipe)
        beneath = self._beneath(candidate.area)
        last = candidate.take + 1 == request.count and len(self._requests) == 1
        self._takes.forming(None if last else to_image(beneath), 0.0)
        self._takes.set_original(to_image(beneath))
        self._canvas.clear_preview()
        result = laid_over(beneath, thumbnail(take.pixels, _EDGE))
        self._takes.add(take, to_image(result))
        self._looking = False

    def _on_failed(self, job: int, error: StudioError) -> None:
        self._end(job)
        self.refused.emit(error)

    def _end(self, job: int) -> None:
        if self._requests.pop(job, None) is None:
            return
        if not self._requests:
            self._takes.forming(None, 1.0)
        if not any(each.state == "running" for each in self._queue.jobs()):
            self._canvas.set_progress(None)
            self._show_take(self._takes.current)
        self._show_running()

    def _show_running(self) -> None:
        running = any(job.state == "running" for job in self._queue.jobs())
        self._canvas.set_running(running)
        self.running_changed.emit(self.running)

    def _on_looked(self, take: Take | None) -> None:
        self._looking = take is not None and self.running
        self._show_take(take)

    def _on_left(self) -> None:
        self._looking = False
        self._show_take(self._takes.current)

    def _show_take(self, take: Take | None) -> None:
        self._seen = take
        self._canvas.clear_preview()
        pixels: Pixels | None = None if take is None else take.pixels
        self._canvas.show_take(Rect(0, 0, 0, 0) if take is None else take.area, pixels)

    def _keep(self, take: Take) -> None:
        self._show_take(None)
        self._document.history.push(AddTake(self._document, take.pixels, take.area))
        self._recipe = take.recipe
        self._takes.set_original(to_image(self._beneath(take.area)))
        self.take_kept.emit(take)

    def _beneath(self, area: Rect) -> Pixels:
        return small(self._document.composite, area, _EDGE)

    def _on_painted(self) -> None:
        # Over a take no mask is seen: who paints one has turned to the picture again.
        if self._takes.current is not None:
            self._takes.choose_original()

    def _on_begun(self) -> None:
        # Another picture: takes of the one before have no place in it.
        for job in list(self._requests):
            self._queue.cancel(job)
        self._takes.clear()
        self._show_take(None)
        self._recipe = None

"""Generation: from the prompt to takes on the canvas; joins document, orders and canvas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.canvas.tools.frame import gestures
from studio.canvas.view import CanvasView
from studio.core.errors import StudioError
from studio.core.geometry import Rect
from studio.core.messages import Stepped
from studio.core.piece import Piece, around, laid
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.document.composite import over
from studio.document.document import Document
from studio.document.edits import AddTake, MoveFrame
from studio.document.files.metadata import Recipe
from studio.document.moment import Moment
from studio.jobs.chain import Chain, Made
from studio.jobs.grid import Grid
from studio.jobs.job import Job
from studio.jobs.order import NOTHING, Scene, Settings
from studio.jobs.place import Place
from studio.jobs.queue import JobQueue
from studio.jobs.series import Series, ordered
from studio.jobs.tasks import FILL, IGNORED, Task, framed, prepared
from studio.ui.desk import Desk
from studio.ui.images import small, thumbnail, to_image
from studio.ui.orders import Orders, Run
from studio.ui.take_thumbnails import THUMBNAIL
from studio.ui.takes_strip import Take, TakesStrip

#: Thumbnails are made at twice their size on the screen, for sharp displays.
_EDGE = 2 * THUMBNAIL
#: What a place shows whose picture is still being read.
_BLANK = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
_BLANK.fill(0)


class Generation(QObject):
    """Orders runs, shows them as they form, and puts kept takes into the document.

    Signals:
        running_changed: bool, whether any job runs or waits.
        progressed: float share of the whole order, and the running job's id.
        refused: StudioError, of an order or of a job.
        masks_hidden: Task; it was not run, as everything that is masked is hidden.
        take_kept: A Take that is now a layer.
    """

    running_changed = Signal(bool)
    progressed = Signal(float, int)
    refused = Signal(object)
    masks_hidden = Signal(object)
    take_kept = Signal(object)

    def __init__(
        self,
        document: Document,
        queue: JobQueue,
        canvas: CanvasView,
        takes: TakesStrip,
        settings: Callable[[], Settings | None],
        desk: Desk,
    ) -> None:
        """`settings` is asked at every order, None: no model; `desk` is for nobody else."""
        super().__init__()
        self._document, self._queue = document, queue
        self._canvas, self._takes, self._settings = canvas, takes, settings
        self._desk, self.orders = desk, Orders(queue, desk)
        self._recipe: Recipe | None = None
        self._seen: Take | None = None  # what the canvas shows over the picture
        self._looking = False  # whether the artist turned to a take while another one forms
        self.orders.stepped.connect(self._on_stepped)
        self.orders.formed.connect(lambda _: self._canvas.clear_preview())
        self.orders.made.connect(self._on_made)
        self.orders.ended.connect(self._on_ended)
        self.orders.failed.connect(self.refused)
        queue.line.changed.connect(self._on_changed)
        takes.shown.connect(self._on_looked)
        takes.left.connect(self._on_left)
        takes.kept.connect(self._keep)
        document.leaving.connect(desk.finish)  # what is ordered goes into that picture's file
        document.begun.connect(self._on_begun)
        document.masks.changed.connect(lambda _: self._on_painted())

    @property
    def running(self) -> bool:
        """Whether any job runs or waits."""
        return self.orders.awake()

    @property
    def recipe(self) -> Recipe | None:
        """What the take kept last was made with."""
        return self._recipe

    def place(self, job: int, take: int) -> Place:
        """Which run of its order that job is, at that take of the job's own, from 0."""
        run = self.orders.run(job)
        return Place(take + 1) if run is None else run.chain.place(take)

    def start(
        self, wanted: Task = FILL, strength: float | None = None, masked: bool = True
    ) -> int | None:
        """Order what a task makes of the canvas.

        Args:
            wanted: The task.
            strength: One of those that the task offers; None: its own.
            masked: Whether masks count; without them the whole frame changes.

        Returns:
            The id of its first job, or None when it was refused.
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
        if masked and wanted.mask != IGNORED and self._document.masks.all_hidden():
            self.masks_hidden.emit(wanted)
            return None
        return self.order(wanted, [settings], strength, masked)

    def order(
        self,
        wanted: Task,
        cells: Sequence[Settings],
        strength: float | None = None,
        masked: bool = True,
        title: str = "",
        varied: frozenset[str] = frozenset(),
        grid: Grid | None = None,
    ) -> int | None:
        """Order what a task makes of the canvas with one or with several settings.

        Args:
            wanted: The task.
            cells: Several make one order with a take for each.
            strength: See `start`, like the next.
            masked: Likewise.
            title: What it is about, where the prompt does not say it.
            varied: Names of the settings that a batch is about.
            grid: Where its pictures stand.

        Returns:
            The id of its first job, or None when it was refused.
        """
        try:
            self._place_frame(wanted, cells[0])
            chain = ordered(wanted, self._scene(masked), cells, over, strength, varied)
            run = self.orders.start(chain, title, wanted.key, grid)
        except StudioError as error:
            self.refused.emit(error)
            return None
        self._show_ordered(run)
        return run.job

    def again(self, job: int) -> int | None:
        """Order what that job belongs to once more, with the seeds that follow.

        Returns:
            The id of its first job, or None when it was refused.
        """
        try:
            run = self.orders.again(job)
        except StudioError as error:
            self.refused.emit(error)
            return None
        if run is None:
            return None
        self._show_ordered(run)
        return run.job

    def stop(self) -> None:
        """Cancel the job that runs, and what follows from it; without one, the first that waits."""
        alive = [job for job in self._queue.line.jobs() if not job.ended and job.state != "frozen"]
        running = [job for job in alive if job.state == "running"]
        for job in (running or alive)[:1]:
            self._queue.cancel(job.id)

    def adopt(self, job: Job) -> None:
        """Show what comes of a job that is in the queue already, once it is resumed."""
        self.orders.adopt(job)

    def bring_back_order(
        self,
        cells: Sequence[Settings],
        kept: Request,
        wanted: Task,
        frozen: bool,
        masked: bool,
        title: str,
        grid: Grid | None,
    ) -> int:
        """Take up what remained of an order, over the canvas as it is now.

        Args:
            cells: As `Chain.remains` gave them.
            kept: The run that is next, as it was kept.
            wanted: The task that it was ordered for.
            frozen: Whether it rests until it is resumed.
            masked: Whether masks count.
            title: See `order`.
            grid: Likewise.

        Returns:
            The id of its job.

        Raises:
            StudioError: It cannot be made of this canvas.
        """
        scene, _ = prepared(wanted, self._scene(masked), cells[0])
        chains = [Chain(scene, one, over) for one in cells]
        chain = chains[0] if len(chains) == 1 else Series(chains)
        return self.orders.bring_back(chain, kept, frozen, title, wanted.key, grid).job

    def takes_of(self, order: int) -> list[Take]:
        """The takes of that order that are in the strip."""
        return [take for take in self._takes.takes() if take.job == order]

    def bring_back(self, takes: Sequence[Take], recipe: Recipe | None) -> None:
        """Show takes of an earlier start in the strip, none of them chosen.

        Args:
            takes: The oldest first.
            recipe: What the take kept last was made with.
        """
        self._recipe = recipe
        for take in takes:
            self._takes.set_original(self._beneath(take.area))
            self._takes.add(take, self._with(take.pieces))
            self._takes.choose_original()

    def _place_frame(self, wanted: Task, settings: Settings) -> None:
        """A first frame where there is none, and one beyond the picture where that is the task."""
        document = self._document
        if document.frame.empty:
            document.set_frame(Rect(0, 0, settings.model.native, settings.model.native))
            self._canvas.fit()
        frame = framed(wanted, document.bounds, document.frame, settings.model.row.grid)
        if frame != document.frame:
            document.history.push(MoveFrame(document, frame, next(gestures)))
            self._canvas.fit()

    def _scene(self, masked: bool) -> Scene:
        """The canvas as it is now, whatever is painted while the runs go on."""
        moment = Moment(self._document)
        mask_of, bounds = moment.effective_mask, moment.mask_bounds()
        scene = Scene(moment.composite, mask_of, moment.bounds, moment.frame, bounds)
        return scene if masked else replace(scene, mask_of=None, mask_bounds=NOTHING)

    def _show_ordered(self, run: Run) -> None:
        self._looking = False
        self._open_strip(run)
        self._show_running()

    def _open_strip(self, run: Run) -> None:
        """Show the strip at once, so that nothing moves when the first step comes."""
        if not self._takes.filled:
            self._takes.set_original(_BLANK)
        if len(self.orders) == 1:
            self._takes.forming(_BLANK, 0.0)
        moment, area = Moment(self._document), run.request.box
        self._desk.run(
            lambda: small(moment.composite, area, _EDGE),
            lambda pixels: self._show_beneath(run, to_image(pixels)),
            self.refused.emit,
        )

    def _show_beneath(self, run: Run, beneath: QImage) -> None:
        """The picture at the place of a run, unless it is shown by now or goes on no more."""
        job = self._queue.line.alive(run.job)
        if job is None or job.begun:
            return
        self._takes.set_original(beneath)
        if len(self.orders) == 1:
            self._takes.forming(beneath, 0.0)

    def _on_stepped(self, run: Run, step: Stepped) -> None:
        if step.preview is not None:
            self._show_preview(run, step.preview)
            preview = to_image(thumbnail(step.preview, _EDGE))
            self._takes.forming(preview, step.step / step.total)
        job = self._queue.line.job(step.job)
        if job is not None:
            share = run.chain.share(job.progress)
            self._canvas.set_progress(share)
            self.progressed.emit(share, step.job)

    def _show_preview(self, run: Run, preview: Pixels) -> None:
        if self._looking:
            return
        if self._seen is not None:
            self._show_take(None)
        self._canvas.exhibit.made(run.chain.pieces)
        self._canvas.show_preview(run.request.box, preview, run.request.mask)

    def _on_made(self, run: Run, made: Made) -> None:
        recipe = Recipe.of(made.request)
        take = Take(run.order, run.number(made.index), made.pieces, recipe, made.partial)
        last = made.index + 1 == run.chain.place().takes and len(self.orders) == 1
        beneath = self._beneath(take.area)
        self._takes.forming(None if last else beneath, 0.0)
        self._takes.set_original(beneath)
        self._clear_forming()
        # The program may have ended between a take and its order: then it is made once more.
        if not run.recalled or not any(take.same_as(one) for one in self._takes.takes()):
            self._takes.add(take, self._with(take.pieces))
        self._looking = False

    def _on_ended(self, run: Run) -> None:
        if not self.running:
            self._takes.forming(None, 1.0)
        if not any(each.state == "running" for each in self._queue.line.jobs()):
            self._canvas.set_progress(None)
            self._show_take(self._takes.current)
        self._show_running()

    def _on_changed(self, number: int) -> None:
        job = self._queue.line.job(number)
        if job is not None and job.state == "frozen" and not self.running:
            self._canvas.set_progress(None)
            self._takes.forming(None, 1.0)
            self._show_take(self._takes.current)
        self._show_running()

    def _show_running(self) -> None:
        running = any(job.state == "running" for job in self._queue.line.jobs())
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
        self._clear_forming()
        self._canvas.exhibit.take(() if take is None else take.pieces)

    def _clear_forming(self) -> None:
        self._canvas.clear_preview()
        self._canvas.exhibit.made(())

    def _keep(self, take: Take) -> None:
        self._show_take(None)
        self._document.history.push(AddTake.of(self._document, take.pieces))
        self._recipe = take.recipe
        self._takes.set_original(self._beneath(take.area))
        self.take_kept.emit(take)

    def _beneath(self, area: Rect) -> QImage:
        return to_image(small(self._document.composite, area, _EDGE))

    def _with(self, pieces: tuple[Piece, ...]) -> QImage:
        """A thumbnail of the picture with those pieces on it."""
        area = around(pieces)
        return to_image(small(laid(self._document.composite, pieces, over), area, _EDGE))

    def _on_painted(self) -> None:
        # Over a take no mask is seen: who paints one has turned to the picture again.
        if self._takes.current is not None:
            self._takes.choose_original()

    def _on_begun(self) -> None:
        # Another picture: takes of the one before have no place in it.
        self.orders.drop()
        self._takes.clear()
        self._show_take(None)
        self._recipe = None

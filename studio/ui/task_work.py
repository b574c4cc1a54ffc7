"""TaskWork: joins the tasks' selector, shortcuts and options to document and generation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand

from studio.canvas.tools.frame import gestures
from studio.canvas.view import CanvasView
from studio.core.errors import StudioError
from studio.core.geometry import Rect
from studio.core.piece import Piece
from studio.document import edits
from studio.document.composite import over
from studio.document.document import Document
from studio.document.masks import Mask
from studio.document.moment import Moment
from studio.inpaint.erase import pieces
from studio.jobs.tasks import FILL, SIDES, STEP, Task, framed, grown, task
from studio.ui.actions import Actions
from studio.ui.changes import Changes
from studio.ui.desk import Desk
from studio.ui.generation import Generation
from studio.ui.message_strip import Choice, MessageStrip
from studio.ui.prompt_bar import PromptBar
from studio.ui.task_words import KEYS


class TaskWork(QObject):
    """The selector says what Generate is for; a shortcut runs its task at once.

    Signals:
        ordered: A run was ordered.
        chosen: Another task or strength is chosen.
        refused: StudioError.
    """

    ordered = Signal()
    chosen = Signal()
    refused = Signal(object)

    def __init__(
        self,
        document: Document,
        commands: Actions,
        changes: Changes,
        desk: Desk,
        messages: MessageStrip,
        bar: PromptBar,
        canvas: CanvasView,
        generation: Generation,
        grid: Callable[[], int],
    ) -> None:
        """`grid` gives the multiples that the model works in, px."""
        super().__init__()
        self._document, self._changes, self._desk = document, changes, desk
        self._messages, self._bar, self._canvas = messages, bar, canvas
        self._generation, self._grid = generation, grid
        self._batches: Callable[[Task, float | None], bool] = lambda *_: False
        self._task = FILL
        self._tool = ""  # in the hand before a task brought the frame's handles
        bar.task_chosen.connect(self.choose)
        bar.options.strength_chosen.connect(lambda _: self.chosen.emit())
        bar.options.side_pressed.connect(self._grow)
        bar.options.zoom_pressed.connect(self._zoom)
        bar.options.erase_pressed.connect(self.erase)
        generation.masks_hidden.connect(self._ask_hidden)
        document.bounds_changed.connect(self._on_bounds)
        for key in KEYS:
            commands[f"task_{key}"].triggered.connect(partial(self._run_at_once, task(key)))
        for side in SIDES:
            commands[f"expand_{side}"].triggered.connect(partial(self._expand_at_once, side))
        commands["erase"].triggered.connect(lambda: self.erase())

    @property
    def task(self) -> Task:
        """What Generate is for now."""
        return self._task

    @property
    def strength(self) -> float | None:
        """Of those that the task offers; None: its own."""
        return self._bar.options.strength

    def choose(self, key: str) -> None:
        """Let Generate do that task from now on."""
        self._task = wanted = task(key)
        self._bar.show_task(key, wanted.strengths, wanted.strength)
        self._hand_frame(wanted.outward and self._document.has_picture)
        if wanted.outward:
            self._frame_at(
                framed(wanted, self._document.bounds, self._document.frame, self._grid())
            )
        self.chosen.emit()
        if wanted.words:
            self._bar.prompt.setFocus()
        else:
            self._canvas.setFocus()

    def run(self, wanted: Task | None = None, strength: float | None = None) -> None:
        """Order the chosen task, or that one."""
        if wanted is None:
            wanted, strength = self._task, self.strength
        if not self._batches(wanted, strength) and (
            self._generation.start(wanted, strength) is not None
        ):
            self.ordered.emit()

    def set_batches(self, take_over: Callable[[Task, float | None], bool]) -> None:
        """Let `take_over` be asked first, with task and strength; True: it sees to the order."""
        self._batches = take_over

    def erase(self) -> None:
        """Cover what is masked with what surrounds it; works beside the window."""
        if self._document.masks.all_hidden():
            self.refused.emit(
                StudioError(
                    self.tr("Every mask is hidden, so nothing says what shall go."),
                    self.tr("Show a mask by its eye."),
                )
            )
            return
        moment = Moment(self._document)
        self._desk.run(
            lambda: pieces(
                moment.composite, moment.effective_mask, moment.bounds, moment.mask_bounds(), over
            ),
            self._lay,
            self.refused.emit,
        )

    def _lay(self, made: tuple[Piece, ...]) -> None:
        name = self.tr("erased")
        command = edits.AddTake.of(self._document, made, name, self.tr("Quick erase"))
        self._document.history.push(command)

    def _run_at_once(self, wanted: Task, _checked: bool = False) -> None:
        self.run(wanted, wanted.strength if wanted.strengths else None)

    def _expand_at_once(self, side: str, _checked: bool = False) -> None:
        if not self._document.has_picture:
            return
        bounds = self._document.bounds
        self._frame_at(grown(bounds, bounds, {side: STEP}, self._grid()))
        self.run(task("expand"))

    def _on_bounds(self) -> None:
        if not self._document.has_picture and self._task is not FILL:
            self.choose(FILL.key)

    def _grow(self, side: str) -> None:
        document = self._document
        if document.has_picture:
            frame = document.frame
            # The frame that choosing the task made reaches out everywhere; a side is asked for.
            if frame == framed(self._task, document.bounds, document.bounds, self._grid()):
                frame = document.bounds
            self._frame_at(grown(frame, document.bounds, {side: STEP}, self._grid()))

    def _zoom(self, times: float) -> None:
        bounds = self._document.bounds
        if not bounds.empty:
            out = dict.fromkeys(SIDES, (times - 1) / 2)
            self._frame_at(grown(bounds, bounds, out, self._grid()))

    def _frame_at(self, frame: Rect) -> None:
        if frame != self._document.frame:
            self._changes.push(lambda: self._move(frame))
            self._canvas.fit()

    def _move(self, frame: Rect) -> QUndoCommand:
        return edits.MoveFrame(self._document, frame, next(gestures))

    def _hand_frame(self, wanted: bool) -> None:
        """The frame's handles while a task reaches out; the tool from before afterwards."""
        held = self._canvas.tool.name
        if wanted and held != "frame":
            self._tool = held
            self._canvas.set_tool("frame")
        elif not wanted and self._tool:
            if held == "frame":
                self._canvas.set_tool(self._tool)
            self._tool = ""

    def _ask_hidden(self, wanted: Task) -> None:
        choices = [Choice(self.tr("Show the masks"), self._show_masks)]
        if not wanted.needs_mask:
            again = partial(self._run_unmasked, wanted)
            choices.append(Choice(self.tr("Repaint everything"), again))
        self._messages.warn(
            self.tr("Every mask is hidden, so the whole picture would be repainted."),
            choices=choices,
        )

    def _show_masks(self) -> None:
        for mask in self._document.masks.all:
            if not mask.visible:
                self._changes.push(partial(self._shown, mask))

    def _shown(self, mask: Mask) -> QUndoCommand:
        return edits.MaskProperties(self._document, mask=mask, visible=True)

    def _run_unmasked(self, wanted: Task) -> None:
        if self._generation.start(wanted, self.strength, masked=False) is not None:
            self.ordered.emit()

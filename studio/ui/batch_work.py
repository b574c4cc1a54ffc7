"""BatchWork: many pictures of one order: by choices in the prompt, or by the batch's form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, reduce
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from studio.core.errors import StudioError
from studio.core.geometry import Rect
from studio.core.piece import Piece, laid
from studio.core.pixels import Pixels
from studio.core.request import seed_of
from studio.document.composite import over
from studio.document.document import Document
from studio.document.files.image import export_image
from studio.document.moment import Moment
from studio.jobs.batches import Axis, Batch, batch
from studio.jobs.chain import Made
from studio.jobs.grid import Grid
from studio.jobs.order import Settings
from studio.jobs.series import Series
from studio.jobs.sheet import LARGEST, sheet
from studio.jobs.tasks import Task
from studio.jobs.wildcards import expanded
from studio.ui.desk import Desk
from studio.ui.dialogs.batch import BatchDialog
from studio.ui.generation import Generation
from studio.ui.images import small
from studio.ui.main_window import MainWindow
from studio.ui.message_strip import Choice
from studio.ui.orders import Run

#: More pictures than this are asked about first.
MANY = 16
#: Px of the longer side of a picture on a contact sheet, at most.
_EDGE = 1024


@dataclass(slots=True)
class _Going:
    grid: Grid
    moment: Moment
    made: dict[tuple[int, int], Pixels] = field(default_factory=dict)

    def note(self, number: int, pieces: tuple[Piece, ...], seen: Rect) -> None:
        """That picture of the batch is made, of what the model looked at."""
        grid = self.grid
        if number < len(grid.places):
            edge = min(_EDGE, LARGEST // max(len(grid.columns), len(grid.rows)))
            picture = laid(self.moment.composite, pieces, over)
            self.made[grid.places[number]] = small(picture, seen, max(64, edge))


class BatchWork(QObject):
    """Orders batches and offers their contact sheet when they are done.

    Signals:
        ordered: A batch was ordered.
        refused: StudioError.
    """

    ordered = Signal()
    refused = Signal(object)

    def __init__(
        self,
        document: Document,
        generation: Generation,
        desk: Desk,
        window: MainWindow,
        settings: Callable[[], Settings | None],
        task: Callable[[], tuple[Task, float | None]],
        may_replace: Callable[[Callable[[], None]], None],
    ) -> None:
        """`settings` and `task` tell what is chosen; `may_replace` as for `Intake`."""
        super().__init__()
        self._document, self._generation, self._desk = document, generation, desk
        self._window, self._settings, self._task = window, settings, task
        self._may_replace = may_replace
        self._going: dict[int, _Going] = {}
        generation.orders.ordered.connect(self._on_ordered)
        generation.orders.made.connect(self._on_made)
        generation.orders.ended.connect(self._on_ended)
        window.commands["batch"].triggered.connect(lambda: self.ask())

    def take_over(self, wanted: Task, strength: float | None) -> bool:
        """Make a batch of a prompt with choices; returns False for any other."""
        try:
            if not wanted.words or len(expanded(self._window.bar.prompt.text())) == 1:
                return False
            settings = self._settings()
            if settings is None:
                return False
            made = batch(settings, None, _takes(settings))
        except StudioError as error:
            self.refused.emit(error)
            return True
        if len(made.cells) > MANY:
            text = self.tr("The choices in the prompt make {count} pictures.")
            make = self.tr("Make {count}").format(count=len(made.cells))
            choices = [
                Choice(make, partial(self.start, made, wanted, strength)),
                Choice(self.tr("Not now"), lambda: None),
            ]
            self._window.messages.say(text.format(count=len(made.cells)), choices)
        else:
            self.start(made, wanted, strength)
        return True

    def ask(self) -> None:
        """Let the artist say what varies."""
        settings = self._settings()
        if settings is None:
            self._generation.start()  # which says that there is no model
            return
        dialog = BatchDialog(self._window, settings)
        dialog.chosen.connect(lambda made: self.start(made, *self._task()))
        dialog.open()

    def start(self, made: Batch, wanted: Task, strength: float | None) -> None:
        """Order all pictures of a batch."""
        moment = Moment(self._document)
        title = " ".join(self._window.bar.prompt.text().split())
        cells = [cell.settings for cell in made.cells]
        number = self._generation.order(
            wanted, cells, strength, title=title, varied=made.varied, grid=made.grid
        )
        if number is None:
            return
        self.ordered.emit()
        if len(cells) > 1:
            self._going[number] = _Going(made.grid, moment)
            text = self.tr("This makes {count} pictures.")
            self._window.messages.say(text.format(count=len(cells)))

    def _on_made(self, run: Run, made: Made) -> None:
        going = self._going.get(run.order)
        if going is not None:
            going.note(run.number(made.index), made.pieces, _seen(run))

    def _on_ordered(self, run: Run) -> None:
        """A batch that an earlier start of the program left goes on, with what it made there."""
        if not run.recalled or run.grid is None or run.order in self._going:
            return
        self._going[run.order] = going = _Going(run.grid, Moment(self._document))
        for take in self._generation.takes_of(run.order):
            if take.index < run.grid.made:
                going.note(take.index, take.pieces, run.request.box)

    def _on_ended(self, run: Run) -> None:
        going = self._going.pop(run.order, None)
        if going is None or len(going.made) < 2:
            return
        made, cells = len(going.made), len(going.grid.places)
        text = self.tr("{count} of {all} pictures are made.")
        if made == cells:
            text = self.tr("All {count} pictures are made.")
        self._window.messages.say(
            text.format(count=made, all=cells),
            [
                Choice(self.tr("Open the contact sheet"), partial(self.open_sheet, going)),
                Choice(self.tr("Export it…"), partial(self._ask_where, going)),
                Choice(self.tr("Done"), lambda: None),
            ],
        )

    def open_sheet(self, going: _Going) -> None:
        """Make the contact sheet the picture; the one before stays in its own file."""
        self._make(going, lambda pixels: self._may_replace(partial(self._show, pixels)))

    def export_sheet(self, going: _Going, path: Path) -> None:
        """Write the contact sheet to a file."""

        def write(pixels: Pixels) -> None:
            said = self.tr("Exported to {name}.").format(name=path.name)
            self._desk.run(
                partial(export_image, path, pixels),
                lambda _: self._window.messages.say(said),
                self.refused.emit,
            )

        self._make(going, write)

    def _make(self, going: _Going, then: Callable[[Pixels], None]) -> None:
        columns, rows = going.grid.columns, going.grid.rows
        self._desk.run(partial(sheet, dict(going.made), columns, rows), then, self.refused.emit)

    def _show(self, pixels: Pixels) -> None:
        self._document.open_pixels(pixels, self.tr("contact sheet"))

    def _ask_where(self, going: _Going) -> None:
        name = self.tr("contact sheet")
        dialog = QFileDialog(
            self._window,
            self.tr("Export the contact sheet"),
            f"{name}.png",
            "PNG (*.png);;JPEG (*.jpg *.jpeg);;WebP (*.webp)",
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(lambda chosen: self.export_sheet(going, Path(chosen)))
        dialog.open()


def _takes(settings: Settings) -> Axis | None:
    """The seeds of several takes; one has its own."""
    seeds = (seed_of(settings.seed, one) for one in range(settings.count))
    return Axis("seed", tuple(seeds)) if settings.count > 1 else None


def _seen(run: Run) -> Rect:
    """What the model looked at for the take that is made."""
    boxes = run.chain.present.boxes if isinstance(run.chain, Series) else ()
    return reduce(Rect.united, boxes, Rect(0, 0, 0, 0)) if boxes else run.request.box

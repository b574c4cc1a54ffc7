"""Flows: all that happens between the document, the queue and the window, joined."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from studio import paths
from studio.canvas.tools.frame import GRID
from studio.document.document import Document
from studio.document.files.image import warm
from studio.jobs.order import Settings as Order
from studio.jobs.queue import JobQueue
from studio.models.library import Library
from studio.settings import Settings
from studio.ui.batch_work import BatchWork
from studio.ui.changes import Changes
from studio.ui.clipboard import Clipboard
from studio.ui.compare import Compare
from studio.ui.desk import Desk
from studio.ui.dialogs.details import details
from studio.ui.generation import Generation
from studio.ui.idle import Idle
from studio.ui.intake import Intake
from studio.ui.keeping import Beside, Keeping
from studio.ui.layer_work import LayerWork
from studio.ui.main_window import MainWindow
from studio.ui.mask_work import MaskWork
from studio.ui.menus import Menus
from studio.ui.model_choice import ModelChoice
from studio.ui.notices import Notices
from studio.ui.outlook import Outlook
from studio.ui.picture_work import PictureWork
from studio.ui.queue_work import QueueWork
from studio.ui.recall import Recall
from studio.ui.rest_work import RestWork
from studio.ui.run_view import RunView
from studio.ui.safekeeping import Safekeeping
from studio.ui.saving import Saving
from studio.ui.takes_out import handed_out
from studio.ui.task_work import TaskWork
from studio.ui.taskbar import Taskbar
from studio.ui.unnamed_menu import UnnamedMenu
from studio.ui.workbench import Workbench


class Flows(QObject):
    """Builds each flow, then lets them hear of each other.

    Args:
        window: Gets the menus.
        leave: Ends the event loop.
    """

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        document: Document,
        queue: JobQueue,
        bench: Workbench,
        leave: Callable[[], None],
    ) -> None:
        super().__init__()
        self._window, self._settings, self._bench = window, settings, bench
        self.document, self.queue, self._leave = document, queue, leave
        self.desk, self.reading = Desk(), Desk()
        self._held_back: Callable[[], bool] = lambda: False
        self._build_files()
        self._build_work()
        self._join_files()
        self._join_models()
        self._join_runs()

    def generate(self) -> None:
        """Order what the chosen task makes of what the window shows."""
        if not self._held_back():
            self.task_work.run()

    def set_gate(self, held_back: Callable[[], bool]) -> None:
        """Ask that before each order; True: it asks the artist first."""
        self._held_back = held_back

    def warm(self) -> None:
        """Start the process that decodes pictures, so that the first one need not wait for it."""
        self.desk.run(warm, lambda _: None, lambda _: None)

    def _build_files(self) -> None:
        window, document, bench = self._window, self.document, self._bench
        messages = window.messages
        self.recall = Recall(self._settings, window, bench)
        self.generation = Generation(
            document, self.queue, bench.canvas, bench.takes, self._order, self.reading
        )
        self.run_view = RunView(window, self.queue, self.generation)
        self.rest_work = RestWork(self.queue, window.commands, messages)
        self.queue_work = QueueWork(
            self.queue, self.generation, self.rest_work, self.recall, window, bench
        )
        bench.takes.set_hand_out(handed_out(document, lambda: self.generation.recipe))
        self.saving = Saving(document, self.desk, messages, window, lambda: self.generation.recipe)
        self.safe = Safekeeping(document, window, paths.data())
        leaving = self.safe.projects.before_leaving
        self.intake = Intake(document, self.desk, messages, window, leaving)
        bench.canvas.pointer_moved.connect(self.intake.note_pointer)
        self.clipboard = Clipboard(document, self.desk, messages, self.intake.paste)
        self.clipboard.refused.connect(self.run_view.refuse)
        self.saving.set_origin(lambda: self.intake.origin)
        beside = Beside(bench.takes, self.generation, self.queue, self.recall)
        self.keeping = Keeping(document, self.safe.session, beside)
        library = Library(paths.starter_model(), paths.data() / "models.json")
        self.models = ModelChoice(library, bench.gear, self.queue, self.desk, messages, window)

    def _build_work(self) -> None:
        window, document, bench = self._window, self.document, self._bench
        commands = window.commands
        self.changes = Changes(document)
        self.mask_work = MaskWork(
            document,
            commands,
            self.changes,
            self.desk,
            window.messages,
            window,
            self.recall.folder,
        )
        self.layer_work = LayerWork(document, commands, self.changes, window.messages, bench.layers)
        bench.layers.chosen_changed.connect(self.layer_work.show)
        self.picture_work = PictureWork(document, commands, self.changes, window, self._grid)
        self.task_work = TaskWork(
            document,
            commands,
            self.changes,
            self.desk,
            window.messages,
            window.bar,
            bench.canvas,
            self.generation,
            self._grid,
        )
        self.outlook = Outlook(
            document,
            bench.gear,
            window.status,
            bench.canvas.exhibit,
            lambda: (self.task_work.task, self.task_work.strength),
        )
        self.task_work.chosen.connect(self.outlook.show)
        self.batch_work = BatchWork(
            document,
            self.generation,
            self.desk,
            window,
            self._order,
            lambda: (self.task_work.task, self.task_work.strength),
            self.safe.projects.before_leaving,
        )
        self.task_work.set_batches(self.batch_work.take_over)
        self.compare = Compare(
            document,
            bench.canvas,
            bench.takes,
            bench.compare_bar,
            self.desk,
            window.messages,
            commands,
        )
        self.menus = Menus(
            window.menuBar(), commands, lambda: self._settings.values.recent, self.intake.open
        )
        unnamed = UnnamedMenu(self.menus.unnamed, self.safe.session, self.intake.open, window)
        unnamed.refused.connect(self.run_view.refuse)
        self.unnamed = unnamed
        self.menus.run.addSeparator()
        self.idle = Idle(self.queue, self._settings, self.menus.run)
        self.menus.run.addAction(commands["notify"])
        self.notices = Notices(self.generation, window, self._settings)
        self.taskbar = Taskbar(self.generation, window)
        bench.masks.set_menu(self.menus.mask)
        bench.layers.set_menu(self.menus.layer)

    def _join_files(self) -> None:
        window = self._window
        window.close_requested.connect(lambda: self.safe.projects.before_leaving(self._leave))
        self.desk.busy.connect(window.status.show_busy)
        window.files_dropped.connect(self.intake.take_files)
        window.image_dropped.connect(self.intake.take_image)
        window.empty.sample_chosen.connect(self.intake.open)
        window.messages.details_requested.connect(lambda text: details(window, text))
        for part in (self.intake, self.saving, self.models, self.changes):
            part.refused.connect(self.run_view.refuse)
        self.intake.opened.connect(self.recall.note_file)
        self.intake.opened.connect(lambda _: self._bench.canvas.setFocus())
        self.intake.project_chosen.connect(self.safe.session.open)
        self.safe.session.refused.connect(self.run_view.refuse)
        self.safe.projects.opened.connect(self.recall.note_file)
        self.intake.model_offered.connect(self.models.offer)
        self.intake.recipe_taken.connect(self.recall.use)
        self.saving.exported.connect(self.recall.note_file)

    def _join_models(self) -> None:
        canvas = self._bench.canvas
        self.models.chosen.connect(self.run_view.show_model)
        self.models.chosen.connect(lambda _: self.outlook.show())
        self.models.chosen.connect(lambda each: canvas.set_frame_grid(each.row.grid))

    def _join_runs(self) -> None:
        bar, messages = self._window.bar, self._window.messages
        bar.generate_requested.connect(self.generate)
        for work in (self.task_work, self.batch_work):
            work.ordered.connect(bar.prompt.remember)
            work.ordered.connect(messages.clear)
            work.refused.connect(self.run_view.refuse)
        bar.stop_requested.connect(self.generation.stop)
        bar.keep_requested.connect(self._window.commands["stop_keep"].trigger)
        self.queue_work.task_chosen.connect(self.task_work.choose)
        self.task_work.ordered.connect(self.queue_work.note_order)
        self.keeping.went_on.connect(self.queue_work.note_return)
        bar.prompt.shortened.connect(
            lambda most: messages.say(
                self.tr("The text was cut at {most} characters.").format(most=most)
            )
        )

    def _order(self) -> Order | None:
        gear = self._bench.gear
        return gear.order(self._window.bar.prompt.text(), gear.seed.for_next_run())

    def _grid(self) -> int:
        model = self._bench.gear.checkpoint
        return GRID if model is None else model.row.grid

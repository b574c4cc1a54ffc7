"""Joins: builds what follows the first painted frame, and joins it to the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from studio import paths
from studio.canvas.tools.frame import GRID
from studio.core.geometry import Size
from studio.document.document import Document
from studio.jobs.link import EngineLink
from studio.jobs.order import Settings as Order
from studio.jobs.queue import JobQueue
from studio.models.library import Library
from studio.settings import Settings
from studio.ui import theme
from studio.ui.actions import SIDES, TURNS
from studio.ui.changes import Changes
from studio.ui.desk import Desk
from studio.ui.dialogs.about import about
from studio.ui.dialogs.details import details
from studio.ui.dialogs.new_canvas import NewCanvas
from studio.ui.dialogs.shortcuts import ShortcutsDialog
from studio.ui.generation import Generation
from studio.ui.icons import Icons
from studio.ui.intake import Intake
from studio.ui.keymap import Keymap
from studio.ui.layer_work import LayerWork
from studio.ui.main_window import MainWindow
from studio.ui.mask_work import MaskWork
from studio.ui.menus import Menus
from studio.ui.message_strip import Choice
from studio.ui.model_choice import ModelChoice
from studio.ui.outlook import Outlook
from studio.ui.picture_work import PictureWork
from studio.ui.recall import Recall
from studio.ui.run_view import RunView
from studio.ui.saving import Saving
from studio.ui.workbench import Workbench

#: Actions that have nothing to work on without a picture.
NEED_PICTURE = (
    "invert_mask",
    "clear_mask",
    "grow_mask",
    "shrink_mask",
    "feather_mask",
    "border_mask",
    "fill_holes",
    "mask_from_layer",
    "mask_from_colour",
    "import_mask",
    "export_mask",
    "frame_mask",
    "frame_all",
    "crop_to_frame",
    "canvas_size",
    "image_size",
    "zoom_out_1_5",
    "zoom_out_2",
    "zoom_out_custom",
    *(f"picture_{turn}" for turn in TURNS),
    *(f"pan_{side}" for side in SIDES),
    "export",
)


class Joins(QObject):
    """The document, the queue, and all that happens between them and the window."""

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        settings: Settings,
        icons: Icons,
        link: EngineLink,
    ) -> None:
        """Build and join; the engine is started by `begin`."""
        super().__init__()
        self._app, self._settings, self._link = app, settings, link
        self.window = window
        self.document = Document()
        self.queue = JobQueue(link)
        self.desk = Desk()
        look = theme.load(settings.values.theme, paths.resources() / "themes")
        self.bench = Workbench(window, self.document, self.queue, icons, look)
        app.setWindowIcon(QIcon(str(paths.resources() / "icons" / "app" / "sfumato.svg")))
        self._build_flows()
        self._join_flows()
        self._join_actions()
        self.keymap = Keymap(window.commands)
        self.keymap.restore(settings.values.shortcuts)

    def begin(self) -> None:
        """Show what was remembered, and start the engine."""
        self.window.empty.load()
        self.models.load(self._settings.values.model)
        self.recall.restore()
        self._link.start()

    def end(self) -> None:
        """Write the settings, finish what is being written, and end the engine."""
        self.recall.remember()
        self.window.hide()
        self.outlook.stop()
        # What is still said from here on would reach widgets that may be gone.
        self.document.history.blockSignals(True)
        self.queue.blockSignals(True)
        self.desk.close()
        self._link.stop()

    def leave(self) -> None:
        """End the event loop. `QApplication.quit` would ask the window, which would ask us."""
        self._app.exit(0)

    def report(self, trace: str) -> None:
        """Say that something went wrong which nobody expected."""
        last = trace.strip().splitlines()[-1] if trace.strip() else ""
        self.window.messages.warn(
            self.tr("Something went wrong in the window. Your picture is still here: export it.")
            + f" ({last})",
            trace,
        )

    def _build_flows(self) -> None:
        window, document, bench = self.window, self.document, self.bench
        messages = window.messages
        self.recall = Recall(self._settings, window, bench)
        self.generation = Generation(document, self.queue, bench.canvas, bench.takes, self._order)
        self.run_view = RunView(window, self.queue, self.generation)
        self.saving = Saving(document, self.desk, messages, window, lambda: self.generation.recipe)
        self.intake = Intake(document, self.desk, messages, window, self.saving.before_losing)
        library = Library(paths.starter_model(), paths.data() / "models.json")
        self.models = ModelChoice(library, bench.gear, self.queue, self.desk, messages, window)
        self.changes = Changes(document)
        self.mask_work = MaskWork(
            document,
            window.commands,
            self.changes,
            self.desk,
            messages,
            window,
            self.recall.folder,
        )
        self.layer_work = LayerWork(document, window.commands, self.changes, bench.layers.chosen)
        self.picture_work = PictureWork(document, window.commands, self.changes, window, self._grid)
        self.outlook = Outlook(document, bench.gear, window.status)
        self.menus = Menus(
            window.menuBar(),
            window.commands,
            lambda: self._settings.values.recent,
            self.intake.open,
        )
        bench.masks.set_menu(self.menus.mask)
        bench.layers.set_menu(self.menus.layer)

    def _join_flows(self) -> None:
        window = self.window
        window.close_requested.connect(lambda: self.saving.before_losing(self.leave))
        self.desk.busy.connect(window.status.show_busy)
        window.files_dropped.connect(self.intake.take_files)
        window.image_dropped.connect(self.intake.take_image)
        window.empty.sample_chosen.connect(self.intake.open)
        window.messages.details_requested.connect(lambda text: details(window, text))
        for part in (self.intake, self.saving, self.models, self.changes):
            part.refused.connect(self.run_view.refuse)
        self.intake.opened.connect(self.recall.note_file)
        self.intake.opened.connect(lambda _: self.bench.canvas.setFocus())
        self.intake.model_offered.connect(self.models.offer)
        self.intake.recipe_taken.connect(self.recall.use)
        self.saving.exported.connect(self.recall.note_file)
        self.models.chosen.connect(self.run_view.show_model)
        self.models.chosen.connect(lambda _: self.outlook.show())
        self.models.chosen.connect(lambda each: self.bench.canvas.set_frame_grid(each.row.grid))
        window.bar.generate_requested.connect(self.generate)
        window.bar.stop_requested.connect(self.generation.stop)
        window.bar.prompt.shortened.connect(
            lambda most: window.messages.say(
                self.tr("The text was cut at {most} characters.").format(most=most)
            )
        )
        self.menus.themes.triggered.connect(lambda action: self.change_theme(action.data()))
        for action in self.menus.themes.actions():
            action.setChecked(action.data() == self._settings.values.theme)

    def _join_actions(self) -> None:
        document, history = self.document, self.document.history
        joins: dict[str, Callable[[], object]] = {
            "new": self._new,
            "open": lambda: self.intake.ask(self.recall.folder()),
            "export": self._export,
            "add_model": self.models.ask,
            "quit": self.window.close,
            "undo": history.undo,
            "redo": history.redo,
            "paste": self.intake.paste,
            "generate": self.generate,
            "stop": self._escape,
            "shortcuts": self._ask_shortcuts,
            "about": lambda: about(self.window, paths.log()),
        }
        for key, slot in joins.items():
            self.window.commands[key].triggered.connect(lambda _=False, slot=slot: slot())
        for key in NEED_PICTURE:
            action = self.window.commands[key]
            action.setEnabled(False)
            document.bounds_changed.connect(
                lambda action=action: action.setEnabled(document.has_picture)
            )
        for key, able, signal in (
            ("undo", history.canUndo(), history.canUndoChanged),
            ("redo", history.canRedo(), history.canRedoChanged),
        ):
            self.window.commands[key].setEnabled(able)
            signal.connect(self.window.commands[key].setEnabled)
        history.undoTextChanged.connect(lambda text: self._name("undo", self.tr("&Undo"), text))
        history.redoTextChanged.connect(lambda text: self._name("redo", self.tr("&Redo"), text))

    def generate(self) -> None:
        """Order a run of what the window shows."""
        if self.generation.start() is not None:
            self.window.bar.prompt.remember()
            self.window.messages.clear()

    def _order(self) -> Order | None:
        gear = self.bench.gear
        return gear.order(self.window.bar.prompt.text(), gear.seed.for_next_run())

    def _escape(self) -> None:
        """Stop what runs; with nothing running, fold and leave what is in the way."""
        window, bench = self.window, self.bench
        if self.generation.running:
            self.generation.stop()
        elif bench.gear.isVisible():
            window.commands["gear"].setChecked(False)
        elif window.messages.text:
            window.messages.clear()
        elif bench.takes.isVisible() and not bench.canvas.hasFocus():
            bench.takes.focus()
        else:
            bench.canvas.setFocus()

    def _name(self, key: str, verb: str, what: str) -> None:
        self.window.commands[key].setText(f"{verb} {what}".strip())

    def _grid(self) -> int:
        model = self.bench.gear.checkpoint
        return GRID if model is None else model.row.grid

    def _ask_shortcuts(self) -> None:
        dialog = ShortcutsDialog(self.window, self.window.commands, self.keymap)
        dialog.applied.connect(lambda: self._settings.update(shortcuts=self.keymap.changed()))
        dialog.open()

    def _new(self) -> None:
        model = self.bench.gear.checkpoint
        dialog = NewCanvas(self.window, 512 if model is None else model.native)
        dialog.chosen.connect(
            lambda size, colour: self.saving.before_losing(lambda: self._blank(size, colour))
        )
        dialog.open()

    def _blank(self, size: Size, colour: tuple[int, int, int, int] | None) -> None:
        self.document.open_blank(size, colour, self.tr("untitled"))
        self.bench.canvas.setFocus()

    def _export(self) -> None:
        takes = self.bench.takes
        if takes.current is None:
            self.saving.ask(self.recall.folder())
            return
        self.window.messages.say(
            self.tr("The take you are looking at is not part of the picture yet."),
            [
                Choice(self.tr("Keep and export"), self._keep_and_export),
                Choice(self.tr("Export without"), lambda: self.saving.ask(self.recall.folder())),
            ],
        )

    def _keep_and_export(self) -> None:
        self.bench.takes.keep()
        self.saving.ask(self.recall.folder())

    def change_theme(self, name: str) -> None:
        """Let the whole window follow another theme."""
        look = theme.load(name, paths.resources() / "themes")
        theme.apply(self._app, look, paths.resources() / "icons")
        self.bench.set_theme(look)
        self._settings.update(theme=name)

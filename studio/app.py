"""App: builds every part of the window and joins them."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from studio import paths
from studio.core.geometry import Size
from studio.document.document import Document
from studio.document.edits import MaskClear, MaskInvert, MoveFrame, SetBounds
from studio.jobs.link import EngineLink
from studio.jobs.order import Settings as Order
from studio.jobs.queue import JobQueue
from studio.models.library import Library
from studio.settings import Settings
from studio.ui import theme
from studio.ui.desk import Desk
from studio.ui.dialogs.about import about
from studio.ui.dialogs.details import details
from studio.ui.dialogs.new_canvas import NewCanvas
from studio.ui.faults import Faults
from studio.ui.generation import Generation
from studio.ui.icons import Icons
from studio.ui.intake import Intake
from studio.ui.main_window import MainWindow
from studio.ui.menus import Menus
from studio.ui.message_strip import Choice
from studio.ui.model_choice import ModelChoice
from studio.ui.outlook import Outlook
from studio.ui.recall import Recall
from studio.ui.run_view import RunView
from studio.ui.saving import Saving
from studio.ui.signals import UnixSignals

_log = logging.getLogger(__name__)


class Studio(QObject):
    """All parts of one window; the engine starts when the window is on the screen."""

    def __init__(self, app: QApplication, link: EngineLink | None = None) -> None:
        """Build the parts.

        Args:
            app: Gets the theme.
            link: Another way to the engine than the child process on this machine.
        """
        super().__init__()
        self._app = app
        self.settings = Settings(paths.config() / "settings.json")
        resources = paths.resources()
        look = theme.load(self.settings.values.theme, resources / "themes")
        theme.apply(app, look, resources / "icons")
        self.document = Document()
        self.link = EngineLink() if link is None else link
        self.queue = JobQueue(self.link)
        self.desk = Desk()
        icons = Icons(resources / "icons")
        self.window = MainWindow(self.document, self.queue, icons, look, resources / "samples")
        self._build_flows()
        self._join_flows()
        self._join_actions()
        self.recall.restore()

    def open(self, path: Path) -> None:
        """Open a picture as if it had been chosen in the dialog."""
        self.intake.open(path)

    def close(self) -> None:
        """Write the settings, finish what is being written, and end engine and window."""
        self.recall.remember()
        self.window.leave()
        self.desk.close()
        self.link.stop()

    def report(self, trace: str) -> None:
        """Say that something went wrong which nobody expected."""
        last = trace.strip().splitlines()[-1] if trace.strip() else ""
        self.window.messages.warn(
            self.tr("Something went wrong in the window. Your picture is still here: export it.")
            + f" ({last})",
            trace,
        )

    def _build_flows(self) -> None:
        window, document, messages = self.window, self.document, self.window.messages
        self.recall = Recall(self.settings, window)
        self.generation = Generation(document, self.queue, window.canvas, window.takes, self._order)
        self.run_view = RunView(window, self.queue, self.generation)
        self.saving = Saving(document, self.desk, messages, window, lambda: self.generation.recipe)
        self.intake = Intake(document, self.desk, messages, window, self.saving.before_losing)
        library = Library(paths.starter_model(), paths.data() / "models.json")
        self.models = ModelChoice(library, window.gear, self.queue, self.desk, messages, window)
        self.outlook = Outlook(document, window.gear, window.status)
        self.menus = Menus(
            window.menuBar(),
            window.commands,
            lambda: self.settings.values.recent,
            self.intake.open,
        )

    def _join_flows(self) -> None:
        window = self.window
        window.painted.connect(self._on_painted)
        window.close_requested.connect(lambda: self.saving.before_losing(self._app.quit))
        window.files_dropped.connect(self.intake.take_files)
        window.image_dropped.connect(self.intake.take_image)
        window.empty.sample_chosen.connect(self.intake.open)
        window.messages.details_requested.connect(lambda text: details(window, text))
        for part in (self.intake, self.saving, self.models):
            part.refused.connect(self.run_view.refuse)
        self.intake.opened.connect(self.recall.note_file)
        self.intake.opened.connect(lambda _: window.canvas.setFocus())
        self.intake.model_offered.connect(self.models.offer)
        self.intake.recipe_taken.connect(self.recall.use)
        self.saving.exported.connect(self.recall.note_file)
        self.models.chosen.connect(self.run_view.show_model)
        self.models.chosen.connect(lambda _: self.outlook.show())
        window.bar.generate_requested.connect(self.generate)
        window.bar.stop_requested.connect(self.generation.stop)
        window.bar.prompt.shortened.connect(
            lambda most: window.messages.say(
                self.tr("The text was cut at {most} characters.").format(most=most)
            )
        )
        self.menus.themes.triggered.connect(lambda action: self._change_theme(action.data()))
        for action in self.menus.themes.actions():
            action.setChecked(action.data() == self.settings.values.theme)

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
            "invert_mask": lambda: self._push(MaskInvert),
            "clear_mask": lambda: self._push(MaskClear),
            "frame_all": lambda: history.push(MoveFrame(document, document.bounds)),
            "crop": lambda: history.push(SetBounds(document, document.frame)),
            "about": lambda: about(self.window, paths.log()),
        }
        for key, slot in joins.items():
            self.window.commands[key].triggered.connect(lambda _=False, slot=slot: slot())
        for key in ("invert_mask", "clear_mask", "frame_all", "crop", "export"):
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

    def generate(self) -> None:
        """Order a run of what the window shows."""
        if self.generation.start() is not None:
            self.window.bar.prompt.remember()
            self.window.messages.clear()

    def _order(self) -> Order | None:
        gear = self.window.gear
        return gear.order(self.window.bar.prompt.text(), gear.seed.for_next_run())

    def _on_painted(self) -> None:
        self.models.load(self.settings.values.model)
        self.recall.restore_run()
        self.link.start()

    def _escape(self) -> None:
        """Stop what runs; with nothing running, fold and leave what is in the way."""
        window = self.window
        if self.generation.running:
            self.generation.stop()
        elif window.gear.isVisible():
            window.commands["gear"].setChecked(False)
        elif window.messages.text:
            window.messages.clear()
        elif window.takes.isVisible() and not window.canvas.hasFocus():
            window.takes.focus()
        else:
            window.canvas.setFocus()

    def _push(self, command: type[MaskInvert] | type[MaskClear]) -> None:
        if self.document.has_picture:
            self.document.history.push(command(self.document))

    def _new(self) -> None:
        model = self.window.gear.checkpoint
        dialog = NewCanvas(self.window, 512 if model is None else model.native)
        dialog.chosen.connect(
            lambda size, colour: self.saving.before_losing(lambda: self._blank(size, colour))
        )
        dialog.open()

    def _blank(self, size: Size, colour: tuple[int, int, int, int] | None) -> None:
        self.document.open_blank(size, colour, self.tr("untitled"))
        self.window.canvas.setFocus()

    def _export(self) -> None:
        takes = self.window.takes
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
        self.window.takes.keep()
        self.saving.ask(self.recall.folder())

    def _change_theme(self, name: str) -> None:
        look = theme.load(name, paths.resources() / "themes")
        theme.apply(self._app, look, paths.resources() / "icons")
        self.window.set_theme(look)
        self.settings.update(theme=name)


def run(arguments: Sequence[str]) -> int:
    """Open the window, on a picture when one is named; returns when it is closed.

    Returns:
        The exit code (architecture.md, section 5).
    """
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    app.setApplicationName("Sfumato")
    faults, signals = Faults(paths.log()), UnixSignals()
    studio = Studio(app)
    faults.caught.connect(studio.report)
    signals.received.connect(lambda _: app.quit())
    studio.window.show()
    if arguments:
        QTimer.singleShot(0, lambda: studio.open(Path(arguments[0])))
    code = app.exec()
    studio.close()
    signals.uninstall()
    faults.uninstall()
    return code

"""Dispatch: which action does what, and when there is something for it to work on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from studio import paths
from studio.settings import Settings
from studio.ui.actions import SIDES, TURNS
from studio.ui.dialogs.about import about
from studio.ui.dialogs.shortcuts import ShortcutsDialog
from studio.ui.files_work import FilesWork
from studio.ui.flows import Flows
from studio.ui.keymap import Keymap
from studio.ui.main_window import MainWindow
from studio.ui.task_words import KEYS
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
    *(f"task_{key}" for key in KEYS[1:]),
    *(f"expand_{side}" for side in SIDES),
    "erase",
    "save",
    "save_as",
    "close_picture",
    "export",
    "cut",
    "copy",
    "copy_merged",
)


class Dispatch(QObject):
    """Joins the window's actions to the flows."""

    def __init__(
        self, window: MainWindow, settings: Settings, bench: Workbench, flows: Flows
    ) -> None:
        super().__init__()
        self._window, self._settings, self._bench, self._flows = window, settings, bench, flows
        self._files = FilesWork(window, flows, bench)
        self._join()
        self._enable()
        self._name_history()
        self.keymap = Keymap(window.commands)
        self.keymap.restore(settings.values.shortcuts)

    def _join(self) -> None:
        flows, files, history = self._flows, self._files, self._flows.document.history
        joins: dict[str, Callable[[], object]] = {
            "new": files.new,
            "open": lambda: flows.intake.ask(flows.recall.folder()),
            "export": files.export,
            "add_model": flows.models.ask,
            "quit": self._window.close,
            "undo": history.undo,
            "redo": history.redo,
            "cut": flows.clipboard.cut,
            "copy": flows.clipboard.copy,
            "copy_merged": flows.clipboard.copy_merged,
            "paste": flows.clipboard.paste,
            "generate": flows.generate,
            "stop": self._escape,
            "shortcuts": self._ask_shortcuts,
            "about": lambda: about(self._window, paths.log()),
        }
        for key, slot in joins.items():
            self._window.commands[key].triggered.connect(lambda _=False, slot=slot: slot())

    def _enable(self) -> None:
        document, commands = self._flows.document, self._window.commands
        for key in NEED_PICTURE:
            action = commands[key]
            action.setEnabled(document.has_picture)
            document.bounds_changed.connect(
                lambda action=action: action.setEnabled(document.has_picture)
            )

    def _name_history(self) -> None:
        commands, history = self._window.commands, self._flows.document.history
        for key, able, signal in (
            ("undo", history.canUndo(), history.canUndoChanged),
            ("redo", history.canRedo(), history.canRedoChanged),
        ):
            commands[key].setEnabled(able)
            signal.connect(commands[key].setEnabled)
        history.undoTextChanged.connect(lambda text: self._name("undo", self.tr("&Undo"), text))
        history.redoTextChanged.connect(lambda text: self._name("redo", self.tr("&Redo"), text))

    def _name(self, key: str, verb: str, what: str) -> None:
        self._window.commands[key].setText(f"{verb} {what}".strip())

    def _escape(self) -> None:
        """Stop what runs; with nothing running, fold and leave what is in the way."""
        window, bench, generation = self._window, self._bench, self._flows.generation
        if generation.running:
            generation.stop()
        elif self._flows.mask_work.errands.running:
            self._flows.mask_work.errands.cancel()
        elif bench.gear.isVisible():
            window.commands["gear"].setChecked(False)
        elif window.messages.text:
            window.messages.clear()
        elif bench.takes.isVisible() and not bench.canvas.hasFocus():
            bench.takes.focus()
        else:
            bench.canvas.setFocus()

    def _ask_shortcuts(self) -> None:
        dialog = ShortcutsDialog(self._window, self._window.commands, self.keymap)
        dialog.applied.connect(lambda: self._settings.update(shortcuts=self.keymap.changed()))
        dialog.open()

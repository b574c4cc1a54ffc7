"""ModelChoice: which models there are, which is chosen, and how one is added."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core.checkpoint import Checkpoint
from studio.core.errors import ModelError
from studio.core.messages import Loaded
from studio.jobs.queue import JobQueue
from studio.models.library import Library
from studio.ui.desk import Desk
from studio.ui.gear_panel import GearPanel
from studio.ui.message_strip import Choice, MessageStrip


class ModelChoice(QObject):
    """Joins the library, the gear panel and what is in the engine's memory.

    Signals:
        chosen: Checkpoint.
        refused: StudioError.
    """

    chosen = Signal(object)
    refused = Signal(object)

    def __init__(
        self,
        library: Library,
        gear: GearPanel,
        queue: JobQueue,
        desk: Desk,
        messages: MessageStrip,
        window: QWidget,
    ) -> None:
        super().__init__()
        self._library, self._gear, self._queue = library, gear, queue
        self._desk, self._messages, self._window = desk, messages, window
        gear.model_chosen.connect(self._on_chosen)
        gear.add_model_requested.connect(self.ask)
        queue.loaded.connect(self._on_loaded)

    def load(self, key: str) -> None:
        """Offer the installed models and choose that one, or the starter."""
        models: tuple[Checkpoint, ...] = ()
        try:
            models = self._library.all()
        except ModelError as error:
            self.refused.emit(error)
        self._gear.set_models(models, key)
        model = self._gear.checkpoint
        if model is None:
            self.refused.emit(
                ModelError(
                    self.tr("The starter model is missing or damaged."),
                    self.tr("Set the studio up again, or add a model of your own."),
                )
            )
            return
        if key and model.key != key:
            self._messages.say(
                self.tr("The model '{key}' is no longer there; {title} is used.").format(
                    key=key, title=model.title
                )
            )
        self._on_chosen(model)

    def ask(self) -> None:
        """Let the artist choose a model file; a folder is dropped on the window."""
        dialog = QFileDialog(
            self._window,
            self.tr("Add a model: a .safetensors file, or the model_index.json of a folder"),
            str(Path.home()),
            self.tr("Models (*.safetensors model_index.json);;All files (*)"),
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.add(_model_of(Path(name))))
        dialog.open()

    def offer(self, path: Path) -> None:
        """Ask in the strip whether a dropped model shall be added."""
        self._messages.say(
            self.tr("Add {name} to your models?").format(name=path.name),
            [Choice(self.tr("Add model"), partial(self.add, path))],
        )

    def add(self, path: Path) -> None:
        """Put a model on the list and choose it."""
        self._desk.run(partial(self._library.add, path), self._on_added, self.refused.emit)

    def _on_added(self, model: Checkpoint) -> None:
        self._messages.say(self.tr("{title} is on your list now.").format(title=model.title))
        self.load(model.key)

    def _on_chosen(self, model: Checkpoint) -> None:
        self._queue.station.warm(model)
        self.chosen.emit(model)

    def _on_loaded(self, loaded: Loaded) -> None:
        self._gear.set_abilities(loaded)


def _model_of(path: Path) -> Path:
    return path.parent if path.name == "model_index.json" else path

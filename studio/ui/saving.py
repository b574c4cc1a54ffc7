"""Saving: exports of the picture as it is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core.geometry import Rect
from studio.document.composite import flatten
from studio.document.document import Document
from studio.document.files.image import export_image
from studio.document.files.metadata import Recipe
from studio.document.layer import Layer
from studio.ui.desk import Desk
from studio.ui.message_strip import MessageStrip


class Saving(QObject):
    """Writes the picture as it is seen, in a thread of its own.

    Signals:
        exported: Path.
        refused: StudioError.
    """

    exported = Signal(object)
    refused = Signal(object)

    def __init__(
        self,
        document: Document,
        desk: Desk,
        messages: MessageStrip,
        window: QWidget,
        recipe: Callable[[], Recipe | None],
    ) -> None:
        """`recipe` tells what the last kept take was made with."""
        super().__init__()
        self._document, self._desk = document, desk
        self._messages, self._window, self._recipe = messages, window, recipe

    def ask(self, folder: str) -> None:
        """Let the artist choose where to."""
        if not self._document.has_picture:
            self._messages.say(self.tr("There is no picture to export yet."))
            return
        dialog = QFileDialog(
            self._window,
            self.tr("Export the picture"),
            str(Path(folder) / f"{self._document.name or self.tr('untitled')}.png"),
            "PNG (*.png);;JPEG (*.jpg *.jpeg);;WebP (*.webp)",
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        dialog.open()

    def export(self, path: Path) -> None:
        """Write the picture to `path`; its ending says how."""
        document = self._document
        # Tiles are shared copy-on-write: what is painted meanwhile is not in the file.
        layers = [replace(each, pixels=each.pixels.snapshot()) for each in document.layers]
        self._desk.run(
            partial(_write, path, layers, document.bounds, self._recipe()),
            partial(self._done, path),
            self.refused.emit,
        )

    def _done(self, path: Path, notes: tuple[str, ...]) -> None:
        done = self.tr("Exported to {name}.").format(name=path.name)
        self._messages.say(" ".join((done, *notes)))
        self.exported.emit(path)


def _write(path: Path, layers: list[Layer], bounds: Rect, recipe: Recipe | None) -> tuple[str, ...]:
    return export_image(path, flatten(layers, bounds), recipe)

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
from studio.document.files.decoded import UNKNOWN, Origin
from studio.document.files.encode import KINDS, OWN, SRGB, USUAL, Choices
from studio.document.files.exchange import export_picture, is_layered
from studio.document.files.image import export_image
from studio.document.files.metadata import Recipe
from studio.document.layer import Layer
from studio.ui.desk import Desk
from studio.ui.dialogs.export import ExportDialog
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
        """`recipe` tells what the last kept take was made with; see `set_origin`, too."""
        super().__init__()
        self._document, self._desk = document, desk
        self._messages, self._window, self._recipe = messages, window, recipe
        self._choices = USUAL
        self._origin: Callable[[], Origin] = lambda: UNKNOWN

    def set_origin(self, origin: Callable[[], Origin]) -> None:
        """Let exports keep resolution and, if asked, the profile that `origin` tells."""
        self._origin = origin

    def ask(self, folder: str) -> None:
        """Let the artist choose where to."""
        if not self._document.has_picture:
            self._messages.say(self.tr("There is no picture to export yet."))
            return
        dialog = QFileDialog(
            self._window,
            self.tr("Export the picture"),
            str(Path(folder) / f"{self._document.name or self.tr('untitled')}.png"),
            "PNG (*.png);;JPEG (*.jpg *.jpeg);;WebP (*.webp);;TIFF (*.tif *.tiff)"
            ";;OpenRaster (*.ora);;Photoshop (*.psd)",
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(lambda name: self.ask_how(Path(name)))
        dialog.open()

    def ask_how(self, path: Path) -> None:
        """Ask what the format of `path` leaves open, then write."""
        kind = KINDS.get(path.suffix.lower())
        if kind is None:
            self.export(path)  # which says why that cannot be
            return
        dialog = ExportDialog(self._window, path.name, kind, self._choices, self._origin().title)
        dialog.chosen.connect(lambda choices: self.export(path, choices))
        dialog.open()

    def export(self, path: Path, choices: Choices | None = None) -> None:
        """Write the picture to `path`; its ending says how, and what was chosen last."""
        document, origin = self._document, self._origin()
        if is_layered(path):
            picture = replace(document.contents.layered((), self._recipe()), dpi=origin.resolution)
            work = partial(export_picture, path, picture)
            self._desk.run(work, partial(self._done, path), self.refused.emit)
            return
        self._choices = choices or self._choices
        chosen = replace(self._choices, resolution=origin.resolution)
        if chosen.profile == OWN and not origin.profile:
            chosen = replace(chosen, profile=SRGB)
        # Tiles are shared copy-on-write: what is painted meanwhile is not in the file.
        layers = [replace(each, pixels=each.pixels.snapshot()) for each in document.layers]
        self._desk.run(
            partial(_write, path, layers, document.bounds, self._recipe(), chosen, origin.profile),
            partial(self._done, path),
            self.refused.emit,
        )

    def _done(self, path: Path, notes: tuple[str, ...]) -> None:
        done = self.tr("Exported to {name}.").format(name=path.name)
        self._messages.say(" ".join((done, *notes)))
        self.exported.emit(path)


def _write(
    path: Path,
    layers: list[Layer],
    bounds: Rect,
    recipe: Recipe | None,
    choices: Choices,
    profile: bytes,
) -> tuple[str, ...]:
    return export_image(path, flatten(layers, bounds), recipe, choices, profile)

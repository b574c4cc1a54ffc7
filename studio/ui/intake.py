"""Intake: pictures and models come in, by dialog, drop, paste, sample or command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QMimeData, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.canvas.clip import clip_of
from studio.core.geometry import Rect
from studio.core.pixels import Pixels, size_of
from studio.document.document import Document
from studio.document.edits import AddLayer
from studio.document.files.decoded import UNKNOWN
from studio.document.files.image import Opened, open_bytes, open_image
from studio.document.files.metadata import Recipe
from studio.document.layer import Layer
from studio.project.unnamed import SUFFIX
from studio.ui.desk import Desk
from studio.ui.images import from_image
from studio.ui.layered_intake import LAYERS, LayeredIntake, has_layers
from studio.ui.message_strip import Choice, MessageStrip

PICTURES = ("png", "jpg", "jpeg", "webp", "tif", "tiff", "gif", "bmp")
MODELS = (".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".gguf")


class Intake(QObject):
    """Opens at once what cannot cost anything, and asks in the strip where it could.

    Signals:
        opened: Path of the picture that is now the document, or None.
        model_offered: Path that looks like a model.
        project_chosen: Path of a project that shall be opened.
        recipe_taken: Recipe whose settings the artist wants.
        refused: StudioError.
    """

    opened = Signal(object)
    model_offered = Signal(object)
    project_chosen = Signal(object)
    recipe_taken = Signal(object)
    refused = Signal(object)

    def __init__(
        self,
        document: Document,
        desk: Desk,
        messages: MessageStrip,
        window: QWidget,
        may_replace: Callable[[Callable[[], None]], None],
    ) -> None:
        """`may_replace` calls what it is given once nothing can be lost by it."""
        super().__init__()
        self._document, self._desk = document, desk
        self._messages, self._window = messages, window
        self._may_replace = may_replace
        self._layers = LayeredIntake(document, desk, messages, may_replace)
        self._pointer: QPointF | None = None
        self._layers.opened.connect(self.opened)
        self._layers.refused.connect(self.refused)
        #: What the file of the picture said of itself, for its export.
        self.origin = UNKNOWN
        document.begun.connect(self._forget_origin)

    def ask(self, folder: str) -> None:
        """Let the artist choose a file."""
        names = (SUFFIX[1:], *LAYERS, *PICTURES)
        kinds = " ".join(f"*.{kind} *.{kind.upper()}" for kind in names)
        dialog = QFileDialog(
            self._window,
            self.tr("Open a picture"),
            folder,
            self.tr("Pictures ({kinds});;All files (*)").format(kinds=kinds),
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def open(self, path: Path) -> None:
        """Make the picture at `path` the document, after a question where work could be lost."""
        if path.suffix.lower() == SUFFIX:
            self._may_replace(partial(self.project_chosen.emit, path))
        elif has_layers(path):
            self._layers.open(path)
        else:
            self._may_replace(partial(self._read, path, partial(self._replace, path)))

    def take_files(self, paths: Sequence[Path]) -> None:
        """What was dropped: the first picture or model of it."""
        path = paths[0]
        if path.is_dir() or path.suffix.lower() in MODELS:
            self.model_offered.emit(path)
        elif path.suffix.lower() == SUFFIX:
            self.open(path)
        elif has_layers(path):
            self._layers.take(path)
        else:
            self._read(path, partial(self._offer, path))
        if len(paths) > 1:
            self._messages.say(self.tr("One file at a time: the first one was taken."))

    def take_image(self, clip: QImage | bytes) -> None:
        """A picture that was dropped or pasted: a layer of the picture, or a new one.

        Bytes of a file are decoded elsewhere; the answer comes later.
        """
        if isinstance(clip, QImage):
            self._take_pixels(from_image(clip))
            return
        self._desk.run(
            partial(open_bytes, clip, self.tr("the pasted picture")),
            lambda opened: self._take_pixels(opened.pixels),
            self.refused.emit,
        )

    def _take_pixels(self, pixels: Pixels) -> None:
        if self._document.has_picture:
            self.add_layer(pixels, self.tr("pasted"))
        else:
            self._document.open_pixels(pixels, self.tr("pasted"))
            self.opened.emit(None)

    def paste(self) -> None:
        """What lies in the clipboard."""
        # An empty clipboard has no data at all on some platforms, whatever the type hints say.
        held = cast("QMimeData | None", QGuiApplication.clipboard().mimeData()) or QMimeData()
        files = [Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile()]
        clip = None if files else clip_of(held)
        if files:
            self.take_files(files)
        elif clip is not None:
            self.take_image(clip)
        else:
            self._messages.say(self.tr("There is no picture in the clipboard."))

    def note_pointer(self, at: QPointF | None) -> None:
        """Where the pointer is over the canvas, document px; None: it is elsewhere."""
        self._pointer = at

    def add_layer(self, pixels: Pixels, name: str) -> None:
        """Put pixels as a layer under the pointer, or into the middle of the frame."""
        size, around = size_of(pixels), self._around()
        area = Rect(
            around.x + (around.width - size.width) // 2,
            around.y + (around.height - size.height) // 2,
            size.width,
            size.height,
        )
        layer = Layer(name)
        layer.pixels.write(area, pixels)
        self._document.history.push(AddLayer(self._document, layer))

    def _around(self) -> Rect:
        if self._pointer is not None:
            at = Rect(round(self._pointer.x()), round(self._pointer.y()), 1, 1)
            if self._document.bounds.contains(at):
                return at
        frame = self._document.frame
        return frame if not frame.empty else self._document.bounds

    def _read(self, path: Path, then: Callable[[Opened], None]) -> None:
        self._desk.run(partial(open_image, path), then, self.refused.emit)

    def _offer(self, path: Path, opened: Opened) -> None:
        if not self._document.has_picture:
            self._replace(path, opened)
            return
        choices = [
            Choice(self.tr("Add as layer"), partial(self._add, opened)),
            Choice(
                self.tr("Open"),
                lambda: self._may_replace(partial(self._replace, path, opened)),
            ),
        ]
        if opened.recipe is not None:
            choices.append(Choice(self.tr("Use its settings"), partial(self._use, opened.recipe)))
        self._messages.say(
            self.tr("What shall become of {name}?").format(name=opened.name), choices
        )

    def _add(self, opened: Opened) -> None:
        self.add_layer(opened.pixels, opened.name)

    def _forget_origin(self) -> None:
        self.origin = UNKNOWN

    def _use(self, recipe: Recipe) -> None:
        self.recipe_taken.emit(recipe)

    def _replace(self, path: Path, opened: Opened) -> None:
        self._document.open_pixels(opened.pixels, opened.name, path)
        self.origin = opened.origin
        self.opened.emit(path)
        if opened.recipe is not None:
            self._messages.say(
                " ".join((self.tr("This picture tells how it was made."), *opened.notes)),
                [Choice(self.tr("Use its settings"), partial(self._use, opened.recipe))],
            )
        elif opened.notes:
            self._messages.say(" ".join(opened.notes))

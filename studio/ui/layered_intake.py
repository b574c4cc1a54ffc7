"""LayeredIntake: files with layers come in, as the picture or as a group of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.document.contents import Contents
from studio.document.document import Document
from studio.document.edits.stack import Restack
from studio.document.files.exchange import open_picture
from studio.document.layer import Group
from studio.document.layered import Layered
from studio.ui.desk import Desk
from studio.ui.message_strip import Choice, MessageStrip

#: Endings of files that other programs keep layers in.
LAYERS = ("ora", "psd", "psb")


def has_layers(path: Path) -> bool:
    """Whether a file of that name holds layers of another program."""
    return path.suffix.lower()[1:] in LAYERS


class LayeredIntake(QObject):
    """Reads beside the window; asks what shall become of a file that was dropped on a picture.

    Signals:
        opened: Path of the picture that is now the document.
        refused: StudioError.
    """

    opened = Signal(object)
    refused = Signal(object)

    def __init__(
        self,
        document: Document,
        desk: Desk,
        messages: MessageStrip,
        may_replace: Callable[[Callable[[], None]], None],
    ) -> None:
        """`may_replace` calls what it is given once nothing can be lost by it."""
        super().__init__()
        self._document, self._desk, self._messages = document, desk, messages
        self._may_replace = may_replace

    def open(self, path: Path) -> None:
        """Make the file the document, after a question where work could be lost."""
        self._may_replace(partial(self._read, path, partial(self._begin, path)))

    def take(self, path: Path) -> None:
        """What was dropped: the picture where there is none yet, or as the artist says."""
        self._read(path, partial(self._offer, path))

    def _read(self, path: Path, then: Callable[[Layered], None]) -> None:
        self._desk.run(partial(open_picture, path), then, self.refused.emit)

    def _offer(self, path: Path, picture: Layered) -> None:
        if not self._document.has_picture:
            self._begin(path, picture)
            return
        self._messages.say(
            self.tr("What shall become of {name}?").format(name=path.name),
            [
                Choice(self.tr("Add its layers"), partial(self._add, path, picture)),
                Choice(
                    self.tr("Open"),
                    lambda: self._may_replace(partial(self._begin, path, picture)),
                ),
            ],
        )

    def _begin(self, path: Path, picture: Layered) -> None:
        self._document.begin(Contents.of_layered(picture), path.stem, path)
        self.opened.emit(path)
        self._say(picture)

    def _add(self, path: Path, picture: Layered) -> None:
        """Its layers as a group on top, in one step of undo."""
        group = Group(path.stem)
        added = [replace(each, groups=(group, *each.groups)) for each in picture.layers]
        layers = (*self._document.layers, *added)
        active = added[-1] if added else self._document.active
        text = self.tr("Add layers")
        self._document.history.push(Restack(self._document, layers, active, text))
        self._say(picture)

    def _say(self, picture: Layered) -> None:
        if picture.notes:
            self._messages.say(" ".join(picture.notes))

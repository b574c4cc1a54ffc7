"""Clipboard: what is copied and cut of the picture, and pasted into it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

from PySide6.QtCore import QByteArray, QCoreApplication, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.pixels import size_of
from studio.document.clips import Clip, of_layer, of_picture, without
from studio.document.document import Document
from studio.document.edits import AddLayer, LayerReplace
from studio.document.files.image import Opened, open_bytes
from studio.document.layer import Layer
from studio.document.layered import Layered
from studio.ui.desk import Desk
from studio.ui.images import to_image
from studio.ui.message_strip import MessageStrip

PNG = "image/png"
#: Where a clip came from, so that it is pasted there again: two numbers as JSON.
PLACE = "application/x-sfumato-place"
#: Larger clips are handed out as PNG alone; a picture beside it would double their memory.
_LARGE = 1 << 26
_FURTHEST = 1 << 24


@dataclass(frozen=True, slots=True, eq=False)
class _Packed:
    """A clip as it is handed out; made beside the window."""

    png: bytes
    place: tuple[int, int]
    image: QImage | None


class Clipboard(QObject):
    """Copies with transparency, as PNG and as a picture, which other programs read.

    Signals:
        copied: A clip lies in the clipboard.
        refused: StudioError.
    """

    copied = Signal()
    refused = Signal(object)

    def __init__(
        self,
        document: Document,
        desk: Desk,
        messages: MessageStrip,
        paste_foreign: Callable[[], None],
    ) -> None:
        """`paste_foreign` takes what other programs have put there."""
        super().__init__()
        self._document, self._desk, self._messages = document, desk, messages
        self._paste_foreign = paste_foreign

    def copy(self) -> None:
        """The masked part of the active layer, or all of it without a mask."""
        self._take(of_layer)

    def copy_merged(self) -> None:
        """The masked part of what is seen, or all of it without a mask."""
        self._take(of_picture)

    def cut(self) -> None:
        """As `copy`, and the layer loses it."""
        layer = self._document.active
        if layer is None:
            return
        if layer.kept:
            self._messages.say(self.tr("{name} is locked.").format(name=layer.name))
            return
        picture = self._document.contents.layered()
        self._take(of_layer, picture)
        after = without(picture, layer)
        self._document.history.push(LayerReplace(self._document, layer, after, self.tr("Cut")))

    def paste(self) -> None:
        """A clip of ours at its place, anything else where pictures of others go."""
        held = cast("QMimeData | None", QGuiApplication.clipboard().mimeData()) or QMimeData()
        place = _place(held)
        if place is None or not self._document.has_picture or not held.hasFormat(PNG):
            self._paste_foreign()
            return
        data = bytes(held.data(PNG).data())
        self._desk.run(
            partial(open_bytes, data, self.tr("the pasted picture")),
            partial(self._add, place),
            self.refused.emit,
        )

    def _add(self, place: tuple[int, int], opened: Opened) -> None:
        area = Rect.of(size_of(opened.pixels)).moved(*place)
        seen = self._document.bounds
        if area.intersected(seen).empty:
            area = Rect(
                seen.x + (seen.width - area.width) // 2,
                seen.y + (seen.height - area.height) // 2,
                area.width,
                area.height,
            )
        layer = Layer(self.tr("pasted"))
        layer.pixels.write(area, opened.pixels)
        self._document.history.push(AddLayer(self._document, layer, text=self.tr("Paste")))

    def _take(self, what: Callable[[Layered], Clip | None], picture: Layered | None = None) -> None:
        if self._document.has_picture:
            picture = picture or self._document.contents.layered()
            self._desk.run(partial(_packed, what, picture), self._put, self.refused.emit)

    def _put(self, packed: _Packed) -> None:
        mime = QMimeData()
        mime.setData(PNG, QByteArray(packed.png))
        mime.setData(PLACE, QByteArray(json.dumps(packed.place).encode()))
        if packed.image is not None:
            mime.setImageData(packed.image)
        QGuiApplication.clipboard().setMimeData(mime)
        self.copied.emit()


def _packed(what: Callable[[Layered], Clip | None], picture: Layered) -> _Packed:
    clip = what(picture)
    if clip is None:
        raise UsageError(
            QCoreApplication.translate("Clipboard", "There is nothing to copy there."),
            QCoreApplication.translate("Clipboard", "Choose another layer, or copy merged."),
        )
    image = to_image(clip.pixels) if clip.area.size.area <= _LARGE else None
    return _Packed(clip.png(), (clip.x, clip.y), image)


def _place(held: QMimeData) -> tuple[int, int] | None:
    if not held.hasFormat(PLACE):
        return None
    try:
        x, y = json.loads(bytes(held.data(PLACE).data())[:100])
    except (ValueError, TypeError, RecursionError):
        return None
    whole = all(isinstance(each, int) and abs(each) <= _FURTHEST for each in (x, y))
    return (x, y) if whole else None

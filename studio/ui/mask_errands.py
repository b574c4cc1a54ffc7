"""MaskErrands: slow changes of the mask are computed beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from studio.core.errors import StudioError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document import edits
from studio.document.composite import flatten
from studio.document.document import Document
from studio.document.edits.mask_shapes import MaskReshape
from studio.document.masks import Mask
from studio.document.tiles import TileGrid, kept_bytes
from studio.ui.changes import Changes
from studio.ui.desk import Desk
from studio.ui.message_strip import Choice, MessageStrip

#: What covers so few tiles is done at once: it is there before a thread would have begun.
AT_ONCE = 48
#: Milliseconds after which the strip says what is going on.
SAY_AFTER = 400


class MaskErrands(QObject):
    """Runs one change of the active mask at a time; the artist works on meanwhile.

    What was computed becomes one step. It is dropped when the artist cancels, or has painted the
    mask since.
    """

    def __init__(
        self, document: Document, changes: Changes, desk: Desk, messages: MessageStrip
    ) -> None:
        super().__init__()
        self._document, self._changes = document, changes
        self._desk, self._messages = desk, messages
        self._errand = 0
        self._running = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAY_AFTER)
        self._timer.timeout.connect(self._say)

    @property
    def running(self) -> bool:
        """Whether the mask is being worked at."""
        return bool(self._running)

    def run(self, text: str, work: Callable[[TileGrid], TileGrid], tiles: int = 0) -> None:
        """Give the active mask a new shape.

        Args:
            text: Of the step.
            work: From the mask as it is to what it becomes; it may raise a StudioError, and may
                look at nothing that changes.
            tiles: How many are looked at beside those of the mask.
        """
        mask = self._document.masks.active
        before = mask.pixels.snapshot()
        if len(before.keys()) + tiles <= AT_ONCE:
            self._changes.push(lambda: MaskReshape(self._document, work(before), text))
            return
        if self._running:
            self._messages.say(self.tr("The mask is still being worked at."), [self._way_out()])
            return
        self._errand += 1
        errand, self._running = self._errand, text
        self._timer.start()
        self._desk.run(
            lambda: work(before),
            lambda after: self._done(errand, mask, before, after, text),
            lambda error: self._refused(errand, error),
        )

    def cancel(self) -> None:
        """Leave the mask as it is, whatever comes of the errand."""
        self._errand += 1
        self._end()

    def sample(self) -> Callable[[Rect], Pixels]:
        """The picture of this moment, to be read in any thread: uint8 `[h, w, 4]` of document px.

        What the layers hold is shared until one of them is painted on.
        """
        layers = [replace(each, pixels=each.pixels.snapshot()) for each in self._document.layers]
        return lambda area: flatten(layers, area)

    def _done(self, errand: int, mask: Mask, before: TileGrid, after: TileGrid, text: str) -> None:
        if errand != self._errand:
            return
        self._end()
        document = self._document
        if mask is not document.masks.active or kept_bytes(before, mask.pixels):
            self._messages.say(
                self.tr("'{text}' was left: the mask has changed meanwhile.").format(text=text)
            )
        elif kept_bytes(before, after):
            document.history.push(edits.MaskReplace(document, after, text))

    def _refused(self, errand: int, error: StudioError) -> None:
        if errand == self._errand:
            self._end()
            self._changes.refused.emit(error)

    def _say(self) -> None:
        self._messages.say(self._running + "…", [self._way_out()])

    def _end(self) -> None:
        said = self._running + "…"
        self._running = ""
        self._timer.stop()
        if self._messages.text == said:
            self._messages.clear()

    def _way_out(self) -> Choice:
        return Choice(self.tr("Cancel"), self.cancel)

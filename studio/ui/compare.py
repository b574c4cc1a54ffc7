"""Compare: a take against the picture beneath it, on the canvas and in figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QMouseEvent

from studio.canvas.comparison import DIFFERENCE, FLICKER, KINDS, WIPE, Comparison
from studio.canvas.placed import Placed
from studio.canvas.view import CanvasView
from studio.core.errors import StudioError
from studio.core.geometry import Rect
from studio.core.piece import laid
from studio.core.pixels import Pixels
from studio.document.composite import over
from studio.document.document import Document
from studio.document.moment import Moment
from studio.inpaint.report import Report, report
from studio.ui.actions import Actions
from studio.ui.compare_bar import CompareBar
from studio.ui.desk import Desk
from studio.ui.message_strip import MessageStrip
from studio.ui.takes_strip import Take, TakesStrip

#: Of the picture around a take, px: shows that it did not change, and is measured with it.
AROUND = 32
#: Areas of more px are only looked at: measuring and subtracting would take too much memory.
MOST = 16_000_000
#: How near to the wipe's line a press takes hold of it, view px.
REACH = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """A take's area before and after, uint8 `[h, w, 4]`, what it changed, and what that shows."""

    area: Rect
    before: Pixels
    after: Pixels
    figures: Report


class Compare(QObject):
    """Follows the chosen take while it is open."""

    def __init__(
        self,
        document: Document,
        canvas: CanvasView,
        takes: TakesStrip,
        bar: CompareBar,
        desk: Desk,
        messages: MessageStrip,
        commands: Actions,
    ) -> None:
        super().__init__()
        self._document, self._canvas, self._takes = document, canvas, takes
        self._bar, self._desk, self._messages = bar, desk, messages
        self._action: QAction = commands["compare"]
        self._calm: QAction = commands["calm"]
        self._kind, self._split, self._held = WIPE, 0.5, False
        self._take: Take | None = None
        self._pair: _Pair | None = None
        self._turns = QTimer(self)
        self._turns.setInterval(int(bar.pace.value_now()))
        self._turns.timeout.connect(self._turn)
        self._action.triggered.connect(self._toggle)
        commands["compare_next"].triggered.connect(lambda: self._next())
        takes.shown.connect(self._follow)
        bar.kind_chosen.connect(self.choose)
        bar.split_moved.connect(self._split_at)
        bar.pace_set.connect(self._turns.setInterval)
        bar.gain_set.connect(lambda _: self._show())
        bar.closed.connect(self.close)
        canvas.installEventFilter(self)

    @property
    def open(self) -> bool:
        """Whether a take is being compared."""
        return self._take is not None

    @property
    def kind(self) -> str:
        """The way of the moment."""
        return self._kind

    def begin(self, take: Take) -> None:
        """Compare that take."""
        self._take, self._pair = take, None
        self._action.setChecked(True)
        self._bar.show_kind(self._kind)
        self._bar.show_figures(None, self.tr("measuring…"))
        self._bar.show()
        self._show()
        area = take.area.grown(AROUND)
        if area.size.area > MOST:
            self._bar.show_figures(None, self.tr("The area is too large to be measured here."))
            return
        read = Moment(self._document).composite
        self._desk.run(
            lambda: _pair(read(area), laid(read, take.pieces, over)(area), area, take),
            lambda pair: self._on_measured(take, pair),
            lambda error: self._on_refused(take, error),
        )

    def close(self) -> None:
        """Show the take plainly again."""
        self._take = self._pair = None
        self._turns.stop()
        self._action.setChecked(False)
        self._bar.hide()
        self._canvas.exhibit.compare(None)

    def choose(self, kind: str) -> None:
        """Compare in that way, a member of `comparison.KINDS`; again, by hand: turn it over."""
        if kind == self._kind == FLICKER and self._calm.isChecked():
            self._turn()
            return
        self._kind = kind
        self._bar.show_kind(kind)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wipe's line can be dragged on the canvas."""
        if not self.open or self._kind != WIPE or not isinstance(event, QMouseEvent):
            return False
        comparison = self._canvas.exhibit.comparison
        if comparison is None:
            return False
        x, y = self._canvas.to_document(event.position())
        if event.type() == QEvent.Type.MouseButtonPress:
            left = event.button() == Qt.MouseButton.LeftButton
            self._held = left and comparison.near(x, y, REACH * self._canvas.grain)
        held = self._held
        if held:
            self._bar.split.set_value(100 * comparison.split_at(x))
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._held = False
        return held

    def _toggle(self) -> None:
        take = self._takes.current
        if self.open:
            self.close()
        elif take is not None:
            self.begin(take)
        else:
            self._action.setChecked(False)
            self._messages.say(self.tr("Choose a take in the strip to compare it."))

    def _next(self) -> None:
        if not self.open:
            self._toggle()
            return
        self.choose(KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)])

    def _follow(self, take: Take | None) -> None:
        if not self.open:
            return
        if take is None:
            self.close()
        elif take is not self._take:
            self.begin(take)

    def _on_measured(self, take: Take, pair: _Pair) -> None:
        if take is self._take:
            self._pair = pair
            self._bar.show_figures(pair.figures)
            self._show()

    def _on_refused(self, take: Take, error: StudioError) -> None:
        if take is self._take:
            self._bar.show_figures(None, error.message)

    def _show(self) -> None:
        if self._take is None:
            return
        comparison = Comparison(self._kind, self._take.area, self._split)
        if self._kind == DIFFERENCE and self._pair is not None:
            gain = int(self._bar.gain.value_now())
            amplified = difference(self._pair.before, self._pair.after, gain)
            comparison.difference = Placed(self._pair.area, amplified)
        self._canvas.exhibit.compare(comparison)
        # Nothing may move by itself for who asked for calm: there the key goes from way to way.
        if self._kind == FLICKER and not self._calm.isChecked():
            self._turns.start()
        else:
            self._turns.stop()

    def _turn(self) -> None:
        comparison = self._canvas.exhibit.comparison
        if comparison is not None:
            comparison.shown = not comparison.shown
            self._canvas.exhibit.compare(comparison)

    def _split_at(self, share: float) -> None:
        self._split = share
        comparison = self._canvas.exhibit.comparison
        if comparison is not None:
            comparison.split = share
            self._canvas.exhibit.compare(comparison)


def difference(before: Pixels, after: Pixels, gain: int) -> Pixels:
    """What differs, times `gain`, on black: uint8 `[h, w, 4]` of two such pictures."""
    apart = np.maximum(before, after) - np.minimum(before, after)
    amplified = np.minimum(np.arange(256) * gain, 255).astype(np.uint8)
    result = np.take(amplified, apart)
    for channel in range(3):  # one by one, as numpy is ten times slower over axes this short
        colour = result[..., channel]
        np.maximum(colour, result[..., 3], out=colour)  # what has become opaque
    result[..., 3] = 255
    return result


def _pair(before: Pixels, after: Pixels, area: Rect, take: Take) -> _Pair:
    mask = np.zeros(before.shape[:2], np.uint8)
    for piece in take.pieces:
        at = piece.area.moved(-area.x, -area.y)
        part = mask[at.rows, at.columns]
        np.maximum(part, piece.pixels[..., 3], out=part)
    return _Pair(area, before, after, report(before, after, mask))

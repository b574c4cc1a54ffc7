"""Stage: the canvas, and what floats over it."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.canvas.view import CanvasView
from studio.ui.empty_state import EmptyState
from studio.ui.gear_panel import GearPanel
from studio.ui.message_strip import MessageStrip
from studio.ui.prompt_bar import PromptBar
from studio.ui.takes_strip import TakesStrip

GAP = 8
MARGIN = 16
BAR_WIDTH = 720
GEAR_WIDTH = 440
#: Height of a prompt bar of one line; `fit` leaves that much free, whatever the bar grows to, so
#: that the picture does not move while the artist types.
BAR_HEIGHT = 48


class Stage(QWidget):
    """Places the floating parts; the canvas has all of it.

    The prompt bar follows the frame's lower edge and docks to the bottom where there is no room.
    """

    def __init__(
        self,
        canvas: CanvasView,
        bar: PromptBar,
        gear: GearPanel,
        messages: MessageStrip,
        takes: TakesStrip,
        empty: EmptyState,
    ) -> None:
        """Everything that floats becomes a child of the stage, over the canvas."""
        super().__init__()
        self.canvas, self.bar, self.gear = canvas, bar, gear
        self.messages, self.takes, self.empty = messages, takes, empty
        self._folded = False
        self._insets = QMargins()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.place)
        for widget in (canvas, empty, takes, bar, gear, messages):
            widget.setParent(self)
        gear.hide()
        for signal in (bar.resized, gear.resized, messages.resized, takes.changed):
            signal.connect(self._timer.start)
        # Panning and zooming move the frame on the screen.
        canvas.view_changed.connect(self._timer.start)
        canvas.document.frame_changed.connect(self._timer.start)

    def set_folded(self, folded: bool) -> None:
        """Leave only the picture, or bring the floating parts back."""
        self._folded = folded
        self.bar.setVisible(not folded)
        if folded:
            self.gear.hide()
        self.place()

    def place(self) -> None:
        """Put every floating part where it belongs now."""
        area = self.rect()
        self.canvas.setGeometry(area)
        self._place_empty(area)
        floor = self._place_takes(area)
        frame = self._frame_on_screen()
        bar = self._place_bar(area, floor, frame)
        self._stack_above(bar)
        self._reserve(area, floor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def _frame_on_screen(self) -> QRect:
        document = self.canvas.document
        if document.frame.empty:
            return QRect()
        return self.canvas.to_view(document.frame)

    def _place_empty(self, area: QRect) -> None:
        size = self.empty.sizeHint()
        spot = QRect(0, 0, min(size.width(), area.width() - 2 * MARGIN), size.height())
        spot.moveCenter(area.center())
        spot.moveTop(max(MARGIN, spot.top() - 48))
        self.empty.setGeometry(spot)

    def _place_takes(self, area: QRect) -> int:
        """Returns: the y above which the prompt bar has to stay."""
        if not self.takes.isVisibleTo(self):
            return area.bottom() - MARGIN
        size = self.takes.sizeHint()
        width = min(size.width(), area.width() - 2 * GAP)
        left = (area.width() - width) // 2
        self.takes.setGeometry(left, area.bottom() - GAP - size.height(), width, size.height())
        return self.takes.geometry().top() - GAP

    def _place_bar(self, area: QRect, floor: int, frame: QRect) -> QRect:
        width = min(BAR_WIDTH, area.width() - 2 * MARGIN)
        height = self._height(self.bar, width)
        left, top = (area.width() - width) // 2, floor - height
        if not frame.isNull():
            centred = frame.center().x() - width // 2
            left = min(max(centred, MARGIN), area.width() - width - MARGIN)
            top = min(max(frame.bottom() + GAP + 4, area.height() // 2), top)
        spot = QRect(left, top, width, height)
        self.bar.setGeometry(spot)
        return spot

    def _stack_above(self, bar: QRect) -> None:
        top = bar.top() - GAP
        if self.messages.isVisibleTo(self):
            height = self._height(self.messages, bar.width())
            self.messages.setGeometry(bar.left(), top - height, bar.width(), height)
            top -= height + GAP
        if self.gear.isVisibleTo(self):
            width = min(GEAR_WIDTH, bar.width())
            height = min(self._height(self.gear, width), top - GAP)
            self.gear.setGeometry(bar.right() - width + 1, top - height, width, height)

    def _reserve(self, area: QRect, floor: int) -> None:
        """Tell the canvas how much of its lower edge is covered, for fitting."""
        covered = 0 if self._folded else area.bottom() - floor + BAR_HEIGHT + GAP
        insets = QMargins(MARGIN, MARGIN, MARGIN, MARGIN + covered)
        if insets != self._insets:
            self._insets = insets
            self.canvas.set_insets(insets)

    @staticmethod
    def _height(widget: QWidget, width: int) -> int:
        layout = widget.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return QSize(widget.sizeHint()).height()

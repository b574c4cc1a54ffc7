"""Stage: the canvas, and what floats over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMargins, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.ui.empty_state import EmptyState
from studio.ui.message_strip import MessageStrip
from studio.ui.prompt_bar import PromptBar

if TYPE_CHECKING:  # numpy comes with them, and only after the first painted frame
    from studio.canvas.view import CanvasView
    from studio.ui.gear_panel import GearPanel
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

    def __init__(self, bar: PromptBar, messages: MessageStrip, empty: EmptyState) -> None:
        """What floats from the first frame on; the rest comes with `furnish`."""
        super().__init__()
        self.setObjectName("stage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.bar, self.messages, self.empty = bar, messages, empty
        self._canvas: CanvasView | None = None
        self._gear: GearPanel | None = None
        self._takes: TakesStrip | None = None
        self._top: QWidget | None = None
        self._folded = False
        self._insets = QMargins()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.place)
        for widget in (empty, bar, messages):
            widget.setParent(self)
        for signal in (bar.resized, messages.resized):
            signal.connect(self._timer.start)

    def furnish(self, canvas: CanvasView, gear: GearPanel, takes: TakesStrip) -> None:
        """Put the canvas under everything, and what else floats over it."""
        self._canvas, self._gear, self._takes = canvas, gear, takes
        for widget in (canvas, takes, gear):
            widget.setParent(self)
        gear.hide()
        canvas.lower()
        canvas.show()
        for signal in (gear.resized, takes.changed):
            signal.connect(self._timer.start)
        # Panning and zooming move the frame on the screen.
        canvas.view_changed.connect(self._timer.start)
        canvas.document.frame_changed.connect(self._timer.start)
        self.place()

    def add_top(self, widget: QWidget) -> None:
        """Let something float over the canvas's upper edge while it is visible."""
        self._top = widget
        widget.setParent(self)
        widget.hide()

    def focus_canvas(self) -> None:
        """Let keys go to the canvas."""
        if self._canvas is not None:
            self._canvas.setFocus()

    def set_folded(self, folded: bool) -> None:
        """Leave only the picture, or bring the floating parts back."""
        self._folded = folded
        self.bar.setVisible(not folded)
        if folded and self._gear is not None:
            self._gear.hide()
        self.place()

    def place(self) -> None:
        """Put every floating part where it belongs now."""
        area = self.rect()
        if self._canvas is not None:
            self._canvas.setGeometry(area)
        self._place_empty(area)
        floor = self._place_takes(area)
        frame = self._frame_on_screen()
        bar = self._place_bar(area, floor, frame)
        self._stack_above(bar)
        if self._top is not None:
            size = self._top.sizeHint()
            width = min(max(size.width(), self._top.minimumSizeHint().width()), area.width())
            left = (area.width() - width) // 2
            self._top.setGeometry(left, GAP, width, size.height())
        self._reserve(area, floor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def _frame_on_screen(self) -> QRect:
        if self._canvas is None or self._canvas.document.frame.empty:
            return QRect()
        return self._canvas.to_view(self._canvas.document.frame)

    def _place_empty(self, area: QRect) -> None:
        size = self.empty.sizeHint()
        spot = QRect(0, 0, min(size.width(), area.width() - 2 * MARGIN), size.height())
        spot.moveCenter(area.center())
        spot.moveTop(max(MARGIN, spot.top() - 48))
        self.empty.setGeometry(spot)

    def _place_takes(self, area: QRect) -> int:
        """Returns: the y above which the prompt bar has to stay."""
        if self._takes is None:
            return area.bottom() - MARGIN
        wanted = self._takes.filled and not self._folded
        self._takes.setVisible(wanted)
        if not wanted:
            return area.bottom() - MARGIN
        size = self._takes.sizeHint()
        width = min(size.width(), area.width() - 2 * GAP)
        left = (area.width() - width) // 2
        self._takes.setGeometry(left, area.bottom() - GAP - size.height(), width, size.height())
        return self._takes.geometry().top() - GAP

    def _place_bar(self, area: QRect, floor: int, frame: QRect) -> QRect:
        width = min(BAR_WIDTH, area.width() - 2 * MARGIN)
        height = self._height(self.bar, width)
        left, top = (area.width() - width) // 2, floor - height
        if not frame.isNull():
            centred = frame.center().x() - width // 2
            left = min(max(centred, MARGIN), area.width() - width - MARGIN)
            top = min(max(frame.bottom() + GAP + 4, area.height() // 2), top)
        elif self.empty.isVisibleTo(self):
            top = min(self.empty.geometry().bottom() + 3 * GAP, top)
        spot = QRect(left, top, width, height)
        self.bar.setGeometry(spot)
        return spot

    def _stack_above(self, bar: QRect) -> None:
        top = bar.top() - GAP
        if self.messages.isVisibleTo(self):
            height = self._height(self.messages, bar.width())
            self.messages.setGeometry(bar.left(), top - height, bar.width(), height)
            top -= height + GAP
        if self._gear is not None and self._gear.isVisibleTo(self):
            width = min(GEAR_WIDTH, bar.width())
            height = min(self._height(self._gear, width), top - GAP)
            self._gear.setGeometry(bar.right() - width + 1, top - height, width, height)

    def _reserve(self, area: QRect, floor: int) -> None:
        """Tell the canvas how much of its lower edge is covered, for fitting."""
        high = BAR_HEIGHT + self.bar.options_height()
        covered = 0 if self._folded else area.bottom() - floor + high + GAP
        insets = QMargins(MARGIN, MARGIN, MARGIN, MARGIN + covered)
        if self._canvas is not None and insets != self._insets:
            self._insets = insets
            self._canvas.set_insets(insets)

    @staticmethod
    def _height(widget: QWidget, width: int) -> int:
        layout = widget.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return QSize(widget.sizeHint()).height()

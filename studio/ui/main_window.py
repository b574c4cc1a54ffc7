"""MainWindow: lays the parts out and connects the ones that only concern the view."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from studio.canvas.look import Look
from studio.canvas.view import CanvasView
from studio.document.document import Document
from studio.jobs.queue import JobQueue
from studio.ui.actions import TOOLS, Actions
from studio.ui.empty_state import EmptyState
from studio.ui.engine_label import EngineLabel
from studio.ui.gear_panel import GearPanel
from studio.ui.icons import Icons
from studio.ui.message_strip import MessageStrip
from studio.ui.panels.layers import LayersPanel
from studio.ui.panels.masks import MasksPanel
from studio.ui.panels.queue import QueuePanel
from studio.ui.prompt_bar import PromptBar
from studio.ui.stage import Stage
from studio.ui.status_line import StatusLine
from studio.ui.takes_strip import TakesStrip
from studio.ui.theme import Theme, rgb
from studio.ui.tool_rail import ToolRail

COLUMN_WIDTH = 200


class MainWindow(QMainWindow):
    """The window; it keeps nothing of the document.

    Signals:
        painted: Once, when the first frame is on the screen.
        close_requested: The artist wants to leave; `leave` does it.
        files_dropped: list[Path].
        image_dropped: QImage.
    """

    painted = Signal()
    close_requested = Signal()
    files_dropped = Signal(object)
    image_dropped = Signal(object)

    def __init__(
        self, document: Document, queue: JobQueue, icons: Icons, theme: Theme, samples: Path
    ) -> None:
        """Build all parts; nothing is asked of the queue before it is used."""
        super().__init__()
        self._document = document
        self._leaving = False
        self._folded = False
        self.commands = Actions(icons, self)
        self.canvas = CanvasView(document)
        self.bar = PromptBar(icons)
        self.gear = GearPanel(icons)
        self.messages = MessageStrip(icons)
        self.takes = TakesStrip(icons)
        self.empty = EmptyState(self.commands, samples)
        self.stage = Stage(self.canvas, self.bar, self.gear, self.messages, self.takes, self.empty)
        self.rail = ToolRail(self.commands)
        self.layers = LayersPanel(document, icons)
        self.masks = MasksPanel(document, self.commands, icons)
        self.queue = QueuePanel(queue, icons)
        self.status = StatusLine()
        self.engine = EngineLabel(theme)
        self._lay_out()
        self._connect_tools()
        self._connect_view()
        self._connect_bar()
        self.set_theme(theme)
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self.canvas.installEventFilter(self)
        self.canvas.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Follow the theme where the palette does not reach."""
        self.engine.set_theme(theme)
        self.canvas.set_look(
            replace(Look(), surround=rgb(theme.backdrop), accent=rgb(theme.accent))
        )

    def set_folded(self, folded: bool) -> None:
        """Leave only the picture, or bring everything back."""
        self._folded = folded
        column = self.commands["column"].isChecked()
        for widget in (self.menuBar(), self.rail, self.status):
            widget.setVisible(not folded)
        self._column.setVisible(not folded and column)
        self.stage.set_folded(folded)
        self.canvas.setFocus()

    def leave(self) -> None:
        """Close without asking."""
        self._leaving = True
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            # One is enough: the window is on the screen.
            self.canvas.removeEventFilter(self)
            QTimer.singleShot(0, self.painted.emit)
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._leaving:
            event.accept()
        else:
            event.ignore()
            self.close_requested.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            self.empty.set_hot(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.empty.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.empty.set_hot(False)
        urls, image = event.mimeData().urls(), event.mimeData().imageData()
        files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if files:
            self.files_dropped.emit(files)
        elif isinstance(image, QImage) and not image.isNull():
            self.image_dropped.emit(image)
        else:
            self.messages.say(self.tr("That is not a picture on this computer."))
        event.acceptProposedAction()

    def _lay_out(self) -> None:
        self._column = QFrame()
        self._column.setObjectName("column")
        self._column.setFixedWidth(COLUMN_WIDTH)
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.layers, 3)
        column.addWidget(self.masks)
        column.addWidget(self.queue)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.stage, 1)
        middle.addWidget(self._column)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(middle, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)
        self.menuBar().setCornerWidget(self.engine, Qt.Corner.TopRightCorner)

    def _connect_tools(self) -> None:
        commands, canvas = self.commands, self.canvas
        for key in TOOLS:
            commands[key].triggered.connect(lambda _=False, key=key: canvas.set_tool(key))
        canvas.tool_changed.connect(lambda name: commands[name].setChecked(True))
        commands["swap"].triggered.connect(self._swap)
        for key, steps in (
            ("smaller", (-1, 0)),
            ("larger", (1, 0)),
            ("softer", (0, -1)),
            ("harder", (0, 1)),
        ):
            commands[key].triggered.connect(
                lambda _=False, steps=steps: canvas.resize_brush(*steps)
            )
        self.rail.size_changed.connect(
            lambda size: canvas.set_brush(replace(canvas.brush, size=size))
        )
        self.rail.hardness_changed.connect(
            lambda hardness: canvas.set_brush(replace(canvas.brush, hardness=hardness))
        )
        canvas.brush_changed.connect(self._show_brush)
        self._show_brush()

    def _connect_view(self) -> None:
        commands, canvas, document = self.commands, self.canvas, self._document
        commands["fit"].triggered.connect(canvas.fit)
        commands["one_to_one"].triggered.connect(canvas.one_to_one)
        commands["zoom_in"].triggered.connect(lambda: canvas.set_zoom(canvas.zoom() * 1.5))
        commands["zoom_out"].triggered.connect(lambda: canvas.set_zoom(canvas.zoom() / 1.5))
        commands["fold"].triggered.connect(lambda: self.set_folded(not self._folded))
        commands["column"].toggled.connect(self._column.setVisible)
        commands.bind_to(canvas, "fold", "next_take", "previous_take", "keep_take", "drop_take")
        canvas.zoom_changed.connect(self.status.show_zoom)
        canvas.pointer_moved.connect(self.status.show_pointer)
        canvas.message.connect(self.messages.say)
        canvas.files_dropped.connect(self.files_dropped)
        canvas.image_dropped.connect(self.image_dropped)
        for signal in (document.bounds_changed, document.frame_changed):
            signal.connect(self._show_picture)
        document.renamed.connect(lambda: self._show_name(not document.dirty))
        document.history.cleanChanged.connect(self._show_name)
        self.status.show_zoom(canvas.zoom())
        self._show_picture()
        self._show_name(True)

    def _connect_bar(self) -> None:
        commands = self.commands
        commands["gear"].toggled.connect(self.bar.gear.setChecked)
        self.bar.gear_toggled.connect(commands["gear"].setChecked)
        self.bar.gear_toggled.connect(self._unfold_gear)
        commands["focus_prompt"].triggered.connect(self.bar.prompt.setFocus)
        commands["earlier_prompt"].triggered.connect(lambda: self.bar.prompt.walk(-1))
        commands["later_prompt"].triggered.connect(lambda: self.bar.prompt.walk(1))
        self.bar.count_changed.connect(self.gear.count.set_value)
        self.gear.count.value_changed.connect(lambda count: self.bar.count.set_count(int(count)))
        commands["next_take"].triggered.connect(lambda: self.takes.walk(1))
        commands["previous_take"].triggered.connect(lambda: self.takes.walk(-1))
        commands["keep_take"].triggered.connect(self._keep_or_write)
        commands["drop_take"].triggered.connect(self.takes.drop)

    def _unfold_gear(self, shown: bool) -> None:
        self.gear.setVisible(shown)
        self.stage.place()
        (self.gear.steps if shown else self.bar.prompt).setFocus()

    def _keep_or_write(self) -> None:
        if self.takes.current is not None:
            self.takes.keep()
        else:
            self.bar.prompt.setFocus()

    def _swap(self) -> None:
        self.canvas.set_tool("eraser" if self.canvas.tool.name == "brush" else "brush")

    def _show_brush(self) -> None:
        self.rail.show_brush(self.canvas.brush.size, self.canvas.brush.hardness)

    def _show_picture(self) -> None:
        self.status.show_size(self._document.bounds)
        self.empty.setVisible(self._document.frame.empty and not self._document.has_picture)

    def _show_name(self, clean: bool) -> None:
        name = self._document.name or self.tr("Untitled")
        mark = "" if clean else "*"
        title = f"{name}{mark} — Sfumato" if self._document.has_picture else "Sfumato"
        self.setWindowTitle(title)

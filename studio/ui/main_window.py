"""MainWindow: the parts that are there when the window is painted first, laid out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from studio.canvas.clip import clip_of
from studio.ui.actions import Actions
from studio.ui.corner import corner
from studio.ui.empty_state import EmptyState
from studio.ui.engine_label import EngineLabel
from studio.ui.icons import Icons
from studio.ui.message_strip import MessageStrip
from studio.ui.prompt_bar import PromptBar
from studio.ui.safe_mark import SafeMark
from studio.ui.stage import Stage
from studio.ui.status_line import StatusLine
from studio.ui.theme import Theme
from studio.ui.tool_rail import ToolRail

COLUMN_WIDTH = 200


class MainWindow(QMainWindow):
    """Nothing in here loads numpy: it would double the time to the first painted frame. What
    shows the document comes right after that, from the workbench.

    Signals:
        painted: Once, when the first frame is on the screen.
        close_requested: The artist wants to leave; `leave` does it.
        files_dropped: list[Path].
        image_dropped: bytes of a file, or a QImage.
    """

    painted = Signal()
    close_requested = Signal()
    files_dropped = Signal(object)
    image_dropped = Signal(object)

    def __init__(self, icons: Icons, theme: Theme, samples: Path) -> None:
        """Build the first parts."""
        super().__init__()
        self._leaving = False
        self._folded = False
        self._name = "Sfumato"
        self._percent: int | None = None
        self.commands = Actions(icons, self)
        self.bar = PromptBar(icons)
        self.messages = MessageStrip(icons)
        self.empty = EmptyState(self.commands, samples)
        self.stage = Stage(self.bar, self.messages, self.empty)
        self.rail = ToolRail(self.commands)
        self.status = StatusLine()
        self.engine = EngineLabel(theme)
        self.safe = SafeMark(theme)
        self._column = QFrame()
        self._column.setObjectName("column")
        self._column.setFixedWidth(COLUMN_WIDTH)
        self._rows = QVBoxLayout(self._column)
        self._rows.setContentsMargins(0, 4, 0, 4)
        self._rows.setSpacing(4)
        self._lay_out()
        self.commands["fold"].triggered.connect(lambda: self.set_folded(not self._folded))
        self.commands["column"].toggled.connect(self._column.setVisible)
        self.commands["gear"].toggled.connect(self.bar.gear.setChecked)
        self.bar.gear_toggled.connect(self.commands["gear"].setChecked)
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self.stage.installEventFilter(self)

    def add_panel(self, panel: QWidget, stretch: int = 0) -> None:
        """Put a panel under the others of the right column."""
        self._rows.addWidget(panel, stretch)

    def set_folded(self, folded: bool) -> None:
        """Leave only the picture, or bring everything back."""
        self._folded = folded
        column = self.commands["column"].isChecked()
        for widget in (self.menuBar(), self.rail, self.status):
            widget.setVisible(not folded)
        self._column.setVisible(not folded and column)
        self.stage.set_folded(folded)
        self.stage.focus_canvas()

    def show_name(self, name: str) -> None:
        """The picture's name in the title; an empty one: there is no picture."""
        self._name = f"{name} — Sfumato" if name else "Sfumato"
        self.show_percent(self._percent)

    def show_percent(self, percent: int | None) -> None:
        """How much of the work is done, before the title; None: nothing runs."""
        self._percent = percent
        self.setWindowTitle(self._name if percent is None else f"{percent} % · {self._name}")

    def leave(self) -> None:
        """Close without asking."""
        self._leaving = True
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            # One is enough: the window is on the screen.
            self.stage.removeEventFilter(self)
            QTimer.singleShot(0, self.painted.emit)
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._leaving:
            event.accept()
        else:
            event.ignore()
            self.close_requested.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is not None:
            return  # it leaves this window, and would come back as another picture
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            self.empty.set_hot(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.empty.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.empty.set_hot(False)
        urls = event.mimeData().urls()
        files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        clip = None if files else clip_of(event.mimeData())
        if files:
            self.files_dropped.emit(files)
        elif clip is not None:
            self.image_dropped.emit(clip)
        else:
            self.messages.say(self.tr("That is not a picture on this computer."))
        event.acceptProposedAction()

    def _lay_out(self) -> None:
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
        # The menu bar does not keep it alive.
        self._corner = corner(self.engine, self.safe)
        self.menuBar().setCornerWidget(self._corner, Qt.Corner.TopRightCorner)

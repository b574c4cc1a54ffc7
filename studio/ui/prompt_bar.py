"""PromptBar: what should be there, how many takes, and the button that starts and stops."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.icons import Icons
from studio.ui.pieces import TOUCH, icon_button, label
from studio.ui.prompt_edit import PromptEdit
from studio.ui.task_button import TaskButton
from studio.ui.task_options import TaskOptions
from studio.ui.task_words import KEYS, words

COUNTS = (1, 2, 3, 4, 6, 8, 12, 16)
#: Between the lines of the bar, px.
_SPACE = 6


class PromptBar(QFrame):
    """Floats under the frame; one line that grows.

    Signals:
        generate_requested: Enter, or the button while nothing runs, or Shift with the button.
        stop_requested: The button while something runs.
        keep_requested: The button beside it.
        gear_toggled: bool, whether the settings shall be unfolded.
        count_changed: int.
        task_chosen: Key of a task.
        resized: It needs another height.
    """

    generate_requested = Signal()
    stop_requested = Signal()
    keep_requested = Signal()
    gear_toggled = Signal(bool)
    count_changed = Signal(int)
    task_chosen = Signal(str)
    resized = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("prompt_bar")
        self._icons = icons
        self._running = False
        self._inviting = True
        self._share: float | None = None
        self.task = TaskButton(icons)
        self.task.chosen.connect(self.task_chosen)
        self.options = TaskOptions(icons)
        self.prompt = PromptEdit(words(self.task.task).hint)
        self.prompt.accepted.connect(self.generate_requested)
        self.prompt.grown.connect(self.resized)
        self.prompt.textChanged.connect(self._show_chips)
        self.prompt.focus_changed.connect(self._show_chips)
        self._progress = label("", "progress")
        self._progress.hide()
        self.gear = icon_button(icons("gear"), self.tr("Settings of the run (F6)"))
        self.gear.setCheckable(True)
        self.gear.toggled.connect(self.gear_toggled)
        self.count = _CountButton()
        self.count.count_changed.connect(self.count_changed)
        self.keep = icon_button(icons("check"), self.tr("Stop and keep what is there (Shift+Esc)"))
        self.keep.clicked.connect(self.keep_requested)
        self.generate = QPushButton()
        self.generate.setObjectName("generate")
        self.generate.setProperty("primary", True)
        self.generate.clicked.connect(self._pressed)
        self._chips = _Chips()
        self._chips.chosen.connect(self._take_example)
        self._lay_out()
        self.set_running(False)

    def set_examples(self, prompts: Sequence[str]) -> None:
        """Prompts to offer while nothing is typed."""
        self._chips.offer(prompts)
        self._show_chips()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # What lies around the line of text belongs to it: a line alone is hard to hit.
        self.prompt.setFocus()
        event.accept()

    def set_inviting(self, inviting: bool) -> None:
        """Whether the examples are shown even while the text has not the focus."""
        self._inviting = inviting
        self._show_chips()

    def show_task(self, key: str, strengths: Sequence[float], strength: float | None) -> None:
        """Let selector, prompt, button and options speak of that task.

        Args:
            key: Of the task.
            strengths: That the task offers.
            strength: The one chosen at first.
        """
        self.task.show_task(key)
        self.options.offer(key, strengths, strength)
        self.prompt.setPlaceholderText(words(key).hint)
        self.set_running(self._running)
        self._show_chips()
        self.resized.emit()

    def options_height(self) -> int:
        """How much higher the bar is by what the task leaves open, px."""
        shown = self.options.isVisibleTo(self)
        return self.options.sizeHint().height() + _SPACE if shown else 0

    def set_running(self, running: bool) -> None:
        """Let the button say what it would do now."""
        self._running = running
        named = words(self.task.task)
        self.generate.setText(self.tr("Stop") if running else named.verb)
        self.generate.setToolTip(
            self.tr(
                "Stop after this step; the picture stays as it was (Esc). Shift: queue another run"
            )
            if running
            else f"{named.sentence} (Ctrl+Enter)"
        )
        self.keep.setVisible(running)
        if not running:
            self.set_progress(None, "")

    def set_progress(self, share: float | None, text: str) -> None:
        """Show how far the running job is; `share` 0 to 1, None when nothing runs."""
        self._share = share
        self._progress.setText(text)
        self._progress.setVisible(bool(text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._share is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        left, width = 10.0, self.width() - 20.0
        painter.drawRoundedRect(QRectF(left, self.height() - 4, width * self._share, 2), 1, 1)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.task, 0, Qt.AlignmentFlag.AlignTop)
        row.addSpacing(4)
        row.addWidget(self.prompt, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._progress)
        row.addSpacing(4)
        for widget in (self.gear, self.count, self.keep, self.generate):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(7, 7, 7, 7)
        column.setSpacing(_SPACE)
        column.addLayout(row)
        column.addWidget(self.options)
        column.addWidget(self._chips)

    def _pressed(self) -> None:
        shift = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        if self._running and not shift:
            self.stop_requested.emit()
        else:
            self.generate_requested.emit()

    def _take_example(self, text: str) -> None:
        self.prompt.set_text(text)
        self.prompt.setFocus()

    def _show_chips(self) -> None:
        looked_at = self._inviting or self.prompt.hasFocus() or self._chips.pressed
        asked = self.task.task == KEYS[0] and not self.prompt.toPlainText()
        wanted = self._chips.filled and looked_at and asked
        if wanted != self._chips.isVisibleTo(self):
            self._chips.setVisible(wanted)
            self.resized.emit()


class _CountButton(QToolButton):
    """×N: a click opens the choice, the wheel changes it."""

    count_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._count = 1
        self.setMinimumHeight(TOUCH)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(self.tr("How many takes a run makes; the wheel changes it"))
        menu = QMenu(self)
        self._group = QActionGroup(self)
        for count in COUNTS:
            action = QAction(f"×{count}", self._group)
            action.setCheckable(True)
            action.setData(count)
            action.triggered.connect(lambda _=False, count=count: self.set_count(count))
            menu.addAction(action)
        self.setMenu(menu)
        self.set_count(1)

    def count(self) -> int:
        """Takes of the next run."""
        return self._count

    def set_count(self, count: int) -> None:
        """Show another number."""
        for action in self._group.actions():
            action.setChecked(action.data() == count)
        self.setText(f"×{count}")
        if count != self._count:
            self._count = count
            self.count_changed.emit(count)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y()
        bigger = [each for each in COUNTS if each > self._count]
        smaller = [each for each in COUNTS if each < self._count]
        if turn > 0 and bigger:
            self.set_count(bigger[0])
        elif turn < 0 and smaller:
            self.set_count(smaller[-1])
        event.accept()


class _Chips(QWidget):
    """As many example prompts as the width holds."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 2)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        self._buttons: list[QPushButton] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def filled(self) -> bool:
        """Whether there is anything to offer."""
        return bool(self._buttons)

    @property
    def pressed(self) -> bool:
        """Whether the mouse is about to choose one; hiding them now would lose the click."""
        return any(button.isDown() or button.hasFocus() for button in self._buttons)

    def offer(self, prompts: Sequence[str]) -> None:
        """Short prompts first: more of them fit."""
        for button in self._buttons:
            button.deleteLater()
        self._buttons = []
        for text in sorted(prompts, key=len):
            button = QPushButton(text)
            button.setObjectName("chip")
            button.setToolTip(self.tr("Use this prompt"))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, text=text: self.chosen.emit(text))
            self._row.insertWidget(self._row.count() - 1, button)
            self._buttons.append(button)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width()
        for button in self._buttons:
            room -= button.sizeHint().width() + self._row.spacing()
            button.setVisible(room >= 0)

"""PromptEdit: one line that grows, with a history."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from studio.core.text import PROMPT_LIMIT, clean

MOST_LINES = 6
HISTORY = 100


class PromptEdit(QPlainTextEdit):
    """Enter accepts, Shift+Enter breaks the line, Up and Down walk the history at its edges.

    Signals:
        accepted: Enter was pressed.
        grown: The number of lines changed.
        shortened: A pasted text was cut at this many characters.
        focus_changed: The focus came or went.
    """

    accepted = Signal()
    grown = Signal()
    shortened = Signal(int)
    focus_changed = Signal()

    def __init__(self, placeholder: str, most_lines: int = MOST_LINES) -> None:
        super().__init__()
        self._most = most_lines
        self._history: list[str] = []
        self._at = 0
        self._draft = ""
        self._lines = 1
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._measure())
        self._measure()

    def text(self) -> str:
        """What stands there, safe to encode."""
        return clean(self.toPlainText())

    def set_text(self, text: str) -> None:
        """Replace what stands there, undoable, the cursor at its end."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(clean(text)[:PROMPT_LIMIT])
        self.moveCursor(QTextCursor.MoveOperation.End)

    def set_history(self, prompts: Sequence[str]) -> None:
        """What Up brings back, the newest last."""
        self._history = list(prompts)[-HISTORY:]
        self._at = len(self._history)

    def history(self) -> tuple[str, ...]:
        """What Up brings back, the newest last."""
        return tuple(self._history)

    def remember(self) -> None:
        """Make the text of the moment the newest of the history."""
        text = self.text().strip()
        if text:
            self._history = [*(one for one in self._history if one != text), text][-HISTORY:]
        self._at = len(self._history)

    def walk(self, step: int) -> None:
        """Show the next (1) or the previous (-1) prompt of the history."""
        to = min(max(self._at + step, 0), len(self._history))
        if to == self._at:
            return
        if self._at == len(self._history):
            self._draft = self.toPlainText()
        self._at = to
        self.set_text(self._draft if to == len(self._history) else self._history[to])

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        plain = modifiers in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.accepted.emit()
        elif key == Qt.Key.Key_Up and plain and self._on_edge(QTextCursor.MoveOperation.Up):
            self.walk(-1)
        elif key == Qt.Key.Key_Down and plain and self._on_edge(QTextCursor.MoveOperation.Down):
            self.walk(1)
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        room = PROMPT_LIMIT - len(self.toPlainText())
        text = clean(source.text())
        if len(text) > room:
            self.shortened.emit(PROMPT_LIMIT)
        self.insertPlainText(text[: max(0, room)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        # Pictures and files belong to the window: it opens them.
        return source.hasText() and not source.hasUrls() and not source.hasImage()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _on_edge(self, move: QTextCursor.MoveOperation) -> bool:
        return not QTextCursor(self.textCursor()).movePosition(move)

    def _measure(self) -> None:
        # A plain text document measures its height in lines, wrapped ones included.
        needed = max(1, round(self.document().size().height()))
        lines = min(needed, self._most)
        bars = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            bars.ScrollBarAsNeeded if needed > self._most else bars.ScrollBarAlwaysOff
        )
        height = lines * self.fontMetrics().lineSpacing() + 2 * self._spare()
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)
        if lines != self._lines:
            self._lines = lines
            self.grown.emit()

    def _spare(self) -> int:
        margins = self.contentsMargins()
        return 2 + self.frameWidth() + max(margins.top(), margins.bottom())

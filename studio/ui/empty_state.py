"""EmptyState: what lies on the canvas while there is no picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImageReader, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from studio.ui.actions import Actions
from studio.ui.pieces import label

SAMPLES = 3
PREVIEW = QSize(144, 108)


class EmptyState(QWidget):
    """A drop target with three samples, 'New canvas' and 'Open'.

    Signals:
        sample_chosen: Path.
    """

    sample_chosen = Signal(object)

    def __init__(self, actions: Actions, samples: Path) -> None:
        super().__init__()
        self._hot = False
        self._pictures: list[tuple[QToolButton, Path]] = []
        title = label(self.tr("Drop a picture here"), "empty_title")
        words = label(
            self.tr("or begin with one of these, or say below what you want to see"), "hint"
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        for path in sorted(samples.glob("*.png"))[:SAMPLES]:
            row.addWidget(self._sample(path))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for key in ("open", "new"):
            button = QToolButton()
            button.setDefaultAction(actions[key])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(8)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(title, 0, middle)
        column.addWidget(words, 0, middle)
        column.addSpacing(8)
        column.addLayout(row)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.setAlignment(buttons, middle)
        column.setAlignment(row, middle)

    def load(self) -> None:
        """Show the samples; decoding them has to wait for the first painted frame."""
        for button, path in self._pictures:
            button.setIcon(QIcon(_thumbnail(path)))

    def set_hot(self, hot: bool) -> None:
        """Light up while something is dragged over it."""
        self._hot = hot
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        roles = QPalette.ColorRole
        pen = QPen(self.palette().color(roles.Highlight if self._hot else roles.Light), 1.5)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 16, 16)

    def _sample(self, path: Path) -> QToolButton:
        button = QToolButton()
        button.setObjectName("sample")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(PREVIEW)
        blank = QPixmap(PREVIEW)
        blank.fill(Qt.GlobalColor.transparent)
        button.setIcon(QIcon(blank))
        self._pictures.append((button, path))
        button.setText(path.stem.replace("-", " ").replace("_", " ").capitalize())
        button.setToolTip(self.tr("Open this sample"))
        button.clicked.connect(lambda: self.sample_chosen.emit(path))
        return button


def _thumbnail(path: Path) -> QPixmap:
    reader = QImageReader(str(path))
    whole = reader.size()
    if whole.isValid():
        reader.setScaledSize(whole.scaled(PREVIEW, Qt.AspectRatioMode.KeepAspectRatio))
    return QPixmap.fromImageReader(reader)

"""StatusLine: zoom, size, pointer, and in one sentence what the next run will do."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from studio.core.geometry import Rect
from studio.ui.pieces import label

HEIGHT = 24


class StatusLine(QFrame):
    """One slim line at the window's foot."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setFixedHeight(HEIGHT)
        self._mode = label("", "mode")
        self._mode.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._size, self._pointer, self._zoom = label(), label(), label()
        self._pointer.setMinimumWidth(88)
        self._zoom.setMinimumWidth(56)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._busy = label(self.tr("reading or writing a file…"))
        self._busy.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 2)
        row.setSpacing(16)
        row.addWidget(self._mode, 1)
        for each in (self._busy, self._pointer, self._size, self._zoom):
            row.addWidget(each)

    @property
    def mode(self) -> str:
        """The sentence of the moment."""
        return self._mode.text()

    def show_mode(self, sentence: str) -> None:
        """What the next run will do."""
        self._mode.setText(sentence)

    def show_busy(self, busy: bool) -> None:
        """Whether a file is being read or written."""
        self._busy.setVisible(busy)

    def show_size(self, bounds: Rect) -> None:
        """The picture's size in px; nothing without a picture."""
        self._size.setText("" if bounds.empty else f"{bounds.width} × {bounds.height} px")

    def show_pointer(self, at: QPointF | None) -> None:
        """Where the pointer is, document px."""
        self._pointer.setText("" if at is None else f"{int(at.x() // 1)}, {int(at.y() // 1)}")

    def show_zoom(self, zoom: float) -> None:
        """Screen px per document px."""
        percent = zoom * 100
        self._zoom.setText(f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %")

"""Icons: one SVG set, painted in the colours of the palette of the moment."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer


class _Recoloured(QIconEngine):
    """Draws an SVG whose `currentColor` is asked for at every paint, so a theme changes live."""

    def __init__(self, source: bytes) -> None:
        super().__init__()
        self._source = source

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        disabled = mode == QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if disabled else QPalette.ColorGroup.Active
        role = QPalette.ColorRole.ButtonText
        if state == QIcon.State.On and not disabled:
            role = QPalette.ColorRole.HighlightedText
        colour = QGuiApplication.palette().color(group, role).name().encode()
        svg = QSvgRenderer(QByteArray(self._source.replace(b"currentColor", colour)))
        svg.render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Recoloured(self._source)


class Icons:
    """The set in one folder; each file is read once, when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        """Icons of `folder`, `<name>.svg` each."""
        self._folder = folder
        self._known: dict[str, QIcon] = {}

    def __call__(self, name: str) -> QIcon:
        """The icon of that name.

        Raises:
            OSError: There is none.
        """
        if name not in self._known:
            self._known[name] = QIcon(_Recoloured((self._folder / f"{name}.svg").read_bytes()))
        return self._known[name]

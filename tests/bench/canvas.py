"""Pen to pixel measured: a mouse move until it is repainted, undo, first paint; against a floor.

Run from the repository root: `python -m tests.bench.canvas [--json] [--edges 1024 4096]`. The floor
is the least a painter in Qt can do: lines into one QImage, the dirty rectangle drawn, no layers, no
mask, no undo. Nothing here is asserted: the table is for comparing machines and changes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Callable, Sequence

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.pixels import Pixels
from studio.document.document import Document

SIZE = (1280, 800)
RATE = 125.0
MOVES = 250
Row = dict[str, str | float]


class Floor(QWidget):
    """The least painter: one QImage, fitted to the window."""

    def __init__(self, pixels: Pixels, brush: float) -> None:
        super().__init__()
        edge = pixels.shape[0]
        picture = QImage(pixels.data, edge, edge, edge * 4, QImage.Format.Format_RGBA8888)
        self._image = picture.convertToFormat(QImage.Format.Format_RGB32)
        self._brush = brush
        self._last = QPointF()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def _scale(self) -> float:
        return min(self.width(), self.height()) / self._image.width()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = event.position() / self._scale

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position() / self._scale
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(Qt.GlobalColor.red, self._brush, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        painter.drawLine(self._last, place)
        painter.end()
        reach = self._brush + 2
        dirty = QRectF(self._last, place).normalized().adjusted(-reach, -reach, reach, reach)
        scale = self._scale
        self.update(
            QRectF(
                dirty.x() * scale, dirty.y() * scale, dirty.width() * scale, dirty.height() * scale
            )
            .toAlignedRect()
            .adjusted(-2, -2, 2, 2)
        )
        self._last = place

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(self._scale, self._scale)
        painter.drawImage(0, 0, self._image)


def photo(edge: int) -> Pixels:
    """Something opaque with detail everywhere: uint8 `[edge, edge, 4]`."""
    rng = np.random.default_rng(7)
    patch = rng.integers(0, 256, (512, 512, 4), np.uint8)
    patch[..., 3] = 255
    times = -(-edge // 512)
    return np.ascontiguousarray(np.tile(patch, (times, times, 1))[:edge, :edge])


def send(widget: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    """One mouse event with the left button."""
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else _LEFT
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else _LEFT
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), button, held, _NO_KEYS)
    QApplication.sendEvent(widget, event)


def way(count: int) -> list[QPointF]:
    """A hand's way round the middle of the window, about 12 px from event to event."""
    middle = QPointF(SIZE[1] / 2, SIZE[1] / 2)
    return [
        middle + QPointF(math.cos(i / 20), math.sin(i / 17)) * (120 + 90 * math.sin(i / 31))
        for i in range(count)
    ]


def moves(widget: QWidget, offset: QPointF) -> list[tuple[float, float]]:
    """Milliseconds of each move until it is handled and repainted, at the rate of a mouse.

    Returns:
        Pairs: by the clock, and of the processor, which other programs do not lengthen.
    """
    places = [place + offset for place in way(MOVES)]
    send(widget, QEvent.Type.MouseButtonPress, places[0])
    QApplication.processEvents()
    times = []
    due = time.perf_counter()
    for place in places[1:]:
        due = max(due + 1 / RATE, time.perf_counter())
        time.sleep(max(0.0, due - time.perf_counter()))
        start, busy = time.perf_counter(), time.thread_time()
        send(widget, QEvent.Type.MouseMove, place)
        QApplication.processEvents()
        clock = (time.perf_counter() - start) * 1000
        times.append((clock, (time.thread_time() - busy) * 1000))
    send(widget, QEvent.Type.MouseButtonRelease, places[-1])
    QApplication.processEvents()
    return times


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of that work and of the repaint it asks for."""
    start = time.perf_counter()
    work()
    QApplication.processEvents()
    return (time.perf_counter() - start) * 1000


def completed(view: CanvasView) -> tuple[float, float]:
    """Milliseconds until all of the picture is there, and the longest of the turns on the way."""
    turns = [0.0]
    while not view.complete:
        turns.append(timed(lambda: None))
    return sum(turns), max(turns)


def summary(times: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Median and 99th percentile by the clock, then of the processor."""
    clock, busy = np.percentile(times, (50, 99), axis=0).T
    return float(clock[0]), float(clock[1]), float(busy[0]), float(busy[1])


def measured(edge: int, brush_on_screen: float | None) -> Row:
    """All figures of one canvas; the brush is 40 px of the picture, or so many of the screen."""
    pixels = photo(edge)
    scale = SIZE[1] / edge
    brush = 40.0 if brush_on_screen is None else brush_on_screen / scale
    floor = Floor(pixels, brush)
    floor.resize(*SIZE)
    floor.show()
    QApplication.processEvents()
    least = summary(moves(floor, QPointF(0, 0)))
    floor.close()
    document = Document()
    view = CanvasView(document)
    view.resize(*SIZE)
    view.show()
    QApplication.processEvents()
    opened = timed(lambda: document.open_pixels(pixels, "bench"))
    whole_after, held = completed(view)
    view.set_brush(BrushSettings(size=brush))
    ours = summary(moves(view, QPointF((SIZE[0] - SIZE[1]) / 2, 0)))
    undo = timed(document.history.undo)
    redo = timed(document.history.redo)
    whole = min(timed(view.update) for _ in range(5))
    view.close()
    where = "picture" if brush_on_screen is None else "screen"
    return {
        "canvas": edge,
        "brush": f"{brush if brush_on_screen is None else brush_on_screen:.0f} px of the {where}",
        "move p50 ms": ours[0],
        "move p99 ms": ours[1],
        "move cpu p50": ours[2],
        "move cpu p99": ours[3],
        "floor p50 ms": least[0],
        "floor p99 ms": least[1],
        "times the floor": ours[2] / least[2],
        "undo ms": undo,
        "redo ms": redo,
        "first paint ms": opened,
        "all painted ms": opened + whole_after,
        "loop held ms": held,
        "whole view ms": whole,
    }


def table(rows: Sequence[Row]) -> str:
    """The rows under their names, in columns."""
    lines = [list(rows[0])]
    lines += [
        [f"{value:.2f}" if isinstance(value, float) else str(value) for value in row.values()]
        for row in rows
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, nargs="+", default=[1024, 4096, 8192])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    application = QApplication.instance() or QApplication([])
    rows = [measured(edge, brush) for edge in options.edges for brush in (None, 40.0)]
    print(json.dumps(rows) if options.json else table(rows))
    application.processEvents()


_LEFT = Qt.MouseButton.LeftButton
_NO_KEYS = Qt.KeyboardModifier.NoModifier

if __name__ == "__main__":
    main()

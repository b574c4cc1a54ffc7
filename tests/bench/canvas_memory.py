"""Canvas memory measured: what 100 strokes keep, and a stroke over twenty large layers.

Run from the repository root: `python -m tests.bench.canvas_memory [--json] [--edge 8192]`. The
baseline of the first is the bytes of the tiles that the strokes touched, counted per stroke; of the
second, the same stroke on a document of one layer, in the same run.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from studio.canvas.tools.base import BrushSettings
from studio.canvas.tools.painting import Painting
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect, Size
from studio.document.document import Document
from studio.document.edits import AddLayer
from studio.document.layer import Layer
from tests.bench.canvas import SIZE, Row, completed, moves, summary, table

STROKES = 100
LAYERS = 20
#: Px of a stroke's length, and of the brush.
LENGTH, BRUSH = 900, 40.0


def strokes(document: Document) -> int:
    """Paint a hundred strokes all over the picture.

    Returns:
        Bytes of the tiles that they touched, each stroke's for itself.
    """
    layer = document.active
    assert layer is not None
    edge, touched = document.bounds.width, 0
    for number in range(STROKES):
        before = layer.pixels.snapshot()
        painting = Painting(document, BrushSettings(size=BRUSH, target="layer"), erases=False)
        x, y = (number * 613) % (edge - LENGTH), (number * 431) % (edge - LENGTH)
        for at in range(0, LENGTH, 12):
            painting.to(x + at, y + 60 * math.sin(at / 90) + at / 3, 1.0)
        command = painting.finish()
        assert command is not None
        touched += sum(
            tile.nbytes
            for key, tile in layer.pixels.items()
            if not before.shares(key, layer.pixels)
        )
        document.history.push(command)
    return touched


def kept(edge: int) -> Row:
    """What the process grows by with a hundred strokes, beside the tiles they touched."""
    document = Document()
    document.open_blank(Size(edge, edge), (240, 240, 240, 255), "bench")
    process = psutil.Process()
    gc.collect()
    before = process.memory_info().rss
    touched = strokes(document)
    gc.collect()
    grown = process.memory_info().rss - before
    return {
        "canvas": edge,
        "touched MB": touched / 1e6,
        "history MB": document.history_bytes / 1e6,
        "process grew MB": grown / 1e6,
        "times the touched": grown / touched,
    }


def layered(edge: int, count: int) -> Row:
    """A stroke over that many layers, each painted here and there."""
    document = Document()
    document.open_blank(Size(edge, edge), (240, 240, 240, 255), "bench")
    for number in range(count - 1):
        layer = Layer(f"layer {number}")
        for spot in range(24):
            column = (number * 977 + spot * 2311) % (edge - 300)
            row = (number * 1409 + spot * 1733) % (edge - 300)
            layer.pixels.fill(Rect(column, row, 280, 260), (number * 12, 90, 200, 160))
        document.history.push(AddLayer(document, layer))
    view = CanvasView(document)
    view.resize(*SIZE)
    view.show()
    QApplication.processEvents()
    completed(view)
    view.set_brush(BrushSettings(size=BRUSH, target="layer"))
    p50, p99, busy50, busy99 = summary(moves(view, QPointF((SIZE[0] - SIZE[1]) / 2, 0)))
    view.close()
    return {
        "canvas": edge,
        "layers": count,
        "move p50 ms": p50,
        "move p99 ms": p99,
        "move cpu p50": busy50,
        "move cpu p99": busy99,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edge", type=int, default=8192)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    application = QApplication.instance() or QApplication([])
    memory = [kept(edge) for edge in (4096, options.edge)]
    speed = [layered(options.edge, count) for count in (1, LAYERS)]
    if options.json:
        print(json.dumps({"memory": memory, "layers": speed}))
    else:
        print(table(memory), table(speed), sep="\n\n")
    application.processEvents()


if __name__ == "__main__":
    main()

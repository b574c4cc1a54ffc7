"""What keeping a picture costs the window: a step's look, a stroke until it is safe, opening.

`python tests/bench/session.py [--edge PX] [--layers N] [--strokes N] [--folder DIR] [--json]`
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer

from studio.core.geometry import Rect, Size
from studio.document.document import Document
from studio.document.edits import LayerStroke
from studio.document.layer import Layer
from studio.project import restore
from studio.project.loading import load
from studio.project.session import Session
from studio.project.unnamed import UnnamedPictures
from studio.ui.desk import Desk

#: ms on the GUI thread for a step; ms until a stroke is safe, 95 of 100; seconds to open.
_LOOK, _SAFE, _OPEN = 1.0, 100.0, 3.0
#: ms between strokes, as of a quick hand.
_PACE = 150
_STROKE = 300


class Bench:
    """A picture of many layers, and what keeps it."""

    def __init__(self, app: QCoreApplication, folder: Path, edge: int, layers: int) -> None:
        self.app, self.desk, self.document = app, Desk(), Document()
        unnamed = UnnamedPictures(folder / "pictures", folder / "open.json")
        self.session = Session(self.document, self.desk.run, unnamed)
        self.pen = self.session.journal.pen
        self.document.open_blank(Size(edge, edge), (240, 240, 240, 255), "bench")
        for number in range(1, layers):
            layer = Layer(f"layer {number}")
            layer.pixels.fill(self.document.bounds, (number, 90, 200, 255))
            self.document.insert_layer(layer, number)
        self.session.journal.follow()
        self.rng = np.random.default_rng(1)

    def stroke(self) -> tuple[float, float]:
        """Paint over four tiles; ms of the look alone, and of the step as a whole."""
        journal, layer = self.session.journal, self.document.layers[-1]
        edge = self.document.bounds.width - _STROKE
        x, y = (int(self.rng.integers(0, edge)) for _ in range(2))
        area = Rect(x, y, _STROKE, _STROKE)
        before = layer.pixels.snapshot()
        pixels = self.rng.integers(0, 255, (_STROKE, _STROKE, 4), np.uint8)
        self.document.paint(layer, area, pixels)
        command = LayerStroke.since(self.document, layer, before)
        spent: list[float] = []
        look = journal._on_step

        def timed() -> None:
            began = time.thread_time()  # what the window pays, whatever else the machine does
            look()
            spent.append((time.thread_time() - began) * 1000)

        journal._on_step = timed  # type: ignore[method-assign]
        began = time.perf_counter()
        self.document.history.push(command)
        whole = (time.perf_counter() - began) * 1000
        journal._on_step = look  # type: ignore[method-assign]
        return sum(spent), whole

    def until(self, done: Callable[[], bool], most: float = 300.0) -> None:
        """Run the event loop until it is so."""
        limit = time.monotonic() + most
        while not done():
            assert time.monotonic() < limit, "that took too long"
            self.app.processEvents()
            time.sleep(0.0005)

    def end(self) -> Path:
        """Close the file."""
        path = self.session.path
        assert path is not None
        self.session.end()
        self.desk.close()
        return path


def strokes(bench: Bench, count: int) -> dict[str, float]:
    """Paint at a hand's pace in a running event loop."""
    looks, safe, gaps, begun = [], [], [], dict[int, float]()
    bench.pen.kept.connect(
        lambda number: (
            safe.append((time.perf_counter() - begun.pop(number)) * 1000)
            if number in begun
            else None
        )
    )
    bench.stroke()  # makes the file and its first state, which is no stroke
    bench.until(lambda: bench.pen.state == "safe")
    beat = [time.perf_counter()]
    timer = QTimer(interval=0)

    def tick() -> None:
        now = time.perf_counter()
        gaps.append((now - beat[0]) * 1000)
        beat[0] = now

    timer.timeout.connect(tick)
    timer.start()
    for _ in range(count):
        due = time.monotonic() + _PACE / 1000
        look, _ = bench.stroke()
        looks.append(look)
        begun[bench.pen.given] = time.perf_counter()
        beat[0] = time.perf_counter()  # painting itself is not what is measured here
        bench.until(lambda due=due: time.monotonic() >= due)  # type: ignore[misc]
    bench.until(lambda: bench.pen.state == "safe")
    timer.stop()
    return {
        "look p50": statistics.median(looks),
        "look p95": _p95(looks),
        "safe p50": statistics.median(safe),
        "safe p95": _p95(safe),
        "longest gap": max(gaps),
    }


def opened(path: Path) -> dict[str, float]:
    """Open what was painted: the part beside the window, and the part in it."""
    began, worked = time.perf_counter(), time.process_time()
    loaded = load(path, 1 << 30)
    beside = time.perf_counter() - began
    document = Document()
    began = time.perf_counter()
    restore.show(loaded.stored, document, "bench", path)
    shown = time.perf_counter() - began
    assert loaded.project is not None
    loaded.project.close()
    return {
        "beside": beside,
        "in the window": shown,
        "processor": time.process_time() - worked,
        "steps": float(document.history.count()),
    }


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--edge", type=int, default=16384)
    options.add_argument("--layers", type=int, default=20)
    options.add_argument("--strokes", type=int, default=60)
    options.add_argument("--folder", type=Path)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    app = QCoreApplication([])
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        os.environ["SFUMATO_HOME"] = str(Path(folder) / "home")
        bench = Bench(app, Path(folder), given.edge, given.layers)
        painted = strokes(bench, given.strokes)
        reopened = opened(bench.end())
    if given.json:
        print(json.dumps({"strokes": painted, "open": reopened}))
        return
    print(f"{given.layers} layers of {given.edge} px, {given.strokes} strokes of {_STROKE} px")
    for name, value in painted.items():
        bound = _LOOK if name.startswith("look") else _SAFE if name == "safe p95" else None
        print(f"  {name:14} {value:8.2f} ms" + (f"   (bound {bound:g})" if bound else ""))
    print(
        f"  opened in {reopened['beside']:.2f} s beside the window and "
        f"{reopened['in the window']:.3f} s in it (bound {_OPEN:g} s), "
        f"{reopened['processor']:.2f} s of the processor, {reopened['steps']:.0f} steps"
    )


if __name__ == "__main__":
    main()

"""Command to painted window: the studio beside a bare QMainWindow and a bare interpreter.

`python tests/bench/startup.py [--runs N] [--json]`; uses the display that is set, else offscreen.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

_PYTHON = "import time; print(time.monotonic())"

_BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.done)

    def done(self):
        print(time.monotonic(), flush=True)
        QApplication.exit(0)

app = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""

_STUDIO = """
import os, sys, time
from studio import __main__
from studio.ui.main_window import MainWindow

class Timed(MainWindow):
    def __init__(self, *given):
        super().__init__(*given)
        self.painted.connect(self.done)

    def done(self):
        print(time.monotonic(), flush=True)
        os._exit(0)  # what follows the first frame is not measured here

from studio import app
app.MainWindow = Timed
__main__.main([])
"""

_ROWS = (
    ("bare interpreter", _PYTHON),
    ("bare QMainWindow", _BARE),
    ("Sfumato", _STUDIO),
)
_BOUND = 2.0


def measure(code: str, home: str) -> float:
    """Seconds from starting the process to its window being painted."""
    environment = os.environ | {"SFUMATO_HOME": home}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an artist's machine keeps its bytecode
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return float(ended.stdout.split()[0]) - began


def main() -> None:
    """Measure in turns, so that a busy moment hits all alike; print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=9)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    seconds: dict[str, list[float]] = {name: [] for name, _ in _ROWS}
    with tempfile.TemporaryDirectory() as home:
        for turn in range(given.runs + 1):
            for name, code in _ROWS:
                took = measure(code, home)
                if turn:  # the first fills the disk's cache
                    seconds[name].append(took)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    base = medians["bare QMainWindow"]
    if given.json:
        rows = {name: {"seconds": value, "ratio": value / base} for name, value in medians.items()}
        print(json.dumps({"bound": _BOUND, "rows": rows}))
        return
    print(f"{'command to painted window':28} {'median s':>9} {'x bare':>7}   bound")
    for name, value in medians.items():
        bound = f"{_BOUND:.1f}" if name == "Sfumato" else ""
        print(f"{name:28} {value:9.3f} {value / base:7.2f}   {bound}")


if __name__ == "__main__":
    main()

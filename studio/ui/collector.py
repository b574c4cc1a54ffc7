"""Collector: Python's garbage collector, run by the thread of the window only."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

#: Milliseconds between looks at how much there is to collect.
INTERVAL = 250


class Collector(QObject):
    """Collects as Python would by itself, but never in another thread.

    Python collects in whichever thread happens to allocate. Widgets and timers that only a cycle
    holds would so be destroyed by the thread that saves or by the one that listens to the engine,
    and Qt crashes soon after ("Timers cannot be stopped from another thread").
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin; `end` gives the work back to Python."""
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that Python's own thresholds would."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for oldest in (2, 1, 0):
            if counts[oldest] > limits[oldest]:
                gc.collect(oldest)
                return

    def settle(self) -> None:
        """What is there by now stays for good, so that looking at it again costs no frame."""
        gc.freeze()

    def end(self) -> None:
        """Let Python collect by itself again, if it did before."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()

"""Whereabouts: looks now and then whether the picture's file is still where it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.errors import StudioError

#: ms after a write until it is looked.
PAUSE = 1000

Run = Callable[
    [Callable[[], Any], Callable[[Any], None], Callable[[StudioError], None]],
    None,
]


class Whereabouts(QObject):
    """A disk that was taken away, a folder that was renamed: writing may well go on there.

    Signals:
        lost: Path, of a file that was there before.
    """

    lost = Signal(object)

    def __init__(self, path: Callable[[], Path | None], run: Run) -> None:
        """`path` tells the file of the moment; `run` has work done in another thread."""
        super().__init__()
        self._path, self._run = path, run
        self._gone = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._look)

    def soon(self) -> None:
        """Something was written."""
        if not self._pause.isActive():
            self._pause.start()

    def _look(self) -> None:
        path = self._path()
        if path is not None:
            self._run(path.exists, partial(self._on_looked, path), lambda _: None)

    def _on_looked(self, path: Path, there: bool) -> None:
        gone, self._gone = self._gone, not there
        if not there and not gone and path == self._path():
            self.lost.emit(path)

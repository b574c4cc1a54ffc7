"""Desk: slow work with files, beside the window."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from studio.core.errors import StudioError

_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Errand:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    refused: Callable[[StudioError], None]


class Desk(QObject):
    """One errand after the other in a thread of its own; answers arrive in the GUI thread.

    Signals:
        busy: bool, whether anything is being worked at.
    """

    busy = Signal(bool)
    _answered = Signal(object, object)

    def __init__(self) -> None:
        """The thread starts with the first errand."""
        super().__init__()
        self._errands: queue.SimpleQueue[_Errand | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._open = 0
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def idle(self) -> bool:
        """Whether every answer has arrived."""
        return self._open == 0

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        refused: Callable[[StudioError], None],
    ) -> None:
        """Have `work` done elsewhere; it may touch neither the document nor a widget.

        Args:
            work: May raise a StudioError.
            done: Gets what work returned.
            refused: Gets the StudioError.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
            self._thread.start()
        self._open += 1
        if self._open == 1:
            self.busy.emit(True)
        self._errands.put(_Errand(work, done, refused))

    def close(self) -> None:
        """Finish what was begun, a picture being written above all, and end the thread."""
        if self._thread is not None:
            self._errands.put(None)
            self._thread.join()
            self._thread = None

    def finish(self) -> None:
        """Wait until all is done, and have the answers arrive now."""
        self.close()
        QCoreApplication.sendPostedEvents(self)

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None:
            self._answered.emit(errand, _outcome(errand))

    def _deliver(self, errand: _Errand, outcome: object) -> None:
        self._open -= 1
        if self._open == 0:
            self.busy.emit(False)
        if isinstance(outcome, StudioError):
            errand.refused(outcome)
        else:
            errand.done(outcome)


def _outcome(errand: _Errand) -> object:
    try:
        return errand.work()
    except StudioError as error:
        return error
    except (OSError, ValueError, MemoryError) as error:
        _log.exception("An errand failed.")
        return StudioError(f"That did not work: {error}", "The log has the details.")

"""Pen: hands work to a project's writer, and tells in the GUI thread how it stands."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from studio.core.errors import StudioError
from studio.project.store.ballast import Ballast
from studio.project.store.faults import Unfit
from studio.project.store.file import ProjectFile
from studio.project.store.writer import Writer

_log = logging.getLogger(__name__)
Work = Callable[[ProjectFile], object]


class Pen(QObject):
    """What is given while there is no writer waits for the next one, in order.

    Signals:
        state_changed: 'idle' (nothing to keep yet), 'writing', 'safe' or 'failed'.
        kept: All work up to that number is on the disk.
        failed: StudioError; what is not written waits, and is tried again.
        unfit: A work was impossible and is gone: the file has to begin anew.
    """

    state_changed = Signal(str)
    kept = Signal(int)
    failed = Signal(object)
    unfit = Signal()
    _safe = Signal(object, int)
    _stuck = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._writer: Writer | None = None
        self._backlog: list[tuple[int, Work, int]] = []
        self._forked: list[tuple[int, tuple[int, Work, int]]] | None = (
            None  # by the writer's number
        )
        self._numbers: dict[int, int] = {}  # ours, by the writer's
        self._given = self._done = 0
        self._floor = 0  # nothing below counts as kept: the file begins anew with this
        self._state = "idle"
        self._safe.connect(self._on_safe, Qt.ConnectionType.QueuedConnection)
        self._stuck.connect(self._on_stuck, Qt.ConnectionType.QueuedConnection)

    @property
    def state(self) -> str:
        """As `state_changed` tells it."""
        return self._state

    @property
    def given(self) -> int:
        """The number of the newest work."""
        return self._given

    @property
    def full(self) -> bool:
        """Whether so much waits for the disk that the artist should wait, too."""
        return self._writer is not None and self._writer.full

    def write(self, work: Work, nbytes: int = 0) -> None:
        """Have it done in the writer's thread, after all that was given before.

        Args:
            work: All or nothing; it is done again when it fails.
            nbytes: How much memory it keeps.
        """
        self._given += 1
        given = (self._given, work, nbytes)
        if self._writer is None:
            self._backlog.append(given)
        else:
            sequence = self._writer.submit(work, nbytes)
            self._numbers[sequence] = self._given
            if self._forked is not None:
                self._forked.append((sequence, given))
        if self._state != "failed":
            self._tell("writing")

    def attach(self, project: ProjectFile | Callable[[], ProjectFile]) -> None:
        """Write into that file, first what has waited; nobody else may use it any more.

        Args:
            project: Or what makes one, in the writer's thread.
        """
        writer: Writer
        writer = Writer(
            project,
            lambda sequence: self._safe.emit(writer, sequence),
            lambda error: self._stuck.emit(writer, error),
            ballast=Ballast,
        )
        writer.start()
        self.resume(writer)

    def resume(self, writer: Writer) -> None:
        """Go on with that writer."""
        self._writer = writer
        self._numbers.clear()
        waiting, self._backlog = self._backlog, []
        for number, work, nbytes in waiting:
            self._numbers[writer.submit(work, nbytes)] = number
        if self._state != "idle" or not waiting:
            self._tell("writing" if waiting else "safe")

    def hold(self) -> Writer | None:
        """Let go of the writer: what is given from here on waits for `attach` or `resume`."""
        writer, self._writer, self._forked = self._writer, None, None
        return writer

    def fork(self) -> None:
        """Write on, and remember what is given from here on for a copy of the file."""
        self._forked = []

    def rejoin(self) -> None:
        """There will be no copy."""
        self._forked = None

    def part(self, number: int) -> None:
        """Let go of a forked writer for a copy that holds its work up to that number of its own.

        What it was given since then, which it goes on to write, waits for `attach`, too.
        """
        forked = self._forked or []
        self.hold()
        self._backlog = [given for sequence, given in forked if sequence > number]

    def forget(self) -> None:
        """Drop what waits for a writer: something else is written in its place."""
        self._backlog.clear()

    def drop(self) -> Writer | None:
        """As `hold` and `forget`: there is another picture."""
        writer = self.hold()
        self.forget()
        self._numbers.clear()
        self._tell("idle")
        return writer

    @property
    def writer(self) -> Writer | None:
        """What writes now; for questions, not for work."""
        return self._writer

    def try_again(self) -> None:
        """The artist says that the disk can take it now."""
        if self._writer is not None:
            self._writer.try_again()

    def _on_safe(self, writer: Writer, sequence: int) -> None:
        if writer is not self._writer or sequence not in self._numbers:
            return
        number = self._numbers.pop(sequence)
        if number < self._floor:
            return  # what was impossible lies before it
        self._done = number
        self.kept.emit(number)
        self._tell("writing" if self._done < self._given else "safe")

    def _on_stuck(self, writer: Writer, error: StudioError) -> None:
        if writer is not self._writer:
            return
        if isinstance(error, Unfit):
            _log.error("A step did not fit its file, which begins anew: %s", error)
            self.unfit.emit()
            self._floor = self._given
            return
        self._tell("failed")
        self.failed.emit(error)

    def _tell(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

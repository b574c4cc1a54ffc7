"""The one thread that writes into a project, so that the window never waits for a disk."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from studio.core.errors import FileError, StudioError
from studio.project.store.ballast import Ballast
from studio.project.store.copying import Copy
from studio.project.store.faults import IMPOSSIBLE, DiskFull, DiskLow, Unfit
from studio.project.store.file import ProjectFile
from studio.project.store.values import Gesture

#: So many strokes or bytes may wait before the artist is told that the disk cannot keep up.
STROKES = 8
BYTES = 1 << 29
#: Seconds between attempts while the disk is full or gone.
RETRY = 2.0
#: Seconds without work until there is time for other things.
CALM = 5.0

T = TypeVar("T")
Work = Callable[[ProjectFile], object]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    sequence: int
    work: Work
    nbytes: int


@dataclass(slots=True, eq=False)
class _Copying:
    path: Path
    name: Path
    answer: Future[int | None]
    copy: Copy | None = None


class Writer(threading.Thread):
    """Takes work without waiting and does it in order; what fails is kept and tried again.

    Args:
        project: Nobody else may use it any more; `close` closes it. Or what makes one in this
            thread, when there is something to write.
        safe: Called in this thread when the work of that number, and all before it, is on the disk.
        failed: Called in this thread once when work cannot be done for now; `safe` tells its end.
            With `Unfit` the work was impossible and has been dropped: the file needs a baseline.
        retry: Seconds between attempts.
        ballast: Makes what is given up when the disk is full, for the file of that path. `failed`
            is told `DiskLow` then, and `safe` when that was enough.
        calm: Seconds without work after which ballast is laid, so that no stroke waits for it.
    """

    def __init__(
        self,
        project: ProjectFile | Callable[[], ProjectFile],
        safe: Callable[[int], None],
        failed: Callable[[StudioError], None],
        retry: float = RETRY,
        ballast: Callable[[Path], Ballast] | None = None,
        calm: float = CALM,
    ) -> None:
        super().__init__(name="project-writer", daemon=True)
        self._project = project if isinstance(project, ProjectFile) else None
        self._make = None if isinstance(project, ProjectFile) else project
        self._safe, self._failed, self._retry = safe, failed, retry
        self._make_ballast, self._calm, self._rested = ballast, calm, False
        self._ballast: Ballast | None = None
        self._mark: tuple[int, int, int] | None = None
        self._changed = threading.Condition()
        self._waiting: deque[_Waiting] = deque()
        self._asked: deque[Callable[[], None]] = deque()
        self._copying: _Copying | None = None
        self._given = self._done = 0
        self._stuck = False
        self._closing = False

    # ------------------------------------------------------------------------ from any thread

    def submit(self, work: Gesture | Work, nbytes: int = 0) -> int:
        """Have something written; returns at once.

        Args:
            work: A gesture to commit, or anything to do with the file. It may be done again when
                it fails, so it must be all or nothing.
            nbytes: How much memory it keeps, of a callable; that of a gesture is known.

        Returns:
            Its number: 1, 2, 3 ...
        """
        if isinstance(work, Gesture):
            call, nbytes = _committing(work), _nbytes(work)
        else:
            call = work
        with self._changed:
            if self._closing:
                raise RuntimeError("the writer is closed")
            self._given += 1
            self._waiting.append(_Waiting(self._given, call, nbytes))
            self._changed.notify_all()
            return self._given

    def ask(self, question: Callable[[ProjectFile], T]) -> Future[T]:
        """Have something read: after all that was submitted, or at once while that is stuck."""
        answer: Future[T] = Future()

        def call() -> None:
            if answer.set_running_or_notify_cancel():
                _answered(answer, question, self._opened)

        with self._changed:
            if self._closing:
                raise RuntimeError("the writer is closed")
            self._asked.append(call)
            self._changed.notify_all()
        return answer

    def copy(self, path: Path, name: Path) -> Future[int | None]:
        """Have the file copied to that path, bit by bit between the work that goes on.

        Args:
            path: Where nothing is yet.
            name: What the copy will be called, for messages.

        Returns:
            The number of the newest work that is in the copy; None when the file does not take
            any. The copy is neither flushed nor verified.
        """
        answer: Future[int | None] = Future()
        with self._changed:
            if self._closing or self._copying is not None:
                raise RuntimeError("the writer is closed, or copies already")
            self._copying = _Copying(path, name, answer)
            self._changed.notify_all()
        return answer

    @property
    def waiting(self) -> int:
        """How much work is not safe yet."""
        with self._changed:
            return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether so much waits that the artist should wait, too; nothing is refused, though."""
        with self._changed:
            nbytes = sum(one.nbytes for one in self._waiting)
            return len(self._waiting) > STROKES or nbytes > BYTES

    def try_again(self) -> None:
        """Do not wait for the next attempt: the artist says that there is room now."""
        with self._changed:
            self._stuck = False
            self._changed.notify_all()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all is safe; False when that was not so in time, or cannot be for now."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting or self._stuck, timeout)
            return not self._waiting

    def close(self, timeout: float | None = None) -> bool:
        """Write what waits, close the file and end; False when some could not be written."""
        with self._changed:
            self._closing = True
            self._stuck = False
            self._changed.notify_all()
        self.join(timeout)
        return not self.is_alive() and not self._waiting

    # ------------------------------------------------------------------------- in this thread

    def run(self) -> None:
        """Work until closed."""
        try:
            while self._turn():
                pass
            while self._asked:  # whoever waits for an answer gets one
                self._asked.popleft()()
        finally:
            if self._copying is not None:
                self._end_copy(self._copying)
            if self._project is not None:
                self._project.close()
            if self._ballast is not None:
                self._ballast.leave()

    def _turn(self) -> bool:
        with self._changed:
            calm = None if self._rested or self._make_ballast is None else self._calm
            woken = self._changed.wait_for(self._something, self._retry if self._stuck else calm)
            work = self._waiting[0] if self._waiting else None
            ask = self._asked.popleft() if self._asked and (work is None or self._stuck) else None
            copying = self._copying
            if work is None and ask is None and copying is None and woken:
                return not self._closing
        goes_on = True
        if ask is not None:
            ask()
        elif work is not None:
            goes_on = self._attempt(work)
        elif copying is None:
            self._rest()
        if copying is not None:
            self._copy_on(copying)
        return goes_on

    def _copy_on(self, copying: _Copying) -> None:
        if self._stuck:
            self._end_copy(copying)
            return
        try:
            copying.copy = copying.copy or self._opened().copying(copying.path, copying.name)
            if copying.copy.step():
                self._end_copy(copying, self._done)
        except Exception as error:  # noqa: BLE001  # whoever asked is told, whatever it is
            self._end_copy(copying, error)

    def _end_copy(self, copying: _Copying, answer: int | Exception | None = None) -> None:
        if copying.copy is not None:
            copying.copy.close()
        with self._changed:
            self._copying = None
        if isinstance(answer, Exception):
            copying.answer.set_exception(answer)
        else:
            copying.answer.set_result(answer)

    def _rest(self) -> None:
        """Nothing has been done for a while: see that there is ballast."""
        self._rested = True
        ballast = self._reserve()
        if ballast is not None:
            ballast.lay()

    def _reserve(self) -> Ballast | None:
        if self._ballast is None and self._make_ballast is not None and self._project is not None:
            # A disk that is gone has no place for it, and is told of by the next stroke.
            with contextlib.suppress(OSError):
                self._ballast = self._make_ballast(self._project.path)
        return self._ballast

    def _something(self) -> bool:
        to_do = self._waiting and not self._stuck
        return bool(self._asked or self._closing or self._copying or to_do)

    def _attempt(self, work: _Waiting) -> bool:
        """Do the oldest work; False to give up."""
        error = self._tried(work.work)
        if isinstance(error, DiskFull):
            ballast = self._reserve()
            if ballast is not None and ballast.release():
                self._failed(DiskLow(error.message, error.hint))
                error = self._tried(work.work)
        self._rested = False
        if error is None or isinstance(error, Unfit):
            with self._changed:
                self._done = self._waiting.popleft().sequence
                self._stuck = False
                self._changed.notify_all()
        if error is None:
            self._safe(work.sequence)
            return True
        with self._changed:
            first, self._stuck = not self._stuck, not isinstance(error, Unfit)
            closing = self._closing
            self._changed.notify_all()
        if first:
            self._failed(error)
        return not (closing and self._stuck)

    def _tried(self, work: Work) -> StudioError | None:
        try:
            project = self._opened()
            if not (project.lost and self._renewed(project)):
                self._mark = project.mark
                work(project)
        except StudioError as error:
            return error
        except MemoryError:
            return FileError("No memory is left to save the last strokes.", "Close something.")
        except IMPOSSIBLE as error:
            return Unfit(f"A step could not be saved: {error}.", "")
        except Exception as error:  # noqa: BLE001  # the thread must live on: it is told and retried
            return FileError(f"The last strokes could not be saved: {error}.", "Save a copy.")
        return None

    def _renewed(self, project: ProjectFile) -> bool:
        """Write a file anew whose disk has failed; whether the work had been done after all.

        A disk may take all of a transaction and fail when it says so.
        """
        project.renew()
        return project.mark != self._mark

    def _opened(self) -> ProjectFile:
        if self._project is None:
            assert self._make is not None
            self._project = self._make()
        return self._project


def _committing(gesture: Gesture) -> Work:
    return lambda project: project.commit(gesture)


def _nbytes(gesture: Gesture) -> int:
    arrays = {id(one.after): one.after for one in gesture.changes if one.after is not None}
    return sum(array.nbytes for array in arrays.values())


def _answered(
    answer: Future[T],
    question: Callable[[ProjectFile], T],
    project: Callable[[], ProjectFile],
) -> None:
    try:
        answer.set_result(question(project()))
    except Exception as error:  # noqa: BLE001  # whoever asked is told, whatever it is
        answer.set_exception(error)

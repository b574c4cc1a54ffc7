"""A copy of a project as it is at this moment, to read while another window goes on writing."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from pathlib import Path

import apsw

from studio.project.store.faults import InUse

_TRIES = 40
_PAUSE = 0.05
#: Where the header counts the commits.
_COUNTER = slice(24, 28)


class Snapshot:
    """A copy in a folder of its own, which `remove` takes away.

    Between commits the file alone is all there is; during one, its journal says how to go back. A
    journal that stays as it is was left by a crash, and is copied along.

    Raises:
        InUse: It was being written the whole time.
        OSError: It cannot be read, or there is no room for the copy.
    """

    def __init__(self, path: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sfumato-")
        self.path = Path(self._folder.name) / path.name
        try:
            self._copy(path)
        except BaseException:
            self.remove()
            raise

    def _copy(self, path: Path) -> None:
        for turn in range(_TRIES):
            before = _state(path)
            if before[1] and turn < _TRIES // 2:
                time.sleep(_PAUSE)
                continue
            shutil.copyfile(path, self.path)
            if before[1]:
                shutil.copyfile(journal_of(path), journal_of(self.path))
            if _state(path) == before:
                return
            journal_of(self.path).unlink(missing_ok=True)
        raise InUse(
            f"'{path.name}' is being written by another window without a pause.",
            "Try again in a moment.",
        )

    def roll_back(self) -> None:
        """Let SQLite undo a transaction that was cut off, if it still can."""
        if has_journal(self.path):
            with contextlib.suppress(apsw.Error):
                connection = apsw.Connection(str(self.path))
                with contextlib.suppress(apsw.Error):
                    connection.execute("BEGIN EXCLUSIVE")
                connection.close(True)

    def remove(self) -> None:
        """Take the copy away."""
        self._folder.cleanup()


def journal_of(path: Path) -> Path:
    """Where SQLite keeps what a transaction has overwritten."""
    return path.with_name(f"{path.name}-journal")


def has_journal(path: Path) -> bool:
    """Whether a transaction is under way, or was cut off."""
    return _state(path)[1] > 0


def _state(path: Path) -> tuple[bytes, int, int]:
    with path.open("rb") as file:
        counter = file.read(_COUNTER.stop)[_COUNTER]
    try:
        journal = journal_of(path).stat().st_size
    except FileNotFoundError:
        journal = 0
    return counter, journal, path.stat().st_size

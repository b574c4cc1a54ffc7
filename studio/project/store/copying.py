"""A copy of an open project that grows beside the work on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import apsw

from studio.project.store import opening, schema, upkeep
from studio.project.store.faults import translated

#: Copied at a time: 1 MiB, for which no stroke waits long.
_PAGES = 256


class Copy:
    """All pages, those that are changed meanwhile too: SQLite writes these into both files.

    Args:
        source: The connection that works on the project; another one once the file was renewed.
        path: Where nothing is yet.
        name: What the copy will be called, for messages.

    Source: https://www.sqlite.org/backup.html
    """

    def __init__(self, source: Callable[[], apsw.Connection], path: Path, name: Path) -> None:
        self._source, self._path, self._name = source, path, name
        self._from: apsw.Connection | None = None
        self._target: apsw.Connection | None = None
        self._backup: apsw.Backup | None = None

    def step(self) -> bool:
        """Copy a little more; True when the copy holds all that the project holds now.

        Raises:
            FileError: It cannot be copied.
        """
        with translated(self._name):
            if self._backup is None or self._from is not self._source():
                self._backup = self._begun()
            self._backup.step(_PAGES)
            if not self._backup.done:
                return False
            self._backup.finish()
            self._backup = None
            self.close()
        return True

    def close(self) -> None:
        """Let go of both files."""
        if self._backup is not None:
            with suppress(apsw.Error):
                self._backup.close(True)
        if self._target is not None:
            self._target.close(True)
        self._backup = self._target = self._from = None

    def _begun(self) -> apsw.Backup:
        self.close()
        self._path.unlink(missing_ok=True)
        self._target = schema.connected(self._path, opening.WRITE | apsw.SQLITE_OPEN_CREATE)
        self._target.execute("PRAGMA synchronous=OFF")  # it is flushed before it counts
        self._from = self._source()
        return self._target.backup("main", self._from, "main")


def place(copy: Path, path: Path) -> None:
    """Give a finished copy its name; what has that name is replaced.

    Raises:
        InUse: Another window has that file open.
        FileError: It is not as it should be, or cannot be written; what was there still is.
    """
    target = Path(os.path.realpath(path))
    with translated(target):
        upkeep.placed(copy, target)

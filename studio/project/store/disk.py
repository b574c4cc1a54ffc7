"""An open project as a file on a disk: its connection, its lock, and whether it can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from studio.project.store.faults import Refused, Unsure, damaged, translated
from studio.project.store.locks import Lock
from studio.project.store.snapshots import Snapshot


class Disk:
    """Everything that has to be let go of in the end.

    Attributes:
        path: Under which the artist knows the file.
        why: Why nothing can be written, a sentence; empty when something can.
        lost: The disk could not say that it holds what it was given: nothing that was written
            since the last commit counts, and the file must be written anew.
    """

    def __init__(
        self,
        path: Path,
        connection: apsw.Connection,
        why: str = "",
        lock: Lock | None = None,
        snapshot: Snapshot | None = None,
    ) -> None:
        self.path, self.why, self.lost = path, why, False
        self.connection = connection
        self._lock, self._snapshot = lock, snapshot

    def close(self, keep_lock: bool = False) -> Lock | None:
        """Let go of the file; nothing is left beside it.

        Args:
            keep_lock: Hand the lock over instead of releasing it.
        """
        if not self.why and not self.lost:
            with suppress(apsw.Error):
                self.connection.execute("PRAGMA journal_mode=DELETE")
        with suppress(apsw.Error):
            self.connection.close(True)
        lock, self._lock = self._lock, None
        if lock is not None and not keep_lock:
            lock.release()
            lock = None
        if self._snapshot is not None:
            self._snapshot.remove()
            self._snapshot = None
        return lock

    def take(self, other: Disk) -> None:
        """Go on with what another has opened."""
        self.connection, self._lock, self.lost = other.connection, other._lock, False
        self.why, self._snapshot = other.why, other._snapshot

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """Read within.

        Raises:
            FileError: It cannot be read, or makes no sense.
        """
        with translated(self.path):
            try:
                yield self.connection
            except ValueError as error:
                raise damaged(self.path, "what it says cannot be understood") from error

    @contextmanager
    def transaction(self) -> Iterator[apsw.Connection]:
        """Write within; all of it is on the disk at the end, or nothing is.

        Raises:
            FileError: Nothing is.
        """
        if self.why:
            raise Refused(f"'{self.path.name}' is open for reading only.", "Save a copy of it.")
        if self.lost:
            raise Unsure(f"The disk of '{self.path.name}' has failed.", "Save a copy elsewhere.")
        with translated(self.path):
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                yield self.connection
                self.connection.execute("COMMIT")
            except (apsw.IOError, apsw.CantOpenError, apsw.CorruptError):
                self.lost = True
                raise
            finally:
                self._roll_back()

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            try:
                self.connection.execute("ROLLBACK")
            except apsw.Error:
                self.lost = True

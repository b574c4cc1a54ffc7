"""How a project file comes to be open: made, locked for this process, or read from a copy."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

import apsw

from studio.project.store import migrating, packing, placing, schema, tables
from studio.project.store.disk import Disk
from studio.project.store.faults import InUse
from studio.project.store.locks import Lock
from studio.project.store.snapshots import Snapshot, has_journal, journal_of

READ = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_NOFOLLOW
WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_NOFOLLOW
#: Bytes in a name, on all file systems of today.
_LONGEST = 255
ASKED = "It was opened for reading only."
PROTECTED = "The file, its folder or its disk is write-protected."
NEWER = "It was made by a newer Sfumato, which this one must not change."


def beside(path: Path) -> Path:
    """A name of nothing yet, in the same folder."""
    return path.with_name(f".sfumato-{secrets.token_hex(8)}.part")


def create(path: Path, replace: bool = False) -> None:
    """Make a project with an empty picture; it is whole as soon as it has its name.

    Args:
        path: Of the file.
        replace: Whether it takes the place of what is there.

    Raises:
        OSError: There is a file of that name, or none can be made.
        apsw.Error: Likewise.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not replace:
        raise FileExistsError(errno.EEXIST, "there is a file of that name")
    if len(os.fsencode(journal_of(target).name)) > _LONGEST:
        raise OSError(errno.ENAMETOOLONG, "there is no room for the name of its journal")
    temporary = beside(target)
    try:
        lay(temporary)
        placing.place(temporary, target)
    except BaseException:
        if not temporary.exists():  # it has its name already, but the disk does not confirm it
            target.unlink(missing_ok=True)
        raise
    finally:
        temporary.unlink(missing_ok=True)


def lay(path: Path) -> None:
    """Write an empty project there, whatever becomes of it."""
    connection = schema.connected(path, WRITE | apsw.SQLITE_OPEN_CREATE)
    try:
        schema.make_durable(connection)
        connection.execute("BEGIN IMMEDIATE")
        schema.lay(connection)
        row = tables.add_gesture(connection, 1, "", packing.packed_json({}), (), None)
        tables.write_head(connection, row, row, 2)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close(True)


def opened(path: Path, read_only: bool, lock: Lock | None = None) -> Disk:
    """The file with its schema compared, at the present version.

    Args:
        path: Without symbolic links.
        read_only: Not to write into it, whoever else does.
        lock: That of this file, when it is held already; it is released if opening fails.

    Raises:
        Refused, Damaged: The file is not one to be opened.
        InUse: Another process writes into it.
        apsw.Error, OSError: It cannot be read.
    """
    why = ASKED if read_only else "" if writable(path) else PROTECTED
    if why:
        if lock is not None:
            lock.release()
        return to_read(path, why)
    lock = lock or Lock(path)
    try:
        version = schema.version_of(path)
    except BaseException:
        lock.release()
        raise
    if version > schema.VERSION:
        lock.release()
        return to_read(path, NEWER)
    try:
        connection = schema.connected(path, WRITE)
        try:
            _take(connection, path)
            schema.check(connection, path, version)
            migrating.migrate(connection, version)
        except BaseException:
            connection.close(True)
            raise
    except BaseException:
        lock.release()
        raise
    return Disk(path, connection, "", lock)


def writable(path: Path) -> bool:
    """Whether this user may change the file and what lies beside it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _take(connection: apsw.Connection, path: Path) -> None:
    """Keep other programs out, until the connection is closed.

    A journal that a crash has left is rolled back here.
    """
    try:
        schema.make_durable(connection)
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except apsw.BusyError as error:
        raise InUse(
            f"'{path.name}' is open in another window.", "Close it there to change it here."
        ) from error


def to_read(path: Path, why: str) -> Disk:
    """Open a copy of a file that somebody may be writing, and one that nobody can as it is.

    Raises:
        Refused, Damaged, InUse, apsw.Error, OSError: As `opened`.
    """
    version = schema.version_of(path)
    snapshot = None
    if why != PROTECTED or has_journal(path) or version < schema.VERSION:
        snapshot = Snapshot(path)
    try:
        if snapshot is None:
            connection = schema.connected(path, READ, uri=True)
        else:
            connection = schema.connected(snapshot.path, WRITE)
        try:
            schema.check(connection, path, version)
            migrating.migrate(connection, version)
        except BaseException:
            connection.close(True)
            raise
    except BaseException:
        if snapshot is not None:
            snapshot.remove()
        raise
    why = NEWER if version > schema.VERSION else why
    return Disk(path, connection, why, snapshot=snapshot)

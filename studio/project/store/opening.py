"""How a project file comes to be open: made, locked by this process, or read only."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

import apsw

from studio.project.store import contents, packing, placing, schema, seals
from studio.project.store.faults import InUse

_READ = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_NOFOLLOW
_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_NOFOLLOW


def create(path: Path) -> None:
    """Make a project with an empty picture; it is whole as soon as it has its name.

    Raises:
        OSError: There is a file of that name, or none can be made.
        apsw.Error: Likewise.
    """
    target = Path(os.path.realpath(path))
    if target.exists():
        raise FileExistsError(errno.EEXIST, "there is a file of that name")
    temporary = target.with_name(f".sfumato-{secrets.token_hex(8)}.part")
    try:
        lay(temporary)
        placing.place(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def lay(path: Path) -> None:
    """Write an empty project there, whatever becomes of it."""
    connection = schema.connected(path, _WRITE | apsw.SQLITE_OPEN_CREATE)
    try:
        schema.make_durable(connection)
        connection.execute("BEGIN IMMEDIATE")
        schema.lay(connection)
        tree, changes, state = packing.packed_json({}), b"", seals.state_bytes(0)
        sealed = contents.row_seal(1, 1, "", tree, changes, state)
        chain = seals.seal(seals.START, sealed)
        connection.execute(
            "INSERT INTO gesture VALUES (1, 1, '', ?, ?, ?, ?, ?)",
            (tree, changes, state, sealed, chain),
        )
        connection.execute(
            "INSERT INTO head VALUES (1, 1, 1, 2, ?)", (contents.head_seal(1, 1, 2, chain),)
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close(True)


def opened(path: Path, read_only: bool) -> tuple[apsw.Connection, str]:
    """A connection on which the schema has been compared, and why it is read-only, if it is.

    Raises:
        Refused, Damaged: The file is not one to be opened.
        InUse: Another process writes into it.
        apsw.Error, OSError: It cannot be read.
    """
    version = schema.version_of(path)
    why = "It was opened for reading only." if read_only else _forbidden(path)
    if version > schema.VERSION:
        why = "It was made by a newer Sfumato, which this one must not change."
    connection = schema.connected(path, _READ if why else _WRITE)
    try:
        if not why:
            _lock(connection, path)
        schema.check(connection, path, version)
    except BaseException:
        connection.close(True)
        raise
    return connection, why


def _forbidden(path: Path) -> str:
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return ""
    return "The file, its folder or its disk is write-protected."


def _lock(connection: apsw.Connection, path: Path) -> None:
    """Take the file for this process, until the connection is closed.

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

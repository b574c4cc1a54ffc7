"""What is done to a whole project: forget, drop what nobody names, compact, copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from studio.project.store import contents, opening, placing, recovery, schema, tables, verification
from studio.project.store.contents import Contents
from studio.project.store.disk import Disk
from studio.project.store.faults import InUse
from studio.project.store.locks import Lock
from studio.project.store.snapshots import journal_of
from studio.project.store.values import Repairs


def forget(connection: apsw.Connection, held: Contents, count: int) -> Contents:
    """Let the base stand for the oldest gestures, too; within a transaction of the caller.

    Returns:
        The contents as they are then.
    """
    cells: contents.Cells = {}
    for row in held.rows[: count + 1]:
        contents.apply(cells, row.unpacked())
    old = held.rows[count]
    (label, tree) = next(
        connection.execute("SELECT label, tree FROM gesture WHERE id = ?", (old.id,))
    )
    connection.execute("DELETE FROM gesture WHERE id <= ?", (old.id,))
    base = tables.rebase(connection, old, label, tree, contents.listed(cells))
    rows = [base, *held.rows[count + 1 :]]
    tables.write_head(connection, rows[held.at - count], rows[-1], held.next)
    kept = Contents(rows, held.at - count, held.next, held.cells)
    drop_unnamed(connection, kept)
    return kept


def drop_unnamed(connection: apsw.Connection, held: Contents) -> None:
    """Remove the tiles that no gesture names any more; within a transaction of the caller."""
    named = held.named()
    for (name,) in list(connection.execute("SELECT digest FROM tile")):
        if name not in named:
            connection.execute("DELETE FROM tile WHERE digest = ?", (name,))


def copied(disk: Disk, target: Path) -> None:
    """Write a compact copy; it is verified before it gets its name.

    Raises:
        InUse: Somebody has the target open, or a transaction into it was cut off.
        Damaged: The original, or what was written, is not as it should be.
        apsw.Error, OSError: It cannot be written; what was there before still is.
    """
    with _free(target), _written(disk, target) as temporary:
        placing.place(temporary, target)


def placed(copy: Path, target: Path) -> None:
    """Give a copy the name of the target, once it is verified.

    Raises:
        InUse, Damaged, apsw.Error, OSError: As `copied`.
    """
    with _free(target):
        _verify(copy, target)
        placing.place(copy, target)


def compacted(disk: Disk) -> tuple[Disk, Contents]:
    """Put a compact copy in the place of the file itself.

    Raises:
        Damaged, apsw.Error, OSError: It is as before, and open, unless the disk says it is lost.
    """
    with _written(disk, disk.path) as temporary:
        lock = disk.close(keep_lock=True)
        disk.lost = True  # until it is open again
        try:
            placing.place(temporary, disk.path)
        finally:
            again = opening.opened(disk.path, False, lock)
            disk.take(again)
    return disk, verification.read(disk.connection, disk.path, thorough=False)[0]


def renewed(disk: Disk) -> tuple[Disk, Contents, Repairs]:
    """Open a file whose disk has failed once more, believe only what verifies, and rewrite it.

    Raises:
        FileError, apsw.Error, OSError: The disk is still failing, or gone.
    """
    lock = disk.close(keep_lock=True)
    disk.lost = True
    again, held, found = recovery.opened(disk.path, False, True, lock)
    try:
        again, held = compacted(again)
    except BaseException:
        again.close()
        raise
    return again, held, found


@contextmanager
def _written(disk: Disk, target: Path) -> Iterator[Path]:
    """A verified, compact copy beside the target, for as long as it is needed."""
    temporary = opening.beside(target)
    try:
        disk.connection.execute("VACUUM INTO ?", (str(temporary),))
        _verify(temporary, target)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _free(target: Path) -> Iterator[None]:
    """Nobody has the target open within."""
    lock = Lock(target)
    try:
        if journal_of(target).exists():
            raise InUse(f"'{target.name}' is being written.", "Take another name.")
        yield
    finally:
        lock.release()


def _verify(temporary: Path, target: Path) -> None:
    """See that what is to become the target is on the disk, and all of it as it was written."""
    placing.flush(temporary)
    connection = schema.connected(temporary, opening.READ)
    try:
        schema.check(connection, temporary, schema.VERSION)
        verification.read(connection, target, thorough=True)
    finally:
        connection.close(True)

"""Opening as the ordinary start: verify, and when something is wrong, mend a copy and say so."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

from studio.project.store import opening, placing, salvaging, schema, verification
from studio.project.store.contents import Contents
from studio.project.store.disk import Disk
from studio.project.store.faults import WRONG
from studio.project.store.locks import Lock
from studio.project.store.snapshots import Snapshot, journal_of
from studio.project.store.values import Repairs


def opened(
    path: Path, read_only: bool, thorough: bool, lock: Lock | None = None
) -> tuple[Disk, Contents, Repairs]:
    """A project whose every promise holds, mended where it had to be.

    Raises:
        Damaged: So little is left that no picture can be made of it.
        FileError, apsw.Error, OSError: It cannot be opened.
    """
    try:
        return _verified(opening.opened(path, read_only, lock), thorough, ())
    except WRONG:
        if read_only or not opening.writable(path):
            return _from_copy(path)
    said, kept = _mend_in_place(path)
    disk, held, found = _verified(opening.opened(path, False), False, said)
    return disk, held, Repairs(found.gestures, found.tiles, said, kept, "")


def _verified(disk: Disk, thorough: bool, said: tuple[str, ...]) -> tuple[Disk, Contents, Repairs]:
    try:
        held, tiles = verification.read(disk.connection, disk.path, thorough)
    except BaseException:
        disk.close()
        raise
    return disk, held, Repairs(len(held.rows) - 1, tiles, said, None, disk.why)


def _mend_in_place(path: Path) -> tuple[tuple[str, ...], Path]:
    """Put a mended project in the place of a damaged one, which stays beside it."""
    lock = Lock(path)
    temporary = opening.beside(path)
    try:
        found, line = salvaging.rescue(path, temporary)
        kept = _keep(path)
        if journal_of(path).exists():
            placing.rename(journal_of(path), journal_of(kept))
        placing.place(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
        lock.release()
    said = salvaging.sentences(found, line)
    return (*said, f"The file as it was found is kept as '{kept.name}'."), kept


def _keep(path: Path) -> Path:
    """Give the damaged file a second name; the first is then free to be replaced."""
    for number in itertools.count(1):
        word = "damaged" if number == 1 else f"damaged {number}"
        kept = path.with_name(f"{path.stem} ({word}){path.suffix}")
        try:
            placing.copy_name(path, kept)
        except FileExistsError:
            continue
        return kept
    raise AssertionError


def _from_copy(path: Path) -> tuple[Disk, Contents, Repairs]:
    """Read a mended copy of a file that must not be touched."""
    snapshot = Snapshot(path)
    try:
        with tempfile.TemporaryDirectory(prefix="sfumato-") as folder:
            mended = Path(folder) / path.name
            snapshot.roll_back()
            found, line = salvaging.rescue(snapshot.path, mended)
            mended.replace(snapshot.path)
        why = opening.ASKED if opening.writable(path) else opening.PROTECTED
        connection = schema.connected(snapshot.path, opening.READ)
        disk = Disk(path, connection, why, snapshot=snapshot)
    except BaseException:
        snapshot.remove()
        raise
    return _verified(disk, False, salvaging.sentences(found, line))

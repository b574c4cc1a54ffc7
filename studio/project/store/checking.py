"""What a project is worth: sound, or damaged and so much of it can be saved. Nothing is changed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from studio.project.store import opening, placing, salvaging, schema, verification
from studio.project.store.disk import Disk
from studio.project.store.faults import WRONG, InUse, translated
from studio.project.store.found import Found, sift
from studio.project.store.locks import Lock
from studio.project.store.mending import Mended, mended
from studio.project.store.pages import Pages
from studio.project.store.snapshots import Snapshot, has_journal


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    Attributes:
        sound: Every seal and every digest holds.
        steps: Steps of the history that are whole, or can be saved.
        tiles: Parts of the picture (256 x 256 px) that are whole.
        older: Parts that can be saved only as they were at an earlier step.
        empty: Parts that are lost.
        records: Jobs, takes, prompts and the like that are whole.
        sentences: What is wrong and what can be saved; when sound, nothing.
        savable: Whether a picture can be made of it.
    """

    sound: bool
    steps: int = 0
    tiles: int = 0
    older: int = 0
    empty: int = 0
    records: int = 0
    sentences: tuple[str, ...] = ()
    savable: bool = True


def check(path: Path) -> Findings:
    """Verify every byte that matters.

    Raises:
        Refused: It is no project, or a harmful one.
        FileError: It cannot be read.
    """
    target = Path(os.path.realpath(path))
    with translated(target, reading=True):
        try:
            with _read(target) as disk:
                held, _ = verification.read(disk.connection, target, thorough=True)
                cells = sum(len(grid) for grid in held.cells.values())
                (records,) = next(disk.connection.execute("SELECT count(*) FROM record"))
                return Findings(True, len(held.rows) - 1, cells, records=records)
        except WRONG:
            pass
        with _source(target) as source, Pages(source, schema.MAX_VALUE) as pages:
            found = sift(pages.rows(), lambda *_: None)
        return _findings(found, mended(found))


def salvage(path: Path, out: Path) -> Findings:
    """Save what can be saved into a new project.

    Raises:
        Damaged: Nothing can.
        FileError: There is a file of that name, or it cannot be written.
    """
    target, new = Path(os.path.realpath(path)), Path(os.path.realpath(out))
    with translated(new):
        if new.exists():
            raise FileExistsError(errno.EEXIST, "there is a file of that name")
        temporary = opening.beside(new)
        try:
            with _source(target) as source:
                found, line = salvaging.rescue(source, temporary)
            placing.place(temporary, new)
        finally:
            temporary.unlink(missing_ok=True)
    return _findings(found, line)


def _findings(found: Found, line: Mended | None) -> Findings:
    if line is None:
        said = ("No step of its history can be read: nothing says what the picture was.",)
        return Findings(False, records=len(found.records), sentences=said, savable=False)
    return Findings(
        False,
        len(line.rows) - 1,
        line.whole,
        line.older,
        line.empty,
        len(found.records),
        salvaging.sentences(found, line),
    )


@contextmanager
def _read(path: Path) -> Iterator[Disk]:
    """The file itself when nobody writes into it, else a copy."""
    try:
        lock = Lock(path)
    except InUse:
        disk = opening.to_read(path, opening.ASKED)
    else:
        try:
            disk = opening.to_read(path, opening.PROTECTED)
        finally:
            lock.release()
    try:
        yield disk
    finally:
        disk.close()


@contextmanager
def _source(path: Path) -> Iterator[Path]:
    """The file, or a copy in which a transaction that was cut off has been undone."""
    if not has_journal(path):
        yield path
        return
    snapshot = Snapshot(path)
    try:
        snapshot.roll_back()
        yield snapshot.path
    finally:
        snapshot.remove()

"""Loading: all of a project file as plain values, whoever else has it open."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from studio.core.errors import FileError, UsageError
from studio.project.restore import Stored, read
from studio.project.store.copying import place
from studio.project.store.faults import Damaged, InUse
from studio.project.store.file import ProjectFile
from studio.project.store.opening import beside
from studio.project.store.values import Record
from studio.project.store.writer import Writer
from studio.project.tree import VIEW
from studio.project.unnamed import SUFFIX

#: Bytes of a file's name: SQLite puts '-journal' behind it, and most disks take 255.
LONGEST = 247
#: Records that the window brings back.
KINDS = ("view", "take", "recipe", "prompt", "job", "queue", "order", "home")


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A project that was read.

    Attributes:
        path: The file that the artist knows.
        project: Open for writing; None where nothing can be written.
        stored: The picture and its history.
        records: What lies beside it, by kind.
        repairs: What was mended, in sentences.
        in_use: Whether another window writes into the file.
        read_only: Why nothing can be written into it, a sentence; empty when it can.
        home: Where copies of it go when the artist saves; None: the file is written into itself.
        crashed: Whether the program ended without closing it.
    """

    path: Path
    project: ProjectFile | None
    stored: Stored
    records: Mapping[str, Sequence[Record]]
    repairs: tuple[str, ...] = ()
    in_use: bool = False
    read_only: str = ""
    home: Path | None = None
    crashed: bool = False


def load(path: Path, budget: int) -> Loaded:
    """Read a project; for any thread.

    Args:
        path: Of the file.
        budget: Bytes that restored steps of the history may keep.

    Raises:
        FileError: It cannot be read.
    """
    try:
        return _loaded(path, budget, thorough=False)
    except Damaged:
        # Tiles and records are verified when they are read; now all are, and mended.
        return _loaded(path, budget, thorough=True)


def _loaded(path: Path, budget: int, thorough: bool) -> Loaded:
    in_use = False
    try:
        project, repairs = ProjectFile.open(path, thorough=thorough)
    except InUse:
        in_use = True
        project, repairs = ProjectFile.open(path, read_only=True, thorough=thorough)
    try:
        stored = read(project, budget)
        records = {kind: project.records(kind) for kind in KINDS}
    except BaseException:
        project.close()
        raise
    if project.read_only:
        project.close()
    return Loaded(
        path,
        None if project.read_only else project,
        _as_seen(stored, records["view"]),
        records,
        repairs.sentences,
        in_use,
        repairs.read_only,
        _home(records["home"]),
    )


def _as_seen(stored: Stored, views: Sequence[Record]) -> Stored:
    """With what was chosen after the last step without one: the active layer, the frame."""
    for view in views:
        if view.header.get("gesture") == stored.gestures[stored.done]:
            chosen = {key: view.header[key] for key in VIEW if key in view.header}
            stored = replace(stored, tree={**stored.tree, **chosen})
    return stored


def _home(records: Sequence[Record]) -> Path | None:
    homes = [record.header.get("path") for record in records]
    return Path(homes[0]) if homes and isinstance(homes[0], str) else None


def fetched(path: Path, live: Path, budget: int) -> Loaded:
    """A project from a place where none can be written into, by way of a copy.

    Args:
        path: Where it lies; the copy's home.
        live: Where the copy goes.
        budget: As for `load`.

    Raises:
        FileError: It cannot be read, or not be copied.
    """
    project, _ = ProjectFile.open(path, read_only=True)
    try:
        project.copy_to(live)
    finally:
        project.close()
    loaded = load(live, budget)
    if loaded.project is not None:
        loaded.project.put("home", "", {"path": str(path)})
    return replace(loaded, home=path)


def copied(writer: Writer, path: Path) -> int:
    """Write a copy for another place, and note in the file that it is its home.

    Raises:
        FileError: It cannot be written there, or its own disk does not take the last strokes.
    """
    _check_name(path)
    if _copy(writer, path) is None:
        raise FileError("The last strokes are not on the disk yet.", "Try again in a moment.")
    writer.ask(lambda file: file.put("home", "", {"path": str(path)})).result()
    return path.stat().st_size


def made(path: Path) -> ProjectFile:
    """A new, empty project of that name, in place of what is there.

    Raises:
        FileError: It cannot be made, or another window has that file open.
    """
    _check_name(path)
    if path.exists():
        _check_free(path)
    return ProjectFile.create(path, replace=True)


def moved(writer: Writer, path: Path) -> tuple[ProjectFile, int] | None:
    """A copy, opened, and the number of the writer's newest work in it.

    The writer goes on with its own file meanwhile; None when its disk does not take any work.

    Raises:
        FileError: The copy cannot be made there.
    """
    _check_name(path)
    if path.exists():
        _check_free(path)
    number = _copy(writer, path)
    return None if number is None else (ProjectFile.open(path)[0], number)


def finished(writer: Writer, dispose: bool) -> bool:
    """Write what waits and close the file.

    Args:
        writer: Given nothing more.
        dispose: Delete the file then: there is nothing in it to keep.

    Returns:
        Whether all was written.
    """
    asked = writer.ask(lambda file: file.path) if dispose else None
    whole = writer.close()
    if asked is not None and asked.done() and asked.exception() is None:
        with suppress(OSError):
            asked.result().unlink(missing_ok=True)
    return whole


def _copy(writer: Writer, path: Path) -> int | None:
    """As `moved`, but not opened."""
    temporary = beside(Path(os.path.realpath(path)))
    try:
        number = writer.copy(temporary, path).result()
        if number is not None:
            place(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return number


def _check_name(path: Path) -> None:
    if len(os.fsencode(path.name)) > LONGEST:
        raise UsageError(
            f"'{path.name[:40]}…' is too long for the name of a picture.",
            f"Take one of at most {LONGEST - len(SUFFIX)} plain letters.",
        )


def _check_free(path: Path) -> None:
    """Nobody writes into it; what a kill has left beside it is gone then, too."""
    try:
        ProjectFile.open(path)[0].close()
    except InUse:
        raise
    except FileError:
        return  # whatever else it is, it is about to be replaced
    journal = path.with_name(f"{path.name}-journal")
    with suppress(OSError):
        if journal.stat().st_size == 0:  # opening has rolled it back: it says nothing
            journal.unlink()

"""Take what is whole out of a damaged project, into a new one that is whole."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import apsw

from studio.project.store import contents, opening, schema, tables
from studio.project.store.contents import Row
from studio.project.store.faults import damaged
from studio.project.store.found import Found, sift
from studio.project.store.mending import Mended, mended
from studio.project.store.pages import Pages


def rescue(path: Path, out: Path) -> tuple[Found, Mended]:
    """Write all that can be read of a project into a new one.

    Args:
        path: Is only read.
        out: Does not exist yet; is not flushed to the disk.

    Raises:
        Damaged: No step of the history can be read, so that nothing tells what the picture was.
        apsw.Error, OSError: The new file cannot be written, or the old one not be read at all.
    """
    opening.lay(out)
    connection = schema.connected(out, opening.WRITE)
    try:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("BEGIN")
        with Pages(path, schema.MAX_VALUE) as pages:
            found = sift(pages.rows(), partial(tables.put_tile, connection))
        line = mended(found)
        if line is None:
            raise damaged(path, "no step of its history can be read")
        _write(connection, found, line)
        connection.execute("COMMIT")
    finally:
        connection.close(True)
    return found, line


def _write(connection: apsw.Connection, found: Found, line: Mended) -> None:
    connection.execute("DELETE FROM gesture")
    rows: list[Row] = []
    cells: contents.Cells = {}
    for index, (number, label, tree, changes) in enumerate(line.rows):
        before = rows[-1] if rows else None
        rows.append(tables.add_gesture(connection, number, label, tree, changes, before))
        if index <= line.head:
            contents.apply(cells, tuple(changes))
    tables.write_cells(connection, contents.listed(cells))
    tables.write_head(connection, rows[line.head], rows[-1], rows[-1].id + 1)
    # Pages that were free still hold tiles of steps that are long forgotten.
    named = contents.Contents(rows, line.head, 0).named()
    for name in found.tiles - named:
        connection.execute("DELETE FROM tile WHERE digest = ?", (name,))
    for (kind, key), (_, header, blob) in sorted(
        found.records.items(), key=lambda record: record[1][0]
    ):
        tables.put_record(connection, kind, key, header, blob)


def sentences(found: Found, line: Mended) -> tuple[str, ...]:
    """What was lost and what was done about it, for the artist."""
    said = []
    if line.back:
        said.append("The last steps could not be read: the picture is as it was before them.")
    if line.gap:
        said.append("Some older steps of the history could not be read.")
    if line.torn:
        said.append("A step of the history is damaged: parts of the picture may be older.")
    if line.older:
        said.append(f"{_tiles(line.older)} damaged and shown as it was at an earlier step.")
    if line.empty:
        said.append(f"{_tiles(line.empty)} damaged and empty now.")
    if found.lost_records:
        said.append(f"{found.lost_records} of the jobs, takes or prompts kept with it are lost.")
    if not said:
        said.append("The picture and its history are whole; only how they were stored was damaged.")
    return tuple(said)


def _tiles(count: int) -> str:
    return "One part of the picture (256 x 256 px) is" if count == 1 else f"{count} parts are"

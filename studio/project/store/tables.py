"""What is written into the tables, within a transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw

from studio.document.tiles import Key
from studio.project.store import packing, seals
from studio.project.store.contents import HEAD, Row, head_seal, row_seal
from studio.project.store.values import Change

Place = tuple[int, Key]

_TILE = "INSERT OR IGNORE INTO tile (digest, grid, tx, ty, data) VALUES (?, ?, ?, ?, ?)"
_GESTURE = (
    "INSERT INTO gesture (id, base, label, state, sum, seal, chain, tree, changes) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_HEAD = f"INSERT OR REPLACE INTO head (id, {HEAD}) VALUES (1, ?, ?, ?, ?, ?, ?, ?)"
_CELL = "INSERT OR REPLACE INTO cell (grid, tx, ty, tile) VALUES (?, ?, ?, ?)"
_NO_CELL = "DELETE FROM cell WHERE grid = ? AND tx = ? AND ty = ?"
_RECORD = (
    "INSERT INTO record (kind, key, header, data, seal) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT (kind, key) DO UPDATE SET header = ?3, data = ?4, seal = ?5"
)


def put_tile(connection: apsw.Connection, name: bytes, place: Place, data: bytes) -> None:
    """Keep a tile, and where it was first used, unless there is one of that digest."""
    connection.execute(_TILE, (name, place[0], *place[1], data))


def add_gesture(
    connection: apsw.Connection,
    number: int,
    label: str,
    tree: bytes,
    changes: Sequence[Change],
    before: Row | None,
) -> Row:
    """Write a gesture after another, or a base when there is none before."""
    moved = packing.packed_changes(changes)
    state = seals.moved(before.sum if before else 0, changes)
    base, summed, total = int(before is None), packing.digest(moved), seals.state_bytes(state)
    sealed = row_seal(number, base, label, tree, summed, total)
    chain = seals.seal(before.chain if before else seals.START, sealed)
    row = (number, base, label, total, summed, sealed, chain, tree, moved)
    connection.execute(_GESTURE, row)
    return Row(number, moved, total, chain)


def rebase(
    connection: apsw.Connection, old: Row, label: str, tree: bytes, tiles: Sequence[Change]
) -> Row:
    """Write a base in the place of a gesture, with its link, so that the line goes on from it."""
    moved = packing.packed_changes(tiles)
    summed = packing.digest(moved)
    sealed = row_seal(old.id, 1, label, tree, summed, old.state)
    row = (old.id, 1, label, old.state, summed, sealed, old.chain, tree, moved)
    connection.execute(_GESTURE, row)
    return Row(old.id, moved, old.state, old.chain)


def write_cells(connection: apsw.Connection, changes: Iterable[Change]) -> None:
    """Bring the list of tiles at the head up to date."""
    for grid, (tx, ty), _, after in changes:
        if after is None:
            connection.execute(_NO_CELL, (grid, tx, ty))
        else:
            connection.execute(_CELL, (grid, tx, ty, after))


def write_head(connection: apsw.Connection, row: Row, last: Row, following: int) -> None:
    """Say where the document stands, at a gesture that has been written."""
    (tree,) = next(connection.execute("SELECT tree FROM gesture WHERE id = ?", (row.id,)))
    values = (row.id, last.id, following, last.chain, row.state)
    sealed = head_seal(*values, tree)
    connection.execute(_HEAD, (*values, sealed, tree))


def put_record(
    connection: apsw.Connection, kind: str, key: str, header: bytes, blob: bytes
) -> None:
    """Keep a record, in the place of one of the same kind and key."""
    sealed = seals.seal(kind, key, header, blob)
    connection.execute(_RECORD, (kind, key, header, blob, sealed))

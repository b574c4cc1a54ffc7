"""What changes the line of gestures: each a transaction, and then the contents in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apsw

from studio.core.pixels import Pixels
from studio.document.tiles import Key
from studio.project.store import contents, packing, tables, upkeep
from studio.project.store.contents import Contents, Row
from studio.project.store.disk import Disk
from studio.project.store.values import Change, Gesture, TileChange


def add(disk: Disk, held: Contents, gesture: Gesture, onto: int) -> int:
    """Put a gesture after the row of that index; what lies between becomes part of it.

    What was undone is dropped.

    Returns:
        The gesture's id.

    Raises:
        FileError: The file and `held` are as before.
    """
    tree = packing.packed_json(gesture.tree)
    with disk.transaction() as connection:
        connection.execute("DELETE FROM gesture WHERE id > ?", (held.rows[onto].id,))
        if held.rows[held.at + 1 :]:
            upkeep.drop_unnamed(connection, held.until_head())
        names = _put_tiles(connection, gesture.changes)
        changes = list(_changed(held, gesture.changes, names))
        whole = _joined(held.rows[onto + 1 : held.at + 1], changes)
        before = held.rows[onto]
        row = tables.add_gesture(connection, held.next, gesture.label, tree, whole, before)
        tables.write_cells(connection, changes)
        tables.write_head(connection, row, row, row.id + 1)
    contents.apply(held.cells, tuple(changes))
    held.rows[onto + 1 :] = [row]
    held.at, held.next = onto + 1, row.id + 1
    return row.id


def move(disk: Disk, held: Contents, to: int) -> None:
    """Let the head stand at the row of that index.

    Raises:
        FileError: It is where it was.
    """
    if to == held.at:
        return
    back = to < held.at
    rows = held.rows[to + 1 : held.at + 1][::-1] if back else held.rows[held.at + 1 : to + 1]
    final: dict[tuple[int, Key], Change] = {}
    for row in rows:
        for grid, key, before, after in row.unpacked():
            final[grid, key] = Change(grid, key, None, before if back else after)
    changes = tuple(final.values())
    with disk.transaction() as connection:
        tables.write_cells(connection, changes)
        tables.write_head(connection, held.rows[to], held.rows[-1], held.next)
    contents.apply(held.cells, changes)
    held.at = to


def begin(
    disk: Disk,
    held: Contents,
    tree: Mapping[str, Any],
    grids: Iterable[tuple[int, Key, Pixels]],
) -> Contents:
    """Let the line be a base alone, of these tiles; they are taken as they are written.

    Returns:
        The contents as they are then.

    Raises:
        FileError: The file is as before.
    """
    said = packing.packed_json(tree)
    places: list[tuple[int, Key]] = []
    changes = []
    with disk.transaction() as connection:
        for table in ("gesture", "cell", "tile"):
            connection.execute(f"DELETE FROM {table}")
        packs = packing.packed_all(_split(grids, places))
        for (name, data), (grid, key) in zip(packs, places, strict=True):
            tables.put_tile(connection, name, (grid, key), data)
            changes.append(Change(grid, key, None, name))
        row = tables.add_gesture(connection, held.next, "", said, changes, None)
        tables.write_cells(connection, changes)
        tables.write_head(connection, row, row, row.id + 1)
    begun = Contents([row], 0, row.id + 1)
    contents.apply(begun.cells, tuple(changes))
    return begun


def _changed(
    held: Contents, changes: Iterable[TileChange], names: Mapping[int, bytes]
) -> Iterator[Change]:
    for change in changes:
        before = held.cells.get(change.grid, {}).get(change.key)
        after = None if change.after is None else names[id(change.after)]
        if before != after:
            yield Change(change.grid, change.key, before, after)


def _split(
    grids: Iterable[tuple[int, Key, Pixels]], places: list[tuple[int, Key]]
) -> Iterator[Pixels]:
    """The tiles alone; where each belongs is noted first."""
    for grid, key, pixels in grids:
        places.append((grid, key))
        yield pixels


def _put_tiles(connection: apsw.Connection, changes: tuple[TileChange, ...]) -> dict[int, bytes]:
    """Write every array, while the next ones are packed; one that stands at many places once.

    Returns:
        Their digests, by their identities.
    """
    first = {
        id(change.after): (change.after, (change.grid, change.key))
        for change in reversed(changes)
        if change.after is not None
    }
    names = {}
    packs = packing.packed_all(array for array, _ in first.values())
    for (number, (_, place)), (name, data) in zip(first.items(), packs, strict=True):
        tables.put_tile(connection, name, place, data)
        names[number] = name
    return names


def _joined(rows: Iterable[Row], changes: Iterable[Change]) -> list[Change]:
    """The changes of some gestures in a row and these as those of one."""
    whole = {(each.grid, each.key): each for row in rows for each in row.unpacked()}
    for change in changes:
        earlier = whole.get((change.grid, change.key), change)
        whole[change.grid, change.key] = change._replace(before=earlier.before)
    return [each for each in whole.values() if each.before != each.after]

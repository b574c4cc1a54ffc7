"""One project file, open: gestures go in, the head moves, tiles and trees come out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import apsw

from studio.core.pixels import Pixels
from studio.document.tiles import Key
from studio.project.store import contents, opening, packing, seals
from studio.project.store.contents import Contents, Row
from studio.project.store.faults import Refused, Unsure, damaged, translated
from studio.project.store.values import (
    Change,
    Gesture,
    GestureRow,
    Head,
    Record,
    Repairs,
    TileChange,
)

_INSERT_TILE = "INSERT OR IGNORE INTO tile (digest, data) VALUES (?, ?)"
_INSERT_GESTURE = (
    "INSERT INTO gesture (id, base, label, tree, changes, state, seal, chain) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_WRITE_HEAD = "INSERT OR REPLACE INTO head (id, gesture, last, next, seal) VALUES (1, ?, ?, ?, ?)"
_WRITE_CELL = "INSERT OR REPLACE INTO cell (grid, tx, ty, tile) VALUES (?, ?, ?, ?)"
_DROP_CELL = "DELETE FROM cell WHERE grid = ? AND tx = ? AND ty = ?"


class ProjectFile:
    """A project; one thread uses it, and no other process while it is open for writing.

    What a method has returned from is on the disk. What a method has raised from is not, and the
    file is as it was before.
    """

    def __init__(self, path: Path, connection: apsw.Connection, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._lost = False
        self._contents: Contents = Contents([], 0, 1)

    @classmethod
    def create(cls, path: Path) -> ProjectFile:
        """A new project with an empty picture, open for writing.

        Raises:
            FileError: There is such a file, or it cannot be made there.
        """
        with translated(path):
            opening.create(path)
        return cls.open(path)[0]

    @classmethod
    def open(cls, path: Path, read_only: bool = False) -> tuple[ProjectFile, Repairs]:
        """Open and verify a project.

        Raises:
            Refused: It is none, or may not be opened.
            Damaged: It is beyond what can be mended.
            FileError: It cannot be read.
        """
        target = Path(os.path.realpath(path))
        with translated(target):
            connection, why = opening.opened(target, read_only)
            project = cls(target, connection, bool(why))
            try:
                project._contents = contents.read(connection, target)
                found = project._verify()
            except BaseException:
                connection.close()
                raise
        return project, Repairs(len(project._contents.rows) - 1, found, read_only=why)

    def _verify(self) -> int:
        there = {name for (name,) in self._connection.execute("SELECT digest FROM tile")}
        named = self._contents.named()
        if not named <= there:
            raise damaged(self.path, f"{len(named - there)} of its tiles are missing")
        return len(named)

    # ------------------------------------------------------------------------------- the line

    @property
    def base(self) -> int:
        """The id that stands for the state before the oldest gesture."""
        return self._contents.rows[0].id

    def head(self) -> Head:
        """Where the document stands."""
        number = self._contents.head.id
        with self._reading():
            found = self._connection.execute("SELECT tree FROM gesture WHERE id = ?", (number,))
            return Head(number, packing.unpacked_json(found.get))

    def line(self) -> list[GestureRow]:
        """The gestures, oldest to newest, also those that are undone; without the base."""
        changes = {row.id: row for row in self._contents.rows[1:]}
        with self._reading():
            return [
                GestureRow(number, label, packing.unpacked_json(tree), changes[number].unpacked())
                for number, label, tree in self._connection.execute(
                    "SELECT id, label, tree FROM gesture WHERE base = 0 ORDER BY id"
                )
            ]

    def commit(self, gesture: Gesture) -> int:
        """Put a gesture after the head and move there; gestures that were undone are dropped.

        Returns:
            The gesture's id.

        Raises:
            FileError: It is not in the file, which is as before.
        """
        tiles = _packed(gesture.changes)
        held, changes = self._contents, []
        for change in gesture.changes:
            before = held.cells.get(change.grid, {}).get(change.key)
            after = None if change.after is None else tiles[id(change.after)][0]
            if before != after:
                changes.append(Change(change.grid, change.key, before, after))
        state = seals.moved(int.from_bytes(held.head.state, "little"), changes)
        with self._transaction() as connection:
            connection.execute("DELETE FROM gesture WHERE id > ?", (held.head.id,))
            connection.executemany(_INSERT_TILE, tiles.values())
            row = self._insert(held.next, 0, gesture.label, gesture.tree, changes, state)
            self._write_cells(changes)
            self._write_head(row, row, row.id + 1)
        contents.apply(held.cells, tuple(changes))
        held.rows[held.at + 1 :] = [row]
        held.at, held.next = held.at + 1, row.id + 1
        return row.id

    def move_head(self, gesture: int) -> None:
        """Undo or redo to that gesture, or to the base.

        Raises:
            ValueError: It is not on the line.
            FileError: The head is where it was.
        """
        held = self._contents
        to = next((index for index, row in enumerate(held.rows) if row.id == gesture), None)
        if to is None:
            raise ValueError(f"gesture {gesture} is not on the line")
        self._move(to)

    def step(self, count: int) -> None:
        """Redo that many gestures, or undo them when it is negative.

        Raises:
            ValueError: There are not so many.
            FileError: The head is where it was.
        """
        to = self._contents.at + count
        if not 0 <= to < len(self._contents.rows):
            raise ValueError(f"there are no {count} steps to go")
        self._move(to)

    def _move(self, to: int) -> None:
        held = self._contents
        if to == held.at:
            return
        back = to < held.at
        rows = held.rows[to + 1 : held.at + 1][::-1] if back else held.rows[held.at + 1 : to + 1]
        final: dict[tuple[int, Key], Change] = {}
        for row in rows:
            for grid, key, before, after in row.unpacked():
                final[grid, key] = Change(grid, key, None, before if back else after)
        changes = tuple(final.values())
        with self._transaction():
            self._write_cells(changes)
            self._write_head(held.rows[to], held.rows[-1], held.next)
        contents.apply(held.cells, changes)
        held.at = to

    def baseline(self, tree: Mapping[str, Any], grids: Iterable[tuple[int, Key, Pixels]]) -> int:
        """Start over: the line is empty and this is the picture.

        Args:
            tree: All of the document but pixels.
            grids: Its tiles, taken one by one as they are written.

        Returns:
            The id of the base.

        Raises:
            FileError: The file is as before.
        """
        held, changes = self._contents, []
        with self._transaction() as connection:
            for table in ("gesture", "cell", "tile"):
                connection.execute(f"DELETE FROM {table}")
            for grid, key, pixels in grids:
                name, data = packing.packed(pixels)
                connection.execute(_INSERT_TILE, (name, data))
                changes.append(Change(grid, key, None, name))
            row = self._insert(held.next, 1, "", tree, changes, seals.moved(0, changes))
            self._write_cells(changes)
            self._write_head(row, row, row.id + 1)
        self._contents = Contents([row], 0, row.id + 1)
        contents.apply(self._contents.cells, tuple(changes))
        return row.id

    def _insert(
        self,
        number: int,
        base: int,
        label: str,
        tree: Mapping[str, Any],
        changes: list[Change],
        state: int,
    ) -> Row:
        said, moved, sum_ = (
            packing.packed_json(tree),
            packing.packed_changes(changes),
            seals.state_bytes(state),
        )
        sealed = contents.row_seal(number, base, label, said, moved, sum_)
        chain = seals.seal(seals.START if base else self._contents.head.chain, sealed)
        values = (number, base, label, said, moved, sum_, sealed, chain)
        self._connection.execute(_INSERT_GESTURE, values)
        return Row(number, moved, sum_, chain)

    def _write_cells(self, changes: Iterable[Change]) -> None:
        for grid, (tx, ty), _, after in changes:
            if after is None:
                self._connection.execute(_DROP_CELL, (grid, tx, ty))
            else:
                self._connection.execute(_WRITE_CELL, (grid, tx, ty, after))

    def _write_head(self, row: Row, last: Row, following: int) -> None:
        sealed = contents.head_seal(row.id, last.id, following, last.chain)
        self._connection.execute(_WRITE_HEAD, (row.id, last.id, following, sealed))

    # ------------------------------------------------------------------------------- the tiles

    def grids(self) -> tuple[int, ...]:
        """The grids that hold a tile at the head."""
        return tuple(grid for grid, held in self._contents.cells.items() if held)

    def tiles(self, grid: int) -> Mapping[Key, bytes]:
        """Digests of a grid's tiles at the head."""
        return dict(self._contents.cells.get(grid, {}))

    def packed(self, name: bytes) -> bytes:
        """The compressed tile of that digest.

        Raises:
            KeyError: There is none.
            FileError: It cannot be read.
        """
        with self._reading():
            found = self._connection.execute("SELECT data FROM tile WHERE digest = ?", (name,)).get
        if found is None:
            raise KeyError(name.hex())
        return bytes(found)

    def pixels(self, name: bytes) -> Pixels:
        """The tile of that digest, verified: uint8 `[256, 256, c]` or `[256, 256]`, read-only.

        Raises:
            KeyError: There is none.
            Damaged: It is not as it was written.
            FileError: It cannot be read.
        """
        try:
            return packing.verified(self.packed(name), name)
        except ValueError as error:
            raise damaged(self.path, "a tile is not as it was written") from error

    # ----------------------------------------------------------------------------- the records

    def put(self, kind: str, key: str, header: Mapping[str, Any], blob: bytes = b"") -> None:
        """Keep a record; one of the same kind and key is replaced.

        Raises:
            FileError: It is not in the file.
        """
        said = packing.packed_json(header)
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO record (kind, key, header, data, seal) VALUES (?1, ?2, ?3, ?4, ?5) "
                "ON CONFLICT (kind, key) DO UPDATE SET header = ?3, data = ?4, seal = ?5",
                (kind, key, said, blob, seals.seal(kind, key, said, blob)),
            )

    def drop(self, kind: str, key: str) -> None:
        """Remove a record; it need not be there.

        Raises:
            FileError: It is still in the file.
        """
        with self._transaction() as connection:
            connection.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))

    def records(self, kind: str) -> list[Record]:
        """All records of a kind, in the order in which they were first put.

        Raises:
            Damaged: One is not as it was written.
        """
        found = []
        with self._reading():
            for key, header, blob, sealed in self._connection.execute(
                "SELECT key, header, data, seal FROM record WHERE kind = ? ORDER BY id", (kind,)
            ):
                if sealed != seals.seal(kind, key, header, blob):
                    raise damaged(self.path, f"a record ({kind}) is not as it was written")
                found.append(Record(kind, key, packing.unpacked_json(header), blob))
        return found

    # --------------------------------------------------------------------------------- the file

    @property
    def lost(self) -> bool:
        """Whether the disk has failed, so that the file must be written anew."""
        return self._lost

    def renew(self) -> None:
        """Write what the file holds into a new one, which takes its place.

        Raises:
            FileError: That failed as well.
        """
        self._connection.close(True)
        again, _ = ProjectFile.open(self.path)
        self._connection, self._contents, self._lost = again._connection, again._contents, False

    def close(self) -> None:
        """Let go of the file; nothing is left beside it."""
        if not (self.read_only or self._lost):
            with suppress(apsw.Error):
                self._connection.execute("PRAGMA journal_mode=DELETE")
        self._connection.close(True)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with translated(self.path):
            try:
                yield
            except ValueError as error:
                raise damaged(self.path, "what it says cannot be understood") from error

    @contextmanager
    def _transaction(self) -> Iterator[apsw.Connection]:
        if self.read_only:
            raise Refused(f"'{self.path.name}' is open for reading only.", "Save a copy of it.")
        if self._lost:
            raise Unsure(f"The disk of '{self.path.name}' has failed.", "Save a copy elsewhere.")
        with translated(self.path):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except apsw.IOError:
                self._lost = True
                raise
            finally:
                if self._connection.in_transaction:
                    with suppress(apsw.Error):
                        self._connection.execute("ROLLBACK")


def _packed(changes: tuple[TileChange, ...]) -> dict[int, tuple[bytes, bytes]]:
    """Digest and bytes of every array, by its identity; one that stands at many places once."""
    arrays = {id(change.after): change.after for change in changes if change.after is not None}
    return {number: packing.packed(array) for number, array in arrays.items()}

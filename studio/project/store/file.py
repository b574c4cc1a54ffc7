"""One project file, open: gestures go in, the head moves, tiles and trees come out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from studio.core.pixels import Pixels
from studio.document.tiles import Key
from studio.project.store import lines, opening, packing, recovery, seals, tables, upkeep
from studio.project.store.contents import Contents
from studio.project.store.copying import Copy
from studio.project.store.disk import Disk
from studio.project.store.faults import damaged, translated
from studio.project.store.values import (
    Gesture,
    GestureRow,
    Head,
    Record,
    Repairs,
)


class ProjectFile:
    """A project; one thread uses it, and no other process while it is open for writing.

    What a method has returned from is on the disk. What a method has raised from is not, and the
    file is as it was before.
    """

    def __init__(self, disk: Disk, held: Contents) -> None:
        self._disk = disk
        self._contents = held

    @classmethod
    def create(cls, path: Path, replace: bool = False) -> ProjectFile:
        """A new project with an empty picture, open for writing.

        Args:
            path: Of nothing yet, or of what is replaced.
            replace: Whether something may be.

        Raises:
            FileError: There is such a file, or it cannot be made there.
        """
        with translated(path):
            opening.create(path, replace)
        return cls.open(path)[0]

    @classmethod
    def open(
        cls, path: Path, read_only: bool = False, thorough: bool = False
    ) -> tuple[ProjectFile, Repairs]:
        """Open and verify a project; a damaged one is mended, and kept beside as it was found.

        Args:
            path: Of the file; a symbolic link is followed.
            read_only: See it as it is now, whoever writes into it.
            thorough: Verify every tile and record now, and not only when it is read: after
                `pixels` or `records` have found a damaged one, this mends it.

        Raises:
            Refused: It is none, or may not be opened.
            InUse: Another window writes into it; it can still be opened to read.
            Damaged: It is beyond what can be mended.
            FileError: It cannot be read.
        """
        target = Path(os.path.realpath(path))
        with translated(target, reading=True):
            disk, held, found = recovery.opened(target, read_only, thorough)
        return cls(disk, held), found

    @property
    def path(self) -> Path:
        """Of the file, without symbolic links."""
        return self._disk.path

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written; `Repairs` says why."""
        return bool(self._disk.why)

    # ------------------------------------------------------------------------------- the line

    @property
    def base(self) -> int:
        """The id that stands for the state before the oldest gesture."""
        return self._contents.rows[0].id

    @property
    def mark(self) -> tuple[int, int, int]:
        """Tells whether a transaction on the line has happened: base, head and last gesture."""
        held = self._contents
        return held.rows[0].id, held.head.id, held.rows[-1].id

    def head(self) -> Head:
        """Where the document stands."""
        number = self._contents.head.id
        with self._disk.reading() as connection:
            found = connection.execute("SELECT tree FROM gesture WHERE id = ?", (number,))
            return Head(number, packing.unpacked_json(found.get))

    def tree(self, gesture: int) -> Mapping[str, Any]:
        """All of the document but pixels after that gesture, or at the base.

        Raises:
            KeyError: It is not on the line.
        """
        with self._disk.reading() as connection:
            found = connection.execute("SELECT tree FROM gesture WHERE id = ?", (gesture,)).get
            if found is None:
                raise KeyError(gesture)
            return packing.unpacked_json(found)

    def line(self) -> list[GestureRow]:
        """The gestures, oldest to newest, also those that are undone; without the base."""
        changes = {row.id: row for row in self._contents.rows[1:]}
        with self._disk.reading() as connection:
            return [
                GestureRow(number, label, packing.unpacked_json(tree), changes[number].unpacked())
                for number, label, tree in connection.execute(
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
        return lines.add(self._disk, self._contents, gesture, self._contents.at)

    def amend(self, gesture: Gesture) -> int:
        """Let the gesture at the head and this one, which follows it, be one.

        At the base it is committed.

        Returns:
            The gesture's id.

        Raises:
            FileError: The file is as before.
        """
        onto = max(0, self._contents.at - 1)
        return lines.add(self._disk, self._contents, gesture, onto)

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
        lines.move(self._disk, self._contents, to)

    def step(self, count: int) -> None:
        """Redo that many gestures, or undo them when it is negative.

        Raises:
            ValueError: There are not so many.
            FileError: The head is where it was.
        """
        to = self._contents.at + count
        if not 0 <= to < len(self._contents.rows):
            raise ValueError(f"there are no {count} steps to go")
        lines.move(self._disk, self._contents, to)

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
        self._contents = lines.begin(self._disk, self._contents, tree, grids)
        return self._contents.head.id

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
        with self._disk.reading() as connection:
            found = connection.execute("SELECT data FROM tile WHERE digest = ?", (name,)).get
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

    def read(self, names: Iterable[bytes]) -> Iterator[tuple[bytes, Pixels]]:
        """Many tiles, each verified, as `pixels` gives them; on all cores, and in that order.

        Raises:
            KeyError: There is no such tile.
            Damaged: One is not as it was written.
            FileError: One cannot be read.
        """
        packs = ((name, self.packed(name)) for name in names)
        with translated(self.path):
            try:
                yield from packing.verified_all(packs)
            except ValueError as error:
                raise damaged(self.path, "a tile is not as it was written") from error

    # ----------------------------------------------------------------------------- the records

    def put(self, kind: str, key: str, header: Mapping[str, Any], blob: bytes = b"") -> None:
        """Keep a record; one of the same kind and key is replaced.

        Raises:
            FileError: It is not in the file.
        """
        said = packing.packed_json(header)
        with self._disk.transaction() as connection:
            tables.put_record(connection, kind, key, said, blob)

    def drop(self, kind: str, key: str) -> None:
        """Remove a record; it need not be there.

        Raises:
            FileError: It is still in the file.
        """
        with self._disk.transaction() as connection:
            connection.execute("DELETE FROM record WHERE kind = ? AND key = ?", (kind, key))

    def records(self, kind: str) -> list[Record]:
        """All records of a kind, in the order in which they were first put.

        Raises:
            Damaged: One is not as it was written.
        """
        found = []
        with self._disk.reading() as connection:
            for key, header, blob, sealed in connection.execute(
                "SELECT key, header, data, seal FROM record WHERE kind = ? ORDER BY id", (kind,)
            ):
                if sealed != seals.seal(kind, key, header, blob):
                    raise damaged(self.path, f"a record ({kind}) is not as it was written")
                found.append(Record(kind, key, packing.unpacked_json(header), blob))
        return found

    # --------------------------------------------------------------------------------- the file

    def forget(self, count: int) -> None:
        """Drop the oldest gestures, which can then not be undone any more, and what only they name.

        Raises:
            ValueError: The head stands at one of them, or there are not so many.
            FileError: The file is as before.
        """
        if not 0 <= count <= self._contents.at:
            raise ValueError(f"{count} gestures cannot be forgotten")
        if count:
            with self._disk.transaction() as connection:
                held = upkeep.forget(connection, self._contents, count)
            self._contents = held

    def compact(self) -> None:
        """Write the file anew without the room that dropped tiles have left.

        Raises:
            FileError: It is as before.
        """
        with self._disk.transaction() as connection:
            upkeep.drop_unnamed(connection, self._contents)
        with translated(self.path):
            self._disk, self._contents = upkeep.compacted(self._disk)

    def copy_to(self, path: Path) -> None:
        """Write a compact, verified copy under another name; what has that name is replaced.

        Raises:
            InUse: Another window has that file open.
            FileError: It was not written; what was there still is.
        """
        target = Path(os.path.realpath(path))
        with translated(target):
            upkeep.copied(self._disk, target)

    def copying(self, path: Path, name: Path) -> Copy:
        """What copies the project to `path` bit by bit; messages speak of `name`."""
        return Copy(lambda: self._disk.connection, path, name)

    @property
    def lost(self) -> bool:
        """Whether the disk has failed, so that the file must be written anew."""
        return self._disk.lost

    def renew(self) -> Repairs:
        """After a failure of the disk: verify what the file holds and write it into a new one.

        Raises:
            FileError: That failed as well.
        """
        with translated(self.path):
            disk, held, found = upkeep.renewed(self._disk)
        self._disk, self._contents = disk, held
        return found

    def close(self) -> None:
        """Let go of the file; nothing is left beside it."""
        self._disk.close()

"""What a project says, without its pixels, read and verified at opening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from studio.document.tiles import Key
from studio.project.store import packing, schema, seals
from studio.project.store.faults import damaged
from studio.project.store.packing import unpacked_changes
from studio.project.store.values import Change

#: Columns of the head.
HEAD = "gesture, last, next, chain, state, seal, tree"

#: Tiles lie within so many tiles of the origin, which is far beyond any picture.
_FAR = 1 << 24
_LONGEST = (
    "SELECT max(octet_length(label) + octet_length(tree) + octet_length(changes)) FROM gesture"
)

Cells = dict[int, dict[Key, bytes]]


@dataclass(frozen=True, slots=True)
class Row:
    """A gesture without its tree; the first of the line is the base, which nothing undoes.

    Attributes:
        id: Grows along the line.
        changes: As packed; those of the base are all tiles of the picture at that time.
        state: The sum over all tiles after it.
        chain: The link that covers it and all before.
    """

    id: int
    changes: bytes
    state: bytes
    chain: bytes

    @property
    def sum(self) -> int:
        """The state as a number."""
        return int.from_bytes(self.state, "little")

    def unpacked(self) -> tuple[Change, ...]:
        """The tiles that it changed."""
        return unpacked_changes(self.changes)


@dataclass(slots=True)
class Contents:
    """The line of gestures, where the head stands on it, and the tiles there.

    Attributes:
        rows: The base and all gestures, also those after the head.
        at: Index of the head in `rows`.
        next: The id that the next gesture gets.
        cells: Digests of the tiles at the head, by grid and place.
    """

    rows: list[Row]
    at: int
    next: int
    cells: Cells = field(default_factory=dict)

    @property
    def head(self) -> Row:
        """The gesture done last, or the base."""
        return self.rows[self.at]

    def until_head(self) -> Contents:
        """The same without the gestures that are undone."""
        return Contents(self.rows[: self.at + 1], self.at, self.next, self.cells)

    def named(self) -> set[bytes]:
        """Digests of all tiles that the head or any gesture names."""
        return {
            name
            for row in self.rows
            for change in row.unpacked()
            for name in (change.before, change.after)
            if name
        }


def head_seal(
    gesture: int, last: int, following: int, chain: bytes, state: bytes, tree: bytes
) -> bytes:
    """The seal over the head; with the link of the last gesture, so that a lost tail shows."""
    return seals.seal(gesture, last, following, chain, state, tree)


def row_seal(number: int, base: int, label: str, tree: bytes, summed: bytes, state: bytes) -> bytes:
    """The seal over a gesture alone, which holds whatever became of its neighbours.

    Of its changes their digest (`summed`) goes into it, so that the rest still counts when they
    are damaged.
    """
    return seals.seal(number, base, label, tree, summed, state)


def is_cell(tx: int, ty: int, name: bytes) -> bool:
    """Whether a tile of that name can lie there."""
    return max(abs(tx), abs(ty)) < _FAR and len(name) == packing.DIGEST


def apply(cells: Cells, changes: tuple[Change, ...], back: bool = False) -> None:
    """Bring the tiles after (or, going back, before) a gesture about."""
    for grid, key, before, after in changes:
        name = before if back else after
        held = cells.setdefault(grid, {})
        if name is None:
            held.pop(key, None)
        else:
            held[key] = name


def listed(cells: Cells) -> list[Change]:
    """All tiles as changes of an empty picture."""
    return [
        Change(grid, key, None, name) for grid, held in cells.items() for key, name in held.items()
    ]


def read(connection: apsw.Connection, path: Path) -> Contents:
    """Read all of it and verify every seal but those of tiles and records, which is done on use.

    Raises:
        Damaged: Something is missing, or is not as it was written.
        apsw.Error: It cannot be read.
    """
    heads = list(connection.execute(f"SELECT {HEAD} FROM head LIMIT 2"))
    rows = list(_rows(connection, path))
    if len(heads) != 1 or not rows:
        raise damaged(path, "it does not say where the picture stands")
    gesture, last, following, chain, state, sealed, tree = heads[0]
    if sealed != head_seal(gesture, last, following, chain, state, tree):
        raise damaged(path, "it does not say where the picture stands")
    if rows[-1].chain != chain or rows[-1].id != last:
        raise damaged(path, "its last steps are missing")
    at = next((index for index, row in enumerate(rows) if row.id == gesture), None)
    if at is None or following <= last:
        raise damaged(path, "the step it stands at is missing")
    cells = _cells(connection, path)
    if not seals.state_bytes(seals.state_of(cells)) == rows[at].state == state:
        raise damaged(path, "its list of tiles is not the one of its last step")
    return Contents(rows, at, following, cells)


def _rows(connection: apsw.Connection, path: Path) -> Iterator[Row]:
    (longest,) = next(connection.execute(_LONGEST))
    if (longest or 0) > schema.MAX_VALUE:
        raise damaged(path, "a step of its history is larger than any can be")
    chain: bytes | None = None
    for number, base, label, state, summed, sealed, link, tree, changes in connection.execute(
        "SELECT id, base, label, state, sum, seal, chain, tree, changes FROM gesture ORDER BY id"
    ):
        whole = sealed == row_seal(number, base, label, tree, summed, state)
        whole = whole and summed == packing.digest(changes)
        first = chain is None
        if not whole or bool(base) != first:
            raise damaged(path, "a step of its history is not as it was written")
        # What came before the base is forgotten, so its link is taken as the start.
        if chain is not None and link != seals.seal(chain, sealed):
            raise damaged(path, "a step of its history is missing")
        chain = link
        yield Row(number, changes, state, link)


def _cells(connection: apsw.Connection, path: Path) -> Cells:
    cells: Cells = {}
    for grid, tx, ty, name in connection.execute("SELECT grid, tx, ty, tile FROM cell"):
        if not is_cell(tx, ty, name):
            raise damaged(path, "a tile lies where none can be")
        cells.setdefault(grid, {})[(tx, ty)] = name
    return cells

"""What the rows of a damaged project say, each judged by its own seal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from studio.document.tiles import Key
from studio.project.store import contents, packing, schema, seals
from studio.project.store.pages import Raw
from studio.project.store.values import Change

Place = tuple[int, Key]


@dataclass(frozen=True, slots=True)
class Step:
    """A gesture, or a base, of which all but perhaps the changes is as it was written."""

    id: int
    base: bool
    label: str
    tree: bytes
    state: bytes
    seal: bytes
    chain: bytes
    changes: tuple[Change, ...] | None


class Stood(NamedTuple):
    """The head as it was written."""

    gesture: int
    last: int
    state: bytes
    tree: bytes


@dataclass(slots=True)
class Found:
    """What was read.

    Attributes:
        steps: All that were found, by id; those that were dropped long ago may be among them.
        heads: All that were found; more than one only if an old one was.
        cells: The tiles at the head, as far as their list could be read; no seal of their own.
        tiles: Digests of the tiles that are as they were written.
        places: For each place the newest whole tile that was first used there, and its number.
        broken: How many tiles are not.
        records: Kind, key, packed header, bytes.
        lost_records: How many records are not as they were written.
    """

    steps: dict[int, Step] = field(default_factory=dict)
    heads: list[Stood] = field(default_factory=list)
    cells: dict[Place, bytes] = field(default_factory=dict)
    tiles: set[bytes] = field(default_factory=set)
    places: dict[Place, tuple[int, bytes]] = field(default_factory=dict)
    broken: int = 0
    records: dict[tuple[str, str], tuple[int, bytes, bytes]] = field(default_factory=dict)
    lost_records: int = 0


def sift(rows: Iterable[Raw], keep: Callable[[bytes, Place, bytes], None]) -> Found:
    """Sort rows by what they look like, and drop what is not as it was written.

    Args:
        rows: Of any table, in any order.
        keep: Is given digest, first place and bytes of every tile that is whole, once.
    """
    found = Found()
    bad: set[bytes] = set()
    for row in rows:
        match row.values:
            case (None, bytes() as name, int() as grid, int() as tx, int() as ty, *rest) if (
                contents.is_cell(tx, ty, name)
            ):
                place = (grid, (tx, ty))
                data = rest[0] if rest else None
                if name not in found.tiles and isinstance(data, bytes) and _is_tile(name, data):
                    keep(name, place, data)
                    found.tiles.add(name)
                if name in found.tiles:
                    newest = max((row.number, name), found.places.get(place, (0, b"")))
                    found.places[place] = newest
                else:
                    bad.add(name)
            case (int() as grid, int() as tx, int() as ty, bytes() as name):
                if contents.is_cell(tx, ty, name):
                    found.cells[grid, (tx, ty)] = name
            case (None, int(), int(), int(), bytes(), bytes(), bytes(), bytes()):
                _add_head(found, row.values[1:])
            case (None, str() as kind, str() as key, bytes() as head, bytes() as data, sealed):
                if sealed == seals.seal(kind, key, head, data):
                    found.records[kind, key] = (row.number, head, data)
                else:
                    found.lost_records += 1
            case (None, int(), str(), bytes(), bytes(), bytes(), bytes(), bytes(), *_):
                step = _step(row)
                if step is not None:
                    found.steps[step.id] = step
    found.broken = len(bad - found.tiles)
    return found


def _add_head(found: Found, values: tuple[Any, ...]) -> None:
    gesture, last, following, chain, state, sealed, tree = values
    if sealed == contents.head_seal(gesture, last, following, chain, state, tree):
        found.heads.append(Stood(gesture, last, state, tree))


def _is_tile(name: bytes, data: bytes) -> bool:
    try:
        packing.verified(data, name)
    except ValueError:
        return False
    return True


def _step(row: Raw) -> Step | None:
    base, label, state, summed, sealed, chain, tree, *rest = row.values[1:]
    if any(
        isinstance(value, str | bytes) and len(value) > schema.MAX_VALUE for value in row.values
    ):
        return None
    assert isinstance(base, int)
    assert isinstance(label, str)
    assert isinstance(tree, bytes)
    assert isinstance(state, bytes)
    assert isinstance(sealed, bytes)
    assert isinstance(chain, bytes)
    assert isinstance(summed, bytes)
    if sealed != contents.row_seal(row.number, base, label, tree, summed, state):
        return None
    changes = rest[0] if rest else None
    whole = isinstance(changes, bytes) and packing.digest(changes) == summed
    return Step(
        row.number,
        bool(base),
        label,
        tree,
        state,
        sealed,
        chain,
        packing.unpacked_changes(changes) if whole and isinstance(changes, bytes) else None,
    )

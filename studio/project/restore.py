"""Restore: a document with its history, from a project file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.tiles import Key, TileGrid
from studio.project.steps import RestoredStep, StoredStep, Swap
from studio.project.store.file import ProjectFile
from studio.project.store.values import Change, GestureRow
from studio.project.tree import Shelf, channels_of

#: So many steps back are kept, whatever they cost.
LEAST = 50
#: More are not shown; the file lets go of them when it is opened.
MOST = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """All that a project file says of a picture; plain values, made in any thread.

    Attributes:
        tree: Of the head; empty when nothing was ever put into the file.
        tiles: Of the head, by grid and place.
        steps: Of the history, oldest first.
        done: How many of them the head has behind it.
        gestures: Ids of the states: before the first step, after the first, and so on.
        behind: How many steps the file has behind its head, these or more.
    """

    tree: Mapping[str, Any]
    tiles: Mapping[int, Mapping[Key, Pixels]]
    steps: tuple[StoredStep, ...]
    done: int
    gestures: tuple[int, ...]
    behind: int


def read(file: ProjectFile, budget: int) -> Stored:
    """Read the head and the steps around it.

    Args:
        file: Open, in the thread that uses it.
        budget: Bytes that the steps may keep; what lies further back stays in the file.

    Raises:
        FileError: It cannot be read.
    """
    head = file.head()
    rows = file.line()
    ids = [file.base, *(row.id for row in rows)]
    at = ids.index(head.gesture)
    first, last, packed = _within(file, rows, at, budget)
    trees = [file.tree(ids[first]), *(row.tree for row in rows[first:last])]
    steps = tuple(
        StoredStep(
            row.label,
            trees[number],
            trees[number + 1],
            tuple(_swap(change, packed) for change in row.changes),
        )
        for number, row in enumerate(rows[first:last])
    )
    tiles = {grid: _head_tiles(file, grid) for grid in file.grids()}
    return Stored(head.tree, tiles, steps, at - first, tuple(ids[first : last + 1]), at)


def show(stored: Stored, document: Document, name: str, path: Path | None) -> None:
    """Let the document be what was stored, and its history begin with the stored steps.

    Raises:
        FileError: The tree does not hold together; the document is as it was.
    """
    shelf = Shelf()
    contents = shelf.contents(stored.tree)
    for number, tiles in stored.tiles.items():
        shelf.owner(number).pixels = TileGrid.of_tiles(channels_of(number), tiles)
    steps = [RestoredStep(document, shelf, step) for step in stored.steps]
    document.begin(contents, name, path, steps, stored.done)


def _within(
    file: ProjectFile, rows: list[GestureRow], at: int, budget: int
) -> tuple[int, int, dict[bytes, bytes]]:
    """Which rows' tiles fit: at least `LEAST` back, then as far back and forth as goes."""
    packed: dict[bytes, bytes] = {}
    used = 0
    first = last = at
    while first > max(0, at - MOST) and (used <= budget or at - first < LEAST):
        first -= 1
        used += _fetched(file, rows[first], packed)
    while last < len(rows) and used <= budget:
        used += _fetched(file, rows[last], packed)
        last += 1
    return first, last, packed


def _fetched(file: ProjectFile, row: GestureRow, packed: dict[bytes, bytes]) -> int:
    """Bytes that were read for that row; tiles that another row has already count nothing."""
    used = 0
    for change in row.changes:
        for name in (change.before, change.after):
            if name is not None and name not in packed:
                packed[name] = file.packed(name)
                used += len(packed[name])
    return used


def _swap(change: Change, packed: Mapping[bytes, bytes]) -> Swap:
    before = None if change.before is None else packed[change.before]
    after = None if change.after is None else packed[change.after]
    return Swap(change.grid, change.key, before, after)


def _head_tiles(file: ProjectFile, grid: int) -> dict[Key, Pixels]:
    """Tiles of equal pixels are one array."""
    names = file.tiles(grid)
    known = dict(file.read(set(names.values())))
    return {key: known[name] for key, name in names.items()}

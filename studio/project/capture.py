"""Capture: what has changed in a document since it was last looked at; knows no command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.layer import Layer
from studio.document.masks import Mask
from studio.document.tiles import Key, TileGrid, other_keys
from studio.project.store.values import TileChange
from studio.project.tree import channels_of, grid_of, tree_of


class Capture:
    """Keeps a snapshot of every grid, which shares the tiles, and compares by identity.

    A grid whose revision was seen costs a look at one number; of another one each tile's identity
    is compared, 60 ns a tile.
    """

    def __init__(self, document: Document) -> None:
        """Nothing is known yet: the first look finds everything new."""
        self._document = document
        self._seen: dict[int, tuple[int, TileGrid]] = {}

    def begin(self) -> None:
        """Know all as it is now; no change is told."""
        self._seen = {
            grid_of(owner): (owner.pixels.revision, owner.pixels.snapshot())
            for owner in self._owners()
        }

    def tree(self) -> dict[str, Any]:
        """All but pixels and steps."""
        return tree_of(self._document.contents, self._document.name)

    def changes(self) -> tuple[TileChange, ...]:
        """The tiles that are not as they were when last looked at; from now on they are known."""
        found: list[TileChange] = []
        there = set()
        for owner in self._owners():
            number, grid = grid_of(owner), owner.pixels
            there.add(number)
            revision, before = self._seen.get(number) or (0, TileGrid(grid.channels))
            if revision != grid.revision:
                after = grid.snapshot()
                self._seen[number] = (grid.revision, after)
                found.extend(_between(number, before, after))
        for number in self._seen.keys() - there:
            before = self._seen.pop(number)[1]
            found.extend(_between(number, before, TileGrid(channels_of(number))))
        return tuple(found)

    def _owners(self) -> Iterator[Layer | Mask]:
        yield from self._document.layers
        yield from self._document.masks.all

    def tiles(self) -> Callable[[], Iterator[tuple[int, Key, Pixels]]]:
        """What walks every tile as it is known now; as often as wanted, in any thread."""
        seen = [(number, grid) for number, (_, grid) in self._seen.items()]
        return lambda: ((number, key, tile) for number, grid in seen for key, tile in grid.items())


def _between(number: int, before: TileGrid, after: TileGrid) -> Iterator[TileChange]:
    for key in other_keys(before, after):
        yield TileChange(number, key, before.tile(key), after.tile(key))

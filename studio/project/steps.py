"""Steps of undo that came from a file: compressed tiles before and after, unpacked when needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect
from studio.document.contents import NOTHING, Contents
from studio.document.document import Document
from studio.document.tiles import TILE, Key, TileGrid, tile_rect
from studio.project.store.packing import unpacked
from studio.project.tree import VIEW, Shelf, same_picture


@dataclass(frozen=True, slots=True)
class Swap:
    """One tile of a step, compressed; None is an empty tile."""

    grid: int
    key: Key
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class StoredStep:
    """A step as it was read: trees before and after, and the tiles that it swaps."""

    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    swaps: tuple[Swap, ...]

    @property
    def nbytes(self) -> int:
        """Bytes of its tiles before, compressed; those after are the next step's or on show."""
        return sum(len(swap.before or b"") for swap in self.swaps)


class RestoredStep(QUndoCommand):
    """Puts the document into the state before or after a step, whatever the step was."""

    def __init__(self, document: Document, shelf: Shelf, step: StoredStep) -> None:
        super().__init__(step.label)
        self._document, self._shelf, self._step = document, shelf, step
        self.nbytes = step.nbytes

    def redo(self) -> None:
        """Take the state after it."""
        self._to(self._step.before, self._step.after, after=True)

    def undo(self) -> None:
        """Take the state before it."""
        self._to(self._step.after, self._step.before, after=False)

    def _to(self, old: Mapping[str, Any], new: Mapping[str, Any], after: bool) -> None:
        area = NOTHING
        grids: dict[int, TileGrid] = {}
        for swap in self._step.swaps:
            grid = grids.get(swap.grid)
            if grid is None:
                grid = grids[swap.grid] = self._shelf.owner(swap.grid).pixels.snapshot()
            put(grid, swap.key, swap.after if after else swap.before)
            area = area.united(tile_rect(swap.key))
        for number, grid in grids.items():
            self._shelf.owner(number).pixels = grid
        before = self._document.contents
        contents = _seen_as_before(self._shelf.contents(new), before, old, new)
        if not same_picture(old, new):
            # A property or the order of layers: what it shows anywhere.
            area = area.united(before.bounds).united(contents.bounds)
        self._document.set_contents(contents, area)


def put(grid: TileGrid, key: Key, packed: bytes | None) -> None:
    """Let the grid hold that compressed tile."""
    area = tile_rect(key)
    if packed is None:
        shape = (TILE, TILE) if grid.channels == 1 else (TILE, TILE, grid.channels)
        grid.write(area, np.zeros(shape, np.uint8))
    else:
        grid.write(area, unpacked(packed))


def _seen_as_before(
    contents: Contents, now: Contents, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Contents:
    """What the artist chose without a step (VIEW) stays chosen where the step did not change it."""
    same = {key for key in VIEW if old.get(key) == new.get(key)}
    frame: Rect = now.frame if "frame" in same else contents.frame
    active = now.active if "active" in same and now.active in contents.layers else contents.active
    mask = now.mask if "mask" in same and now.mask in contents.masks else contents.mask
    return replace(contents, frame=frame, active=active, mask=mask)

"""What goes into a project file and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from studio.core.pixels import Pixels
from studio.document.tiles import Key


@dataclass(frozen=True, slots=True, eq=False)
class TileChange:
    """One tile that a gesture changed.

    Attributes:
        grid: Whose tile: a number that the caller gives to each layer and mask, never twice.
        key: Column and row of the tile on the plane.
        before: uint8 `[256, 256, c]` or `[256, 256]`, or None for an empty tile. The file goes by
            what it holds at that place, which is the same.
        after: Likewise; nobody may write to it any more.
    """

    grid: int
    key: Key
    before: Pixels | None
    after: Pixels | None


@dataclass(frozen=True, slots=True, eq=False)
class Gesture:
    """One step of the artist.

    Attributes:
        label: What the history calls it.
        tree: All of the document but pixels, as JSON values, as it is after the step.
        changes: The tiles that are not as before; a place occurs once.
    """

    label: str
    tree: Mapping[str, Any]
    changes: tuple[TileChange, ...] = ()


class Change(NamedTuple):
    """One tile that a gesture of the file changed, by digests; None is an empty tile."""

    grid: int
    key: Key
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class GestureRow:
    """A gesture as the file holds it; ids grow along the line."""

    id: int
    label: str
    tree: Mapping[str, Any]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the document stands: the gesture done last, or the base when all are undone."""

    gesture: int
    tree: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """Something beside the picture: a job, a candidate, a recipe, the state of a step."""

    kind: str
    key: str
    header: Mapping[str, Any]
    blob: bytes = b""


@dataclass(frozen=True, slots=True)
class Repairs:
    """What opening a file found.

    Attributes:
        gestures: How many steps of the history were verified.
        tiles: How many different tiles they name, all of which are there.
        sentences: What was not as it should be and what was done about it; mostly none.
        kept: Where the damaged file lies, when another took its place.
        read_only: Why nothing can be written into this file, a sentence; or nothing.
    """

    gestures: int = 0
    tiles: int = 0
    sentences: tuple[str, ...] = ()
    kept: Path | None = None
    read_only: str = ""

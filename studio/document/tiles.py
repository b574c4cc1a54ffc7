"""Sparse pixels on an endless plane: 256 x 256 tiles, shared copy-on-write."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels

TILE = 256

Key = tuple[int, int]
Box = tuple[slice, slice]

_revisions = itertools.count(1)


class Piece(NamedTuple):
    """The part of a rectangle that lies in one tile.

    Attributes:
        key: The tile's column and row on the plane, in tiles; may be negative.
        inner: Where the part lies in the tile.
        outer: Where the part lies in the rectangle.
    """

    key: Key
    inner: Box
    outer: Box


def pieces(rect: Rect) -> Iterator[Piece]:
    """Cut a rectangle of document px along the tile grid, row by row."""
    if rect.empty:
        return
    x, y = rect.x, rect.y
    tx, ty = x // TILE, y // TILE
    left, top = x - tx * TILE, y - ty * TILE
    if left + rect.width <= TILE and top + rect.height <= TILE:
        # Most parts of a stroke lie in one tile: nothing to cut.
        inner = slice(top, top + rect.height), slice(left, left + rect.width)
        yield Piece((tx, ty), inner, (slice(0, rect.height), slice(0, rect.width)))
        return
    columns = _cuts(x, rect.right)
    for row, inner_rows, outer_rows in _cuts(y, rect.bottom):
        for column, inner_columns, outer_columns in columns:
            yield Piece((column, row), (inner_rows, inner_columns), (outer_rows, outer_columns))


def tile_rect(key: Key) -> Rect:
    """The document px that the tile of that key covers."""
    return Rect(key[0] * TILE, key[1] * TILE, TILE, TILE)


def _cuts(start: int, end: int) -> list[tuple[int, slice, slice]]:
    cuts = []
    for index in range(start // TILE, (end - 1) // TILE + 1):
        origin = index * TILE
        low, high = max(start, origin), min(end, origin + TILE)
        cuts.append((index, slice(low - origin, high - origin), slice(low - start, high - start)))
    return cuts


def kept_bytes(before: TileGrid, after: TileGrid) -> int:
    """Bytes of the tiles that only one of two grids holds."""
    return sum(
        tile.nbytes
        for one, other in ((before, after), (after, before))
        for key, tile in one.items()
        if not one.shares(key, other)
    )


def other_keys(before: TileGrid, after: TileGrid) -> set[Key]:
    """Keys at which two grids do not hold the very same array: 60 ns a tile, no pixel is read."""
    old, new = before._tiles, after._tiles
    others = {key for key, tile in new.items() if old.get(key) is not tile}
    others.update(old.keys() - new.keys())
    return others


class TileGrid:
    """Pixels of which only tiles that hold something exist; everything else reads as zero.

    A snapshot shares its tiles with the original until one side writes to them, so it costs no
    pixels. Tiles that become all zero are dropped: every tile held has something in it.

    Attributes:
        revision: Another number after every change, and in every grid: who has seen this number
            has seen these pixels.
    """

    __slots__ = ("_own", "_tiles", "channels", "revision")

    def __init__(self, channels: int) -> None:
        self.channels = channels
        self.revision = next(_revisions)
        self._tiles: dict[Key, Pixels] = {}
        self._own: set[Key] = set()  # tiles nobody else sees, which may be written in place

    @classmethod
    def of_tiles(cls, channels: int, tiles: Mapping[Key, Pixels]) -> TileGrid:
        """A grid that holds these tiles uncopied; nobody may write to them any more.

        Raises:
            ValueError: One of them is no tile of that many channels.
        """
        grid = cls(channels)
        shape = grid._shape(TILE, TILE)
        if any(tile.shape != shape or tile.dtype != np.uint8 for tile in tiles.values()):
            raise ValueError(f"not all are tiles of {channels} channels")
        grid._tiles = dict(tiles)
        return grid

    @property
    def nbytes(self) -> int:
        """Bytes of all distinct tiles; one that stands at several places counts once."""
        return sum(
            tile.nbytes for tile in {id(tile): tile for tile in self._tiles.values()}.values()
        )

    def keys(self) -> set[Key]:
        """Keys of the tiles that hold something."""
        return set(self._tiles)

    def items(self) -> Iterator[tuple[Key, Pixels]]:
        """Keys and tiles, read-only, as they are when asked for."""
        for key in tuple(self._tiles):
            tile = self.tile(key)
            if tile is not None:
                yield key, tile

    def arrays(self) -> tuple[Pixels, ...]:
        """The tiles themselves, to tell by identity which grids share them; never to be written."""
        return tuple(self._tiles.values())

    def shares(self, key: Key, other: TileGrid) -> bool:
        """Whether both grids hold the very same array there."""
        return key in self._tiles and self._tiles[key] is other._tiles.get(key)

    def take(self, key: Key, other: TileGrid, source: Key | None = None) -> None:
        """Hold the other grid's tile of that key (or of `source`), uncopied; its lack as well."""
        source = key if source is None else source
        self.revision = next(_revisions)
        tile = other._tiles.get(source)
        self._own.discard(key)
        other._own.discard(source)
        if tile is None:
            self._tiles.pop(key, None)
        else:
            self._tiles[key] = tile

    def tile(self, key: Key) -> Pixels | None:
        """The tile of that key, read-only, or None where all is zero.

        It shows later writes until a snapshot is taken.
        """
        tile = self._tiles.get(key)
        if tile is None:
            return None
        seen = tile.view()
        seen.flags.writeable = False
        return seen

    def shared(self, key: Key) -> Pixels | None:
        """The tile itself, read-only: from now on nobody writes it, so it may be kept uncopied."""
        tile = self._tiles.get(key)
        if tile is not None:
            self._own.discard(key)
            tile.flags.writeable = False
        return tile

    def snapshot(self) -> TileGrid:
        """The same pixels as an independent grid; tiles are shared until one side writes."""
        copy = TileGrid(self.channels)
        copy._tiles = dict(self._tiles)
        self._own.clear()
        return copy

    def bounds(self) -> Rect:
        """The rectangle around all tiles held; empty when there is none."""
        if not self._tiles:
            return Rect(0, 0, 0, 0)
        columns, rows = zip(*self._tiles, strict=True)
        return Rect.between(
            min(columns) * TILE,
            min(rows) * TILE,
            (max(columns) + 1) * TILE,
            (max(rows) + 1) * TILE,
        )

    def tight_bounds(self) -> Rect:
        """The smallest rectangle around all pixels that are not zero."""
        wide = self.bounds()
        if wide.empty:
            return wide
        # No tile held is all zero, so only the outermost can say where the content ends.
        start_x, start_y = wide.x // TILE, wide.y // TILE
        end_x, end_y = wide.right // TILE - 1, wide.bottom // TILE - 1
        return Rect.between(
            wide.x + self._margin(0, start_x, slice(None, None, 1)),
            wide.y + self._margin(1, start_y, slice(None, None, 1)),
            wide.right - self._margin(0, end_x, slice(None, None, -1)),
            wide.bottom - self._margin(1, end_y, slice(None, None, -1)),
        )

    def _margin(self, side: int, index: int, order: slice) -> int:
        """Zero columns (side 0) or rows (1) before the content of all tiles of that index."""
        margin = TILE
        for key, tile in self._tiles.items():
            if key[side] == index:
                lines = tile.swapaxes(0, 1)[order] if side == 0 else tile[order]
                # Only lines that would make the margin smaller have to be looked at.
                found = lines[:margin].any(axis=tuple(range(1, tile.ndim)))
                margin = int(found.argmax()) if found.any() else margin
                if margin == 0:
                    break
        return margin

    def read(self, rect: Rect) -> Pixels:
        """A fresh copy of the pixels of `rect`.

        Returns:
            uint8 `[h, w, channels]`, or `[h, w]` with one channel.
        """
        pixels = np.zeros(self._shape(max(0, rect.height), max(0, rect.width)), np.uint8)
        for key, inner, outer in pieces(rect):
            tile = self._tiles.get(key)
            if tile is not None:
                pixels[outer] = tile[inner]
        return pixels

    def write(self, rect: Rect, pixels: Pixels) -> None:
        """Replace the pixels of `rect`.

        Args:
            rect: Document px.
            pixels: uint8 `[h, w, channels]`, or `[h, w]` with one channel. Whole tiles of an array
                that owns its memory and is read-only are kept as they are and not copied.

        Raises:
            ValueError: The array has another type or shape.
        """
        if rect.empty:
            return
        if pixels.dtype != np.uint8 or pixels.shape != self._shape(rect.height, rect.width):
            raise ValueError(f"{pixels.dtype} {pixels.shape} does not fill {rect}")
        self.revision = next(_revisions)
        frozen = pixels.flags.owndata and not pixels.flags.writeable
        for piece in pieces(rect):
            self._write_piece(piece, pixels[piece.outer], frozen)

    def fill(self, rect: Rect, value: tuple[int, ...]) -> None:
        """Give every pixel of `rect` one value; whole tiles share one array.

        Args:
            rect: Document px.
            value: One number per channel, 0 to 255.
        """
        self.revision = next(_revisions)
        plain = np.empty(self._shape(TILE, TILE), np.uint8)
        plain[...] = value if self.channels > 1 else value[0]
        for piece in pieces(rect):
            part = plain[piece.inner]
            if part.shape == plain.shape and any(value):
                self._tiles[piece.key] = plain
                self._own.discard(piece.key)
            else:
                self._write_piece(piece, part)

    def invert(self, rect: Rect) -> None:
        """Replace every value v of `rect` by 255 - v."""
        self.revision = next(_revisions)
        full = np.full(self._shape(TILE, TILE), 255, np.uint8)
        for piece in pieces(rect):
            tile = self._tiles.get(piece.key)
            if tile is None and full[piece.inner].shape == full.shape:
                self._tiles[piece.key] = full
            else:
                self._write_piece(
                    piece, 255 - (np.zeros_like(full) if tile is None else tile)[piece.inner]
                )

    def _write_piece(self, piece: Piece, part: Pixels, frozen: bool = False) -> None:
        key, inner, _ = piece
        tile = self._tiles.get(key)
        something = bool(part[0, 0].any() or part.any())
        if tile is None and not something:
            return
        whole = part.shape[:2] == (TILE, TILE)
        if not whole:
            tile = self._writable(key, tile)
            tile[inner] = part
            if not something and not tile.any():
                self._drop(key)
        elif something and frozen:
            self._tiles[key] = part
            self._own.discard(key)
        elif something:
            self._tiles[key] = part.copy()
            self._own.add(key)
        else:
            self._drop(key)

    def _writable(self, key: Key, tile: Pixels | None) -> Pixels:
        if tile is not None and key in self._own:
            return tile
        fresh = np.zeros(self._shape(TILE, TILE), np.uint8) if tile is None else tile.copy()
        self._tiles[key] = fresh
        self._own.add(key)
        return fresh

    def _drop(self, key: Key) -> None:
        del self._tiles[key]
        self._own.discard(key)

    def _shape(self, height: int, width: int) -> tuple[int, ...]:
        return (height, width) if self.channels == 1 else (height, width, self.channels)

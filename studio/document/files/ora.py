"""OpenRaster out and in: layers, groups and masks in one archive that other programs open.

Source: OpenRaster baseline 0.0.6, file layout specification (openraster.org).
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import numpy as np

from studio.core.errors import FileError
from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels, resize, size_of
from studio.core.request import MAX_EDGE
from studio.document.files import ora_extras, ora_stack, xml_tree
from studio.document.files.archive import Archive
from studio.document.files.budget import Budget
from studio.document.files.image import MAX_BYTES, open_bytes
from studio.document.files.png_stream import png
from studio.document.layered import Layered, grid_of
from studio.document.tiles import TILE, TileGrid

MIMETYPE = b"image/openraster"
_THUMBNAIL = 256
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEAD = 64
#: More than any PNG of that size needs beside its pixels: chunks, filters, profiles.
_SLACK = 8 << 20


def write(picture: Layered, file: BinaryIO) -> tuple[str, ...]:
    """Write an archive, one band of one layer at a time.

    Returns:
        What could not be kept, in sentences for the artist.

    Raises:
        FileError: There is no picture to write.
    """
    if picture.bounds.empty:
        raise FileError("There is no picture to save.", "Open or make one first.")
    reach = _Reach(picture.bounds)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_info("mimetype"), MIMETYPE)
        placed = []
        for number, layer in enumerate(picture.layers):
            source = f"data/layer-{number:03}.png"
            area = reach.of(layer.pixels, layer.name)
            placed.append((layer, source, _put(archive, source, layer.pixels, area)))
        masks = []
        for number, mask in enumerate(picture.masks):
            source = f"sfumato/mask-{number:03}.png"
            area = reach.of(mask.pixels, mask.name)
            masks.append((mask, source, _put(archive, source, mask.pixels, area)))
        active = None if picture.active is None else picture.layers[picture.active]
        stack = ora_stack.written(placed, picture.bounds, active, picture.dpi)
        layers = {source: layer for layer, source, _ in placed}
        _text(archive, "stack.xml", stack)
        _text(archive, ora_extras.MEMBER, ora_extras.written(picture, layers, masks))
        _merge(archive, picture)
    return tuple(reach.notes)


def read(file: BinaryIO, name: str) -> Layered:
    """The picture in an archive; nothing of it touches the disk.

    Args:
        file: Open for reading; may be anything at all.
        name: Of the file, for messages.

    Raises:
        FileError: It is no sound OpenRaster, or it is made to do harm.
    """
    return _Reading(Archive(file, name), name).picture()


class _Reading:
    """One archive being read."""

    def __init__(self, archive: Archive, name: str) -> None:
        self._archive, self._name = archive, name
        self._notes: dict[str, None] = {}

    def picture(self) -> Layered:
        """All of it."""
        if "stack.xml" not in self._archive:
            raise FileError(
                f"'{self._name}' is a zip archive, but not a picture.",
                "The studio opens OpenRaster archives (.ora).",
            )
        root = xml_tree.parsed(self._archive.read("stack.xml", xml_tree.MOST_BYTES), self._name)
        budget = Budget(ora_stack.size(root), self._name)
        stack = ora_stack.Reader(root)
        extras = ora_extras.Extras(self._extras())
        for each in stack.layers:
            each.layer.pixels = self._grid(budget, each.source, each.x, each.y)
            extras.mend(each.layer, each.source)
        masks, active_mask = extras.masks(lambda source, x, y: self._grid(budget, source, x, y, 1))
        chosen = [number for number, each in enumerate(stack.layers) if each.selected]
        top = len(stack.layers) - 1
        return Layered(
            bounds=Rect.of(budget.size),
            layers=tuple(each.layer for each in stack.layers),
            masks=masks,
            active=None if top < 0 else (chosen or [top])[-1],
            active_mask=active_mask,
            frame=extras.frame,
            dpi=ora_stack.dpi(root),
            recipe=extras.recipe,
            notes=(*stack.notes, *self._notes),
        )

    def _extras(self) -> bytes:
        if ora_extras.MEMBER not in self._archive:
            return b""
        return self._archive.read(ora_extras.MEMBER, ora_extras.MOST_BYTES)

    def _grid(self, budget: Budget, source: str, x: int, y: int, channels: int = 4) -> TileGrid:
        """The pixels of a member; only one member is unpacked at a time."""
        most = self._room(budget, source)
        opened = open_bytes(self._archive.read(source, most), f"{source} in {self._name}")
        for note in opened.notes:
            self._notes[f"A layer: {note}"] = None
        pixels = opened.pixels
        return grid_of(pixels if channels == 4 else np.ascontiguousarray(pixels[..., 0]), x, y)

    def _room(self, budget: Budget, source: str) -> int:
        """How many bytes a member may unpack to, by the size that its header tells."""
        head = self._archive.head(source, _HEAD)
        if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR" or len(head) < 26:
            raise FileError(
                f"'{self._name}' has a layer that is not a PNG: '{source[:80]}'.",
                "The studio opens OpenRaster archives whose layers are PNG files.",
            )
        width, height = struct.unpack_from(">II", head, 16)
        budget.take(Size(width, height))
        return min(int(width * height) * 8 + int(height) + _SLACK, MAX_BYTES)


class _Reach:
    """How much of each layer is written: all of it, as far as the studio would read it again.

    Attributes:
        notes: What was cut, in sentences for the artist.
    """

    def __init__(self, bounds: Rect) -> None:
        self.notes: list[str] = []
        self._bounds = bounds
        self._budget = Budget(bounds.size, "")

    def of(self, grid: TileGrid, name: str) -> Rect:
        """Document px; empty where there is nothing."""
        area = grid.tight_bounds()
        if max(area.width, area.height) > MAX_EDGE or not self._budget.holds(area.size):
            inside = area.intersected(self._bounds)
            if inside != area:
                self.notes.append(f"Of '{name}' only what lies inside the picture was written.")
            area = inside
        if self._budget.holds(area.size):
            self._budget.take(area.size)
        return area


def _put(archive: zipfile.ZipFile, source: str, grid: TileGrid, area: Rect) -> Rect:
    """Write what a grid holds there; an empty area as a single transparent pixel."""
    if area.empty:
        area = Rect(area.x, area.y, 1, 1)
    bands = (grid.read(band) for band in _bands(area))
    _stream(archive, source, png(area.width, area.height, grid.channels, bands))
    return area


def _merge(archive: zipfile.ZipFile, picture: Layered) -> None:
    """What the picture shows, and a thumbnail of it, in one pass over the layers."""
    size = picture.bounds.size
    step = max(1, max(size.width, size.height) // (4 * _THUMBNAIL))
    sample: list[Pixels] = []

    def bands() -> Iterator[Pixels]:
        top = 0
        for band in picture.rows():
            sample.append(band[-top % step :: step, ::step].copy())
            top += len(band)
            yield band

    _stream(archive, "mergedimage.png", png(size.width, size.height, 4, bands()))
    small = np.concatenate(sample)
    scale = _THUMBNAIL / max(size.width, size.height)
    if scale < 1:
        edge = Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))
        small = resize(np.ascontiguousarray(small), edge)
    edge = size_of(small)
    _stream(archive, "Thumbnails/thumbnail.png", png(edge.width, edge.height, 4, [small]))


def _bands(area: Rect) -> Iterator[Rect]:
    for top in range(area.y, area.bottom, TILE):
        yield Rect(area.x, top, area.width, min(TILE, area.bottom - top))


def _stream(archive: zipfile.ZipFile, name: str, parts: Iterable[bytes]) -> None:
    with archive.open(_info(name), "w", force_zip64=False) as member:
        for part in parts:
            member.write(part)


def _text(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(_info(name), data, zipfile.ZIP_DEFLATED)


def _info(name: str) -> zipfile.ZipInfo:
    # The clock may be anywhere, and equal pictures shall make equal files.
    return zipfile.ZipInfo(name, _EPOCH)

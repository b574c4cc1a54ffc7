"""Photoshop files out and in, for layers of pixels; a child process reads those of strangers."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from studio import paths
from studio.core.errors import FileError
from studio.core.geometry import Rect, Size
from studio.document.files.budget import Budget
from studio.document.files.psd_modes import KEYS, LENGTH
from studio.document.layer import Group, Layer
from studio.document.layered import Layered
from studio.document.tiles import TileGrid

MAGIC = b"8BPS"
_HEADER = struct.Struct(">4sH6xHIIHH")
_PSD, _LARGE = 1, 2
_LONGEST_HEADER = 1 << 20
_BAND = 256
_DEEPEST = 64
_BOOT = """\
import sys
sys.path[:] = sys.argv[1].split(sys.argv[2]) + sys.path
from studio.decoder.psd_process import main
sys.exit(main(int(sys.argv[3]), int(sys.argv[4])))
"""
_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TEMP", "TMP")
#: No gigabytes of address space for threads that idle.
_ALWAYS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_FURTHEST = 1 << 24
#: What the answers of a child can raise that broken bytes have taken over.
_NONSENSE = (EOFError, ValueError, KeyError, TypeError, OverflowError, RecursionError)


def write(picture: Layered, file: BinaryIO) -> tuple[str, ...]:
    """Write a Photoshop file.

    Returns:
        What could not be kept, in sentences for the artist.

    Raises:
        FileError: There is no picture to write, or it is too large for such a file.
    """
    if picture.bounds.empty:
        raise FileError("There is no picture to save.", "Open or make one first.")
    # Only now psd-tools is loaded: 0.4 s that no other file should cost.
    from studio.document.files import psd_writing

    psd_writing.write(picture, file)
    notes = []
    if any(not mask.bounds().empty for mask in picture.masks):
        notes.append("Photoshop files have no place for masks of the studio: they were left out.")
    if picture.recipe is not None:
        notes.append("Photoshop files have no place for the prompt: it was left out.")
    return tuple(notes)


def read(file: BinaryIO, name: str) -> Layered:
    """The picture in a Photoshop file, decoded by a child process that can do nothing else.

    Args:
        file: Open for reading, with a descriptor of its own; may be anything at all.
        name: Of the file, for messages.

    Raises:
        FileError: It is no sound Photoshop file, or more than any picture needs.
    """
    size = _checked(file, name)
    budget = Budget(size, name)
    length = file.seek(0, os.SEEK_END)
    # psd-tools keeps the packed file, and of a layer its planes, an image and copies of it.
    memory = (1 << 30) + 2 * length + 24 * size.area
    seconds = 10 + (length >> 23) + (size.area >> 21)
    try:
        with _child(file, memory, seconds) as stream:
            return _Reading(stream, budget, name).picture()
    except _NONSENSE as error:
        raise _damaged(name) from error
    except OSError as error:
        raise FileError(
            f"What reads Photoshop files could not be started for '{name}'.",
            "Close other programs and try again; nothing was opened.",
        ) from error


class _Reading:
    """The frames of one child."""

    def __init__(self, stream: BinaryIO, budget: Budget, name: str) -> None:
        self._stream, self._budget, self._name = stream, budget, name
        self._groups: dict[tuple[int, ...], Group] = {}

    def picture(self) -> Layered:
        """All of it."""
        first = self._header()
        dpi = first.get("dpi")
        layers: list[Layer] = []
        while (header := self._header())["kind"] == "layer":
            layers.append(self._layer(header))
        notes = tuple(str(each) for each in header["notes"])
        return Layered(
            Rect.of(self._budget.size),
            tuple(layers),
            active=len(layers) - 1 if layers else None,
            dpi=(float(dpi[0]), float(dpi[1])) if dpi else None,
            notes=notes,
        )

    def _header(self) -> dict[str, Any]:
        (length,) = LENGTH.unpack(self._bytes(LENGTH.size))
        if length > _LONGEST_HEADER:
            raise ValueError(f"a header of {length} bytes")
        header = json.loads(self._bytes(length))
        if not isinstance(header, dict):
            raise TypeError("a header that is no object")
        if header.get("kind") == "refused":
            if header.get("why") == "memory":
                raise FileError(
                    f"There is not enough memory to open '{self._name}'.",
                    "Close other programs, or merge its layers in the program it came from.",
                )
            raise _damaged(self._name)
        return header

    def _bytes(self, count: int) -> bytes:
        data = self._stream.read(count)
        if len(data) != count:
            raise EOFError("the child ended")
        return data

    def _layer(self, header: dict[str, Any]) -> Layer:
        x, y, width, height = (int(each) for each in header["area"])
        area = Rect(x, y, width, height)
        if width < 0 or height < 0 or max(map(abs, (x, y, width, height))) > _FURTHEST:
            raise ValueError(f"a layer at {area}")
        self._budget.take(Size(width, height))
        layer = Layer(str(header["name"]), self._grid(area), kind="image")
        layer.visible, layer.opacity, layer.blend = _looks(header)
        layer.locked = header["locked"] is True
        layer.alpha_locked = header["alpha locked"] is True
        layer.groups = self._path(header["groups"][:_DEEPEST])
        return layer

    def _grid(self, area: Rect) -> TileGrid:
        grid = TileGrid(4)
        for top in range(area.y, area.bottom, _BAND):
            band = Rect(area.x, top, area.width, min(_BAND, area.bottom - top))
            data = self._bytes(band.size.area * 4)
            grid.write(band, np.frombuffer(data, np.uint8).reshape(band.height, band.width, 4))
        return grid

    def _path(self, groups: list[dict[str, Any]]) -> tuple[Group, ...]:
        """The groups of a layer; those that came before are the same again."""
        path: list[Group] = []
        ids: tuple[int, ...] = ()
        for each in groups:
            ids = (*ids, int(each["id"]))
            if ids not in self._groups:
                self._groups[ids] = Group(
                    str(each["name"]), *_looks(each), locked=each["locked"] is True
                )
            path.append(self._groups[ids])
        return tuple(path)


def _looks(header: dict[str, Any]) -> tuple[bool, float, str]:
    blend = header["blend"] if header["blend"] in KEYS else "normal"
    return header["visible"] is True, min(1.0, max(0.0, float(header["opacity"]))), blend


def _checked(file: BinaryIO, name: str) -> Size:
    """The size that the file's own header tells, before a child is troubled with it."""
    file.seek(0)
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size:
        raise _damaged(name)
    magic, version, _, height, width, _, _ = _HEADER.unpack(head)
    if magic != MAGIC or version not in (_PSD, _LARGE):
        raise FileError(f"'{name}' is not a Photoshop file.", "The studio opens .psd and .psb.")
    return Size(width, height)


@contextmanager
def _child(file: BinaryIO, memory: int, seconds: int) -> Iterator[BinaryIO]:
    """A child that reads that file; its answers."""
    file.seek(0)
    own = str(Path(paths.__file__).resolve().parents[1])
    command = [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, own, os.pathsep]
    process = subprocess.Popen(
        [*command, str(memory), str(seconds)],
        stdin=file.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | _ALWAYS,
    )
    watch = threading.Timer(2.0 * seconds, process.kill)
    watch.daemon = True
    watch.start()
    try:
        yield cast(BinaryIO, process.stdout)
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        cast(BinaryIO, process.stdout).close()
        watch.join()


def _damaged(name: str) -> FileError:
    return FileError(
        f"'{name}' is damaged or uses what the studio cannot read.",
        "Nothing was opened. Save it anew, or as a flat picture, in the program it came from.",
    )

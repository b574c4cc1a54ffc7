"""Every kind of picture file to a layered picture and back: one table of readers and writers."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from studio.core.errors import FileError
from studio.document.files import ora, psd
from studio.document.files.encode import KINDS, Choices
from studio.document.files.image import MAX_BYTES, export_image, file_handle, open_image
from studio.document.files.storage import write_atomic
from studio.document.layered import Layered, of_pixels

Read = Callable[[BinaryIO, str], Layered]
Write = Callable[[Layered, BinaryIO], tuple[str, ...]]

#: By the first bytes of a file: what reads it, and how long it may be. An archive is read member by
#: member, each within limits of its own.
_READERS: dict[bytes, tuple[Read, int]] = {
    b"PK\3\4": (ora.read, sys.maxsize),
    psd.MAGIC: (psd.read, MAX_BYTES),
}
#: By a file's ending: what writes all layers of a picture.
LAYERED: dict[str, Write] = {".ora": ora.write, ".psd": psd.write}
#: Endings of files that hold what is seen, not the layers.
FLAT = tuple(KINDS)
_HEAD = 4


def is_layered(path: Path) -> bool:
    """Whether a file of that name holds layers."""
    return path.suffix.lower() in LAYERED


def open_picture(path: Path) -> Layered:
    """The picture in a file, whatever its ending; nothing but that file is read.

    Raises:
        FileError: It is missing, unreadable, damaged, too large or no picture of a known kind.
    """
    handle = file_handle(path, sys.maxsize)
    try:
        with os.fdopen(handle, "rb") as file:
            read, most = _READERS.get(file.read(_HEAD), (None, 0))
            if read is not None and os.fstat(handle).st_size <= most:
                return named(read(file, path.name), path.stem)
    except OSError as error:
        raise FileError(
            f"'{path.name}' cannot be read to its end: {error.strerror or error}.",
            "Its disk may be failing or no longer connected; nothing was opened.",
        ) from error
    opened = open_image(path)
    picture = of_pixels(opened.pixels, opened.name, opened.recipe, opened.notes)
    return replace(picture, dpi=opened.origin.resolution)


def export_picture(path: Path, picture: Layered, choices: Choices | None = None) -> tuple[str, ...]:
    """Write a picture; the file's ending says how, and whether its layers stay apart.

    Args:
        path: Replaced whole, or left as it is when writing fails.
        picture: What is written.
        choices: For files that hold what is seen; the picture's own resolution by default.

    Returns:
        What could not be kept, in sentences for the artist.

    Raises:
        FileError: The ending is unknown, the format cannot hold it, or it cannot be written.
    """
    write = LAYERED.get(path.suffix.lower())
    if write is not None:
        buffer = io.BytesIO()
        notes = write(picture, buffer)
        write_atomic(path, buffer.getvalue())
        return notes
    if picture.bounds.empty:
        raise FileError("There is no picture to save.", "Open or make one first.")
    choices = choices or Choices(resolution=picture.dpi)
    notes = export_image(path, picture.flat(), picture.recipe, choices)
    return (*notes, *_flattened(picture))


def named(picture: Layered, name: str) -> Layered:
    """The same with a name for the layers that have none."""
    for number, layer in enumerate(picture.layers, start=1):
        if not layer.name:
            layer.name = name if len(picture.layers) == 1 else f"{name} {number}"
    return picture


def _flattened(picture: Layered) -> tuple[str, ...]:
    """What a flat file loses."""
    notes = []
    if len(picture.layers) > 1:
        notes.append(f"Its {len(picture.layers)} layers became one.")
    if any(not mask.bounds().empty for mask in picture.masks):
        notes.append("Its masks were left out.")
    return tuple(notes)

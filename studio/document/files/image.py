"""Open pictures from files and bytes, and export them."""

from __future__ import annotations

import errno
import stat
from dataclasses import dataclass
from pathlib import Path

from studio.core.errors import FileError
from studio.core.pixels import Pixels
from studio.document.files.decode import decode
from studio.document.files.encode import encode, kind_of
from studio.document.files.metadata import Recipe
from studio.document.files.storage import write_atomic

#: The largest picture stored raw, 16 bits a channel, is this long.
MAX_BYTES = 2 << 30


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A picture from a file.

    Attributes:
        pixels: uint8 `[h, w, 4]` sRGB straight alpha, read-only: a document keeps it uncopied.
        recipe: What it was made with, if the file says.
        name: What to call it: the file's name without its ending.
        notes: What had to be changed, in sentences for the artist.
    """

    pixels: Pixels
    recipe: Recipe | None
    name: str
    notes: tuple[str, ...]


def open_image(path: Path) -> Opened:
    """The picture in a PNG, JPEG or WebP file, whatever its ending.

    Raises:
        FileError: It is missing, unreadable, damaged, too large or no such picture.
    """
    opened = open_bytes(_bytes_of(path), path.name)
    return Opened(opened.pixels, opened.recipe, path.stem, opened.notes)


def open_bytes(data: bytes, name: str) -> Opened:
    """The picture in these bytes of a PNG, JPEG or WebP file; `name` is for messages.

    Raises:
        FileError: They are damaged, too large or no such picture.
    """
    decoded = decode(data, name)
    return Opened(decoded.pixels, decoded.recipe, name, decoded.notes)


def export_image(
    path: Path, pixels: Pixels, recipe: Recipe | None = None, quality: int = 92
) -> tuple[str, ...]:
    """Write a picture; its format is that of the file's ending: png, jpg, jpeg or webp.

    Args:
        path: Replaced whole, or left as it is when writing fails.
        pixels: uint8 `[h, w, 4]` sRGB straight alpha.
        recipe: Put inside, for the studio and for other programs.
        quality: 1 to 100, of JPEG and WebP; WebP at 100 is lossless.

    Returns:
        What could not be kept, in sentences for the artist.

    Raises:
        FileError: The ending is unknown, the format cannot hold it, or it cannot be written.
    """
    data, notes = encode(pixels, kind_of(path.suffix, path.name), recipe, quality)
    write_atomic(path, data)
    return notes


def _bytes_of(path: Path) -> bytes:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise FileError(f"'{path.name}' is a folder.", "Choose a picture inside it.")
        if not stat.S_ISREG(found.st_mode):
            raise FileError(f"'{path.name}' is not a file.", "Choose a PNG, JPEG or WebP file.")
        if found.st_size > MAX_BYTES:
            raise FileError(
                f"'{path.name}' has {found.st_size / 2**30:.1f} GiB.",
                f"The studio opens pictures of at most {MAX_BYTES >> 30} GiB.",
            )
        return path.read_bytes()
    except (OSError, ValueError, MemoryError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError | ValueError | MemoryError) -> FileError:
    name = path.name[:120] or str(path)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FileError(f"There is no file '{name}'.", f"Looked for it in '{path.parent}'.")
    if isinstance(error, PermissionError):
        return FileError(f"'{name}' may not be read.", "Ask its owner, or copy it elsewhere.")
    if isinstance(error, MemoryError):
        return FileError(f"There is not enough memory to open '{name}'.", "Close other programs.")
    if isinstance(error, ValueError) or error.errno in (errno.ENAMETOOLONG, errno.EINVAL):
        return FileError(f"'{name}' cannot be the name of a file.", "Check the path.")
    return FileError(f"'{name}' cannot be read: {error.strerror or error}.", "Try again.")

"""Open pictures from files and bytes, and export them."""

from __future__ import annotations

import atexit
import errno
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from studio.core.errors import FileError
from studio.core.pixels import Pixels
from studio.document.files.decoded import UNKNOWN, Decoded, Origin
from studio.document.files.encode import OWN, SRGB, USUAL, Choices, encode, kind_of
from studio.document.files.metadata import Recipe
from studio.document.files.reader import Reader
from studio.document.files.room import Room
from studio.document.files.storage import write_atomic

#: The largest picture stored raw, 16 bits a channel, is this long.
MAX_BYTES = 2 << 30

#: The one reader of this process. Pictures are opened from deep inside imports too, and a process
#: for each of them would cost 0.3 s apiece.
_reader = Reader()
atexit.register(_reader.close)


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A picture from a file.

    Attributes:
        pixels: uint8 `[h, w, 4]` sRGB straight alpha, read-only: a document keeps it uncopied.
        recipe: What it was made with, if the file says.
        name: What to call it: the file's name without its ending.
        notes: What had to be changed, in sentences for the artist.
        origin: Resolution and colour profile of the file.
    """

    pixels: Pixels
    recipe: Recipe | None
    name: str
    notes: tuple[str, ...]
    origin: Origin = UNKNOWN


def warm() -> None:
    """Start the decoder process, so that the first picture need not wait for it.

    Raises:
        OSError: It cannot be started.
    """
    _reader.warm()


def rest() -> None:
    """End the decoder process; the next picture starts another."""
    _reader.close()


def open_image(path: Path) -> Opened:
    """The picture in a file, whatever its ending; decoded in another process.

    Raises:
        FileError: It is missing, unreadable, damaged, too large or no picture of a known kind.
    """
    handle = file_handle(path)
    try:
        return _opened(_reader.read(handle, path.name, path.absolute()), path.stem)
    finally:
        os.close(handle)


def open_bytes(data: bytes, name: str) -> Opened:
    """The picture in these bytes of a file, decoded in another process; `name` is for messages.

    Raises:
        FileError: They are damaged, too large or no picture of a known kind.
    """
    if len(data) > MAX_BYTES:
        raise _too_long(name, len(data))
    try:
        with Room() as room:
            room.fill(data)
            return _opened(_reader.read(room, name), name)
    except OSError as error:
        raise FileError(
            f"There is not enough memory to open '{name}'.", "Close other programs."
        ) from error


def export_image(
    path: Path,
    pixels: Pixels,
    recipe: Recipe | None = None,
    choices: Choices = USUAL,
    own_profile: bytes = b"",
) -> tuple[str, ...]:
    """Write a picture; its format is that of the file's ending: png, jpg, jpeg, webp, tif or tiff.

    Args:
        path: Replaced whole, or left as it is when writing fails.
        pixels: uint8 `[h, w, 4]` sRGB straight alpha.
        recipe: Put inside, for the studio and for other programs.
        choices: Quality, depth, profile and what else is to be said.
        own_profile: ICC bytes of the file that the picture came from, for `choices.profile` OWN.

    Returns:
        What could not be kept, in sentences for the artist.

    Raises:
        FileError: The ending is unknown, the format cannot hold it, or it cannot be written.
    """
    kind = kind_of(path.suffix, path.name)
    notes: tuple[str, ...] = ()
    if choices.profile == OWN:
        try:
            pixels = _reader.match(pixels, own_profile, path.name)
        except FileError as error:
            choices, notes = replace(choices, profile=SRGB), (error.message,)
    data, more = encode(pixels, kind, recipe, choices, own_profile)
    write_atomic(path, data)
    return (*notes, *more)


def _opened(decoded: Decoded, name: str) -> Opened:
    return Opened(
        decoded.pixels,
        decoded.recipe,
        name,
        decoded.notes,
        decoded.origin,
    )


def file_handle(path: Path, most: int = MAX_BYTES) -> int:
    """Open a file of at most that many bytes for reading; the caller closes it.

    Raises:
        FileError: It is missing, unreadable, no ordinary file, or too long.
    """
    # Opening a pipe would wait for its other end.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        # Windows does not open folders at all.
        if isinstance(error, PermissionError) and path.is_dir():
            raise _folder(path) from error
        raise _unreadable(path, error) from error
    found = os.fstat(handle)
    if stat.S_ISREG(found.st_mode) and found.st_size <= most:
        return handle
    os.close(handle)
    if stat.S_ISDIR(found.st_mode):
        raise _folder(path)
    if not stat.S_ISREG(found.st_mode):
        raise FileError(f"'{path.name}' is not a file.", "Choose a picture.")
    raise _too_long(path.name, found.st_size)


def _folder(path: Path) -> FileError:
    return FileError(f"'{path.name}' is a folder.", "Choose a picture inside it.")


def _too_long(name: str, length: int) -> FileError:
    return FileError(
        f"'{name}' has {length / 2**30:.1f} GiB.",
        f"The studio opens pictures of at most {MAX_BYTES >> 30} GiB.",
    )


def _unreadable(path: Path, error: OSError | ValueError) -> FileError:
    name = path.name[:120] or str(path)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FileError(f"There is no file '{name}'.", f"Looked for it in '{path.parent}'.")
    if isinstance(error, PermissionError):
        return FileError(f"'{name}' may not be read.", "Ask its owner, or copy it elsewhere.")
    if isinstance(error, ValueError) or error.errno in (errno.ENAMETOOLONG, errno.EINVAL):
        return FileError(f"'{name}' cannot be the name of a file.", "Check the path.")
    return FileError(f"'{name}' cannot be read: {error.strerror or error}.", "Try again.")

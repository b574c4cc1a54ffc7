"""The errors of a project file, and how those of SQLite become them."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from studio.core.errors import FileError
from studio.document.files.refusals import refusal


class Damaged(FileError):
    """What the file says cannot be: bits are wrong or missing."""


class Refused(FileError):
    """The file is not a project, or not one that this program may touch."""


class Newer(Refused):
    """The file was made by a newer program, in a way that this one cannot read."""


class InUse(FileError):
    """Another window or program holds the file."""


class DiskFull(FileError):
    """There is no room for what was to be written; the file is as it was before."""


class DiskLow(DiskFull):
    """There is no room left but what was kept for the last strokes."""


class Unsure(FileError):
    """The disk could not say that it holds what it was given; the file must be written anew."""


class Unfit(FileError):
    """What was to be written makes no sense for this file: a mistake of the program."""


#: What writing something that makes no sense can raise.
IMPOSSIBLE = (Unfit, ValueError, TypeError, LookupError)
#: What reading a file of which some bytes are wrong can raise; texts may not even be texts.
WRONG = (Damaged, apsw.CorruptError, apsw.NotADBError, apsw.SQLError, ValueError, TypeError)


def damaged(path: Path, what: str) -> Damaged:
    """The error for a file of which something is not as it was written."""
    return Damaged(
        f"'{path.name}' is damaged: {what}.",
        "Open it in the studio, or run 'sfumato check --salvage', to save what is whole.",
    )


@contextmanager
def translated(path: Path, reading: bool = False) -> Iterator[None]:
    """Turn errors of SQLite and of the system into those of the studio.

    Args:
        path: What is said to have failed.
        reading: Whether it was to be opened, and not to be written.

    Raises:
        FileError: What was done inside failed.
    """
    try:
        yield
    except apsw.Error as error:
        raise _of_sqlite(path, error) from error
    except UnicodeError as error:
        raise damaged(path, "what it says cannot be understood") from error
    except OSError as error:
        if reading:
            raise _unreadable(path, error) from error
        if error.errno == errno.ENOSPC:
            raise _full(path) from error
        raise refusal(path, error) from error


def _unreadable(path: Path, error: OSError) -> FileError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Refused(
            f"There is no file '{path.name}' in '{path.parent}'.",
            "It may have been moved or renamed, or its disk is not connected.",
        )
    return FileError(
        f"'{path.name}' cannot be opened: {error.strerror or error}.",
        "See whether its disk is connected and you may read it.",
    )


def _full(path: Path) -> DiskFull:
    return DiskFull(
        f"The disk is full: the last strokes of '{path.name}' are not saved yet.",
        "Make room on the disk; they are kept in memory and saved as soon as there is some.",
    )


def _of_sqlite(path: Path, error: apsw.Error) -> FileError:
    if isinstance(error, apsw.FullError):
        return _full(path)
    if isinstance(error, apsw.BusyError | apsw.LockedError):
        return InUse(
            f"'{path.name}' is open in another window.", "Close it there to change it here."
        )
    if isinstance(error, apsw.IOError | apsw.ConnectionClosedError):
        return Unsure(
            f"The disk does not confirm what it was given for '{path.name}'.",
            "It may be failing or gone. Save the picture on another disk; it is still open.",
        )
    if isinstance(error, apsw.CorruptError | apsw.NotADBError):
        return damaged(path, "parts of it cannot be read")
    if isinstance(error, apsw.CantOpenError | apsw.ReadOnlyError | apsw.PermissionsError):
        return Refused(
            f"'{path.name}' cannot be opened for writing there.",
            "The file, its folder or its disk is write-protected or gone: choose another place.",
        )
    if isinstance(error, apsw.TooBigError):
        return Unfit(f"Something is too large to be kept in '{path.name}'.", "Make it smaller.")
    if isinstance(error, apsw.NoMemError):
        return FileError(f"There is not enough memory for '{path.name}'.", "Close something else.")
    return damaged(path, "it does not hold what a project holds")

"""What is said when a file cannot be written: what happened, what it means, what to do."""

from __future__ import annotations

import errno
from pathlib import Path

from studio.core.errors import FileError

_QUOTA = {getattr(errno, "EDQUOT", -1)}
_FULL = {errno.ENOSPC}
_DENIED = {errno.EACCES, errno.EPERM}
_GONE = {errno.ENODEV, errno.ENXIO, getattr(errno, "ESTALE", -1), getattr(errno, "ENOTCONN", -1)}
_NAME = {errno.ENAMETOOLONG, errno.EINVAL, getattr(errno, "EILSEQ", -1)}
#: Longer names are cut in messages.
_SHOWN = 80


def refusal(path: Path, error: OSError | ValueError) -> FileError:
    """The error for a file that was not written; nothing under its name has changed."""
    name = (path.name or str(path))[:_SHOWN]
    code = error.errno if isinstance(error, OSError) else errno.EINVAL
    said = _of_room(name, code) or _of_place(name, path, code)
    if said is not None:
        return said
    reason = getattr(error, "strerror", None) or error
    return FileError(
        f"'{name}' was not saved: {reason}.",
        "Try another folder or disk; the picture is still open.",
    )


def unconfirmed(path: Path, error: OSError) -> FileError:
    """The error for a disk that took the bytes twice and twice could not confirm them."""
    if error.errno in _FULL | _QUOTA:
        return refusal(path, error)
    name = (path.name or str(path))[:_SHOWN]
    return FileError(
        f"'{name}' was not saved: the disk does not confirm what it was given "
        f"({error.strerror or error}).",
        "The disk may be failing. Save to another one; the picture is still open.",
    )


def _of_room(name: str, code: int | None) -> FileError | None:
    if code in _FULL:
        return FileError(
            f"The disk is full: '{name}' was not saved.",
            "Make room or choose another disk, then save again; the picture is still open.",
        )
    if code in _QUOTA:
        return FileError(
            f"Your share of that disk is used up: '{name}' was not saved.",
            "Remove files of yours or choose another disk; the picture is still open.",
        )
    if code == errno.EFBIG:
        return FileError(
            f"'{name}' was not saved: the file is larger than that disk may hold.",
            "Choose another disk or another format; the picture is still open.",
        )
    return None


def _of_place(name: str, path: Path, code: int | None) -> FileError | None:
    if code in _DENIED:
        return FileError(
            f"'{name}' may not be written there.",
            "The file or its folder is write-protected, or another program holds it: "
            "choose another folder.",
        )
    if code == errno.EROFS:
        return FileError(
            f"'{name}' may not be written there: the disk is read-only.", "Choose another disk."
        )
    if code in (errno.ENOENT, errno.ENOTDIR):
        return FileError(
            f"There is no folder '{path.parent}' to put '{name}' into.",
            "It may have been moved, renamed or unplugged: choose a folder that is there.",
        )
    if code in _GONE:
        return FileError(
            f"'{name}' was not saved: its disk is no longer there.",
            "Connect it again or choose another one; the picture is still open.",
        )
    if code == errno.EISDIR:
        return FileError(f"'{name}' is a folder.", "Give the picture a name of its own.")
    if code in _NAME:
        return FileError(
            f"'{name}' cannot be the name of a file there.", "Choose a shorter, plainer name."
        )
    return None

"""Give a finished file the name it is for, so that a power cut leaves the old one or the new."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}


def place(temporary: Path, target: Path) -> None:
    """Flush a file and rename it over the target, then flush the folder.

    Raises:
        OSError: Something of it failed; the target is the old file or the whole new one.
    """
    flush(temporary)
    rename(temporary, target)
    flush_folder(target.parent)


def rename(old: Path, new: Path) -> None:
    """Give a file another name, that of another one if need be."""
    old.replace(new)


def flush(path: Path) -> None:
    """See that what the file holds is on the disk."""
    handle = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """See that the names in it are on the disk; Windows and some shares have no such call."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        with contextlib.suppress(OSError):
            os.close(handle)


def copy_name(path: Path, name: Path) -> None:
    """Let a file be reached under a second name, or copy it where a disk knows no such thing.

    Raises:
        FileExistsError: There is a file of that name.
        OSError: It cannot be done.
    """
    try:
        os.link(path, name, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        with path.open("rb") as old, name.open("xb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())

"""Every write of the studio: whole or not at all, and on the disk before it is called saved."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

from studio.core.errors import FileError

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}


def write_atomic(path: Path, data: bytes) -> None:
    """Put `data` under that name: the old file stays whole until the new one is safe.

    A temporary file in the same folder is written, flushed to the disk, read back and only then
    renamed over the target. A symbolic link keeps pointing where it points.

    Raises:
        FileError: It could not be written; what was there before is as it was.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = _mode_to_keep(target)
        temporary = target.with_name(f".sfumato-{secrets.token_hex(8)}.part")
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from error
    try:
        _write_whole(temporary, data, mode)
        if temporary.read_bytes() != data:
            raise OSError(errno.EIO, "what was read back is not what was written")
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise _refusal(path, error) from error


def _mode_to_keep(target: Path) -> int | None:
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "is not an ordinary file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "is write-protected")
    return stat.S_IMODE(found.st_mode)


def _write_whole(temporary: Path, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            written = os.write(handle, rest[: 1 << 24])
            if written <= 0:
                raise OSError(errno.ENOSPC, "nothing more could be written")
            rest = rest[written:]
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(handle, mode)
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """The new name is safe only once its folder is; Windows and some shares have no such call."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def _refusal(path: Path, error: OSError | ValueError) -> FileError:
    name = path.name or str(path)
    code = error.errno if isinstance(error, OSError) else errno.EINVAL
    if code in _FULL:
        return FileError(
            f"The disk is full: '{name}' was not saved.",
            "Make room or choose another disk, then save again; the picture is still open.",
        )
    if code in _DENIED:
        return FileError(
            f"'{name}' may not be written there.",
            "The file or its folder is write-protected: choose another folder.",
        )
    if code in (errno.ENOENT, errno.ENOTDIR):
        return FileError(
            f"There is no folder '{path.parent}' to put '{name}' into.", "Choose a folder that is."
        )
    if code == errno.EISDIR:
        return FileError(f"'{name}' is a folder.", "Give the picture a name of its own.")
    if code in (errno.ENAMETOOLONG, errno.EINVAL):
        return FileError(
            f"'{name[:80]}' cannot be the name of a file there.", "Choose a shorter, plainer name."
        )
    reason = getattr(error, "strerror", None) or error
    return FileError(
        f"'{name}' was not saved: {reason}.",
        "Try another folder or disk; the picture is still open.",
    )

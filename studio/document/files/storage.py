"""Every write of the studio: whole or not at all, and on the disk before it is called saved.

All calls to the system stand in this file and go through its name `os`, so that a test can make
each of them fail in turn.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from studio.document.files.refusals import refusal, unconfirmed

_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
#: Bytes handed to the system at a time.
_PART = 1 << 24
#: A call that a signal interrupts is made again so often; Python itself does so for most.
_PATIENCE = 100
#: Waits (s) between attempts to rename on Windows, where a virus scanner may hold a new file.
_SCANNED = (0.05, 0.2, 0.5)
_MOVE_REPLACING_AND_FLUSHED = 0x1 | 0x8

T = TypeVar("T")


class _Unsure(Exception):
    """The system could not say that what it took is on the disk."""


def write_atomic(path: Path, data: bytes) -> None:
    """Put `data` under that name: the old file stays whole until the new one is safe.

    A temporary file in the same folder is written, flushed to the disk, read back and only then
    renamed over the target; then the folder is flushed. When a flush fails, the system may have
    dropped what it had taken and later report success: nothing of that file is believed any more,
    and all is written once again into a new one. A symbolic link keeps pointing where it points.

    Raises:
        FileError: It could not be written, or nobody knows whether it was. What was there before
            is as it was, or wholly replaced; there is never a part of a file under that name.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = _mode_to_keep(target)
    except (OSError, ValueError) as error:
        raise refusal(path, error) from error
    try:
        try:
            _replace(target, data, mode)
        except _Unsure:
            _replace(target, data, mode)
    except _Unsure as error:
        cause = error.__cause__
        assert isinstance(cause, OSError)
        raise unconfirmed(path, cause) from error
    except (OSError, ValueError) as error:
        raise refusal(path, error) from error


def _mode_to_keep(target: Path) -> int | None:
    try:
        found = os.stat(target)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "is not an ordinary file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "is write-protected")
    return stat.S_IMODE(found.st_mode)


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    temporary = target.with_name(f".sfumato-{secrets.token_hex(8)}.part")
    try:
        _write_whole(temporary, data, mode)
        _check(temporary, data)
        _rename(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            _again(lambda: os.unlink(temporary))
        raise
    _sync_folder(target.parent)


def _write_whole(temporary: Path, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_CLOEXEC", 0)
    handle = _again(lambda: os.open(temporary, flags, 0o666))
    try:
        rest = memoryview(data)
        while rest:
            part = rest[:_PART]
            written = _again(partial(os.write, handle, part))
            if written <= 0:
                raise OSError(errno.ENOSPC, "nothing more could be written")
            rest = rest[written:]
        if mode is not None and hasattr(os, "fchmod"):
            # A share that knows no modes refuses; the picture matters more than its mode.
            with contextlib.suppress(PermissionError, NotImplementedError):
                os.fchmod(handle, mode)
        _sync(handle)
    except BaseException:
        with contextlib.suppress(OSError):
            os.close(handle)
        raise
    os.close(handle)  # some shares say only here that the disk was full


def _check(temporary: Path, data: bytes) -> None:
    """Compare what the disk has with what it was given."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = _again(lambda: os.open(temporary, flags))
    try:
        if hasattr(os, "posix_fadvise"):
            # What is flushed may leave the cache: what is read below then comes from the disk.
            with contextlib.suppress(OSError):
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        rest = memoryview(data)
        while part := _again(lambda: os.read(handle, _PART)):
            if len(part) > len(rest) or rest[: len(part)] != part:
                raise OSError(errno.EIO, "what was read back is not what was written")
            rest = rest[len(part) :]
        if rest:
            raise OSError(errno.EIO, "what was read back is shorter than what was written")
    finally:
        with contextlib.suppress(OSError):
            os.close(handle)


def _rename(temporary: Path, target: Path) -> None:
    if sys.platform == "win32":
        _rename_on_windows(temporary, target)
    else:
        _again(lambda: os.replace(temporary, target))


def _rename_on_windows(temporary: Path, target: Path) -> None:
    """There is no flush of a folder on Windows; the move itself can be asked to be flushed."""
    import ctypes

    kernel: ctypes.CDLL = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    for pause in (*_SCANNED, None):
        old, new = ctypes.c_wchar_p(str(temporary)), ctypes.c_wchar_p(str(target))
        if kernel.MoveFileExW(old, new, _MOVE_REPLACING_AND_FLUSHED):
            return
        code = ctypes.get_last_error()  # type: ignore[attr-defined,unused-ignore]
        if pause is None or code not in (5, 32):  # access denied, in use
            raise OSError(0, "the new file cannot take the old one's place", str(target), code)
        time.sleep(pause)


def _sync(handle: int) -> None:
    try:
        _again(lambda: os.fsync(handle))
    except OSError as error:
        raise _Unsure from error


def _sync_folder(folder: Path) -> None:
    """The new name is safe only once its folder is; Windows and some shares have no such call."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        handle = _again(lambda: os.open(folder, os.O_RDONLY | os.O_DIRECTORY))
    except OSError as error:
        raise _Unsure from error
    try:
        _sync(handle)
    except _Unsure as error:
        if getattr(error.__cause__, "errno", None) not in _NO_FOLDER_SYNC:
            raise
    finally:
        with contextlib.suppress(OSError):
            os.close(handle)


def _again(call: Callable[[], T]) -> T:
    for _ in range(_PATIENCE):
        try:
            return call()
        except InterruptedError:
            continue
    return call()

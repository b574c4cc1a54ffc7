"""One writer for a file: a lock that lives in the application's own folder.

SQLite locks the file as well. But on POSIX systems its lock is gone as soon as anything in the
process closes the same file, a thumbnailer of the file dialog for one; this one stays.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
from pathlib import Path

from studio import paths
from studio.core.errors import FileError
from studio.project.store.faults import InUse

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: What systems say of a lock that somebody has: the first two Windows, the others the rest.
_ANOTHER_HAS_IT = {errno.EACCES, errno.EDEADLK, errno.EAGAIN, errno.EWOULDBLOCK}


class Lock:
    """Held from the making until `release`, or until the process ends however it ends.

    Args:
        path: The file to be locked, which need not exist; it is not touched.

    Raises:
        InUse: Somebody holds it.
        FileError: No lock can be had at all.
    """

    def __init__(self, path: Path) -> None:
        name = os.path.normcase(os.path.realpath(path))
        number = hashlib.blake2b(os.fsencode(name), digest_size=16).hexdigest()
        self._path = paths.data() / "locks" / f"{number}.lock"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            while not self._hold(path):
                pass  # whoever held it has just removed it
        except OSError as error:
            raise FileError(
                f"'{path.name}' cannot be kept from being changed twice: Sfumato's own folder "
                f"'{self._path.parent}' does not take a lock ({error.strerror or error}).",
                "See whether that folder is there, may be written to and has room.",
            ) from error

    def _hold(self, path: Path) -> bool:
        """Lock the file that stands for `path`; False when others look at another one by now."""
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        current = False
        try:
            _take(self._handle, path)
            current = self._current()
        finally:
            if not current:
                os.close(self._handle)
        return current

    def _current(self) -> bool:
        try:
            return self._path.stat().st_ino == os.fstat(self._handle).st_ino
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let others have it."""
        if sys.platform != "win32":
            self._path.unlink(missing_ok=True)  # while it is held: nobody can have taken it
        os.close(self._handle)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)


def _take(handle: int, path: Path) -> None:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _ANOTHER_HAS_IT:
            raise
        raise InUse(
            f"'{path.name}' is open in another window.", "Close it there to change it here."
        ) from error

"""One writer for a file: a lock that lives in the application's own folder.

SQLite locks the file as well. But on POSIX systems its lock is gone as soon as anything in the
process closes the same file, a thumbnailer of the file dialog for one; this one stays.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path

from studio import paths
from studio.project.store.faults import InUse

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Lock:
    """Held from the making until `release`, or until the process ends however it ends.

    Args:
        path: The file to be locked, which need not exist; it is not touched.

    Raises:
        InUse: Somebody holds it.
        OSError: The folder of locks cannot be written.
    """

    def __init__(self, path: Path) -> None:
        name = os.path.normcase(os.path.realpath(path))
        number = hashlib.blake2b(os.fsencode(name), digest_size=16).hexdigest()
        self._path = paths.data() / "locks" / f"{number}.lock"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _take(self._handle)
            except OSError as error:
                os.close(self._handle)
                raise InUse(
                    f"'{path.name}' is open in another window.", "Close it there to change it here."
                ) from error
            if self._current():
                return
            os.close(self._handle)  # whoever held it has just removed it

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


def _take(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

"""Room on the disk that nobody needs until it is full: given up, it holds the last strokes."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from studio import paths

SIZE = 64 << 20
#: On a disk with less than so many times the ballast left, it would do more harm than good.
_ROOM = 4
_PART = 1 << 20


class Ballast:
    """One file for a volume, shared by all pictures on it.

    Args:
        project: The file that it is for. On the volume of the application's own folder the ballast
            lies there, else, hidden, beside the project.
        size: Bytes.
    """

    def __init__(self, project: Path, size: int = SIZE) -> None:
        own = paths.data()
        beside = project.parent.stat().st_dev != own.stat().st_dev
        self.path = project.parent / ".sfumato-ballast" if beside else own / "ballast"
        self._beside = beside
        self._size = size

    def lay(self) -> bool:
        """Take the room, if there is plenty; whether it is taken now.

        The bytes are written, and are no zeros, as a file system may keep holes and zeros for
        nothing.
        """
        try:
            if self.path.exists() and self.path.stat().st_size >= self._size:
                return True
            if shutil.disk_usage(self.path.parent).free < _ROOM * self._size:
                return False
            self._write()
        except OSError:
            self.release()
            return False
        return True

    def _write(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(self.path, flags | getattr(os, "O_BINARY", 0), 0o600)
        try:
            part, left = os.urandom(_PART), self._size
            while left > 0:
                left -= os.write(handle, part[:left])
            os.fsync(handle)
        finally:
            os.close(handle)

    def release(self) -> bool:
        """Give the room back; False when there was none to give."""
        with contextlib.suppress(OSError):
            self.path.unlink()
            return True
        return False

    def leave(self) -> None:
        """The project is closed: what lies beside it goes with it."""
        if self._beside:
            self.release()

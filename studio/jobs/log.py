"""The engine's log: what a child writes to its standard error, bounded on disk and in memory."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import BinaryIO

#: A log file does not grow beyond this; the one of the start before is kept beside it.
MAX_BYTES = 1 << 20
#: So much of the end is kept in memory, for the error that is shown.
TAIL_BYTES = 16_000


class LogPump:
    """Reads the stream on a thread of its own until it ends, so that a flood never blocks a child.

    Args:
        stream: The child's standard error.
        file: Where it is kept; appended to, until `MAX_BYTES`.
    """

    def __init__(self, stream: BinaryIO, file: Path) -> None:
        self._stream = stream
        self._file = file
        self._tail = b""
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="engine log", daemon=True)
        self._thread.start()

    def tail(self) -> str:
        """The last lines, as far as they are read."""
        with self._lock:
            return self._tail.decode("utf-8", "replace").strip()

    def join(self, seconds: float) -> None:
        """Wait for the end of the stream; a grandchild may hold it open, hence the limit."""
        self._thread.join(seconds)

    def _run(self) -> None:
        room = MAX_BYTES - _begin(self._file)
        while True:
            try:
                part = os.read(self._stream.fileno(), 1 << 16)
            except OSError:
                break
            if not part:
                break
            with self._lock:
                self._tail = (self._tail + part)[-TAIL_BYTES:]
            room -= _append(self._file, part[: max(0, room)])
        self._stream.close()


def _begin(file: Path) -> int:
    """Make room: a full log becomes the old one.

    Returns:
        The size of the file that is written on.
    """
    try:
        size = file.stat().st_size
        if size < MAX_BYTES // 2:
            return size
        file.replace(file.with_suffix(".old.log"))
    except OSError:
        return 0  # no log yet, or one that cannot be moved: then this one is written on
    return 0


def _append(file: Path, part: bytes) -> int:
    """Add to the file; a disk that is full costs the log, never the picture."""
    if not part:
        return 0
    try:
        with file.open("ab") as log:
            return log.write(part)
    except OSError:
        return 0

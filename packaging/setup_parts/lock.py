"""One set-up at a time in one folder."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from setup_parts.console import say

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def alone(path: Path) -> Iterator[int]:
    """Wait until no other set-up holds `path`, and hold it.

    Yields the descriptor. A child that inherits it holds the lock too: where the set-up is killed
    and its pip lives on, the next set-up waits until that pip is done.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        if not _take(file.fileno()):
            say("Another set-up is at work in this folder. Waiting for it to end.")
            while not _take(file.fileno()):
                time.sleep(0.5)
        yield file.fileno()

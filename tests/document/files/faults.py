"""A disk that fails: stands in for `os` in the storage module and breaks one call of it."""

import errno
import os
import signal
from collections.abc import Callable
from typing import Any

#: The calls that reach the disk, each of which can fail.
CALLS = ("stat", "access", "open", "write", "fchmod", "fsync", "close", "read", "replace", "unlink")


class FailingOs:
    """Counts the calls that reach the disk; the one with number `at` (from 0) goes wrong.

    Args:
        at: Which call; -1: none, to count them.
        fault: 'EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EINTR': raised instead of the call.
            'short': a write takes half. 'kill': the process ends there.
        for_good: Every later call that takes room fails as well.
    """

    def __init__(self, at: int = -1, fault: str = "EIO", for_good: bool = False) -> None:
        self._at, self._fault, self._for_good = at, fault, for_good
        self.made: list[str] = []

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self._failing(name, real) if name in CALLS else real

    def _failing(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            number = len(self.made)
            self.made.append(name)
            takes_room = name in ("open", "write", "fsync")
            if number == self._at or (self._for_good and number > self._at >= 0 and takes_room):
                return self._fail(name, real, *args)
            return real(*args, **kwargs)

        return call

    def _fail(self, name: str, real: Callable[..., Any], *args: Any) -> Any:
        if self._fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self._fault == "short":
            return real(args[0], _half(args[1])) if name == "write" else real(*args)
        if name == "close":
            os.close(*args)  # the handle is gone even when closing fails
        if name == "access":
            return False
        raise OSError(getattr(errno, self._fault), os.strerror(getattr(errno, self._fault)))


def _half(data: bytes | memoryview) -> memoryview:
    view = memoryview(data)
    return view[: max(1, len(view) // 2)]

"""Memory that the decoder process fills and this one reads, without copying a gigabyte."""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
import tempfile
from pathlib import Path
from types import TracebackType

import numpy as np

from studio.core.geometry import Size
from studio.core.pixels import Pixels

if sys.platform == "linux":
    import fcntl

_PART = 1 << 24


class Room:
    """A file without a name, in memory where the system has such files.

    Measured: a 16k picture (1 GiB) comes through it at the cost of its first touch; a pipe
    alone takes 0.2 s for 4096 px a side, 0.6 s for 8192 (tests/bench/images.py).
    """

    def __init__(self) -> None:
        """Empty at first.

        Raises:
            OSError: There is no memory and no disk for it.
        """
        self.path: Path | None = None
        if sys.platform == "linux":
            flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
            self.handle = os.memfd_create("sfumato picture", flags)
        elif sys.platform == "win32":
            self.handle, name = tempfile.mkstemp(prefix="sfumato-")
            self.path = Path(name)
        else:
            self.handle, name = tempfile.mkstemp(prefix="sfumato-")
            os.unlink(name)  # noqa: PTH108 (nobody else shall open it)

    def __enter__(self) -> Room:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def fill(self, data: bytes | memoryview) -> None:
        """Put these bytes into it.

        Raises:
            OSError: There is no room for them.
        """
        rest = memoryview(data).cast("B")
        while rest:
            rest = rest[os.write(self.handle, rest[:_PART]) :]
        os.lseek(self.handle, 0, os.SEEK_SET)

    def fit(self, nbytes: int) -> None:
        """Make it that long, for good: who has it open can no longer cut it under our hands.

        Raises:
            OSError: There is no room for it.
        """
        os.ftruncate(self.handle, nbytes)
        if sys.platform == "linux":
            fcntl.fcntl(
                self.handle,
                fcntl.F_ADD_SEALS,
                fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL,
            )

    def pixels(self, size: Size) -> Pixels:
        """What lies in it as uint8 `[h, w, 4]`, read-only; it lives as long as the array.

        Raises:
            OSError: It is not as long as that.
        """
        memory = mmap.mmap(self.handle, size.area * 4, access=mmap.ACCESS_READ)
        return np.frombuffer(memory, np.uint8).reshape(size.height, size.width, 4)

    def close(self) -> None:
        """Let go of the file; arrays made of it stay."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1
        if self.path is not None:
            with contextlib.suppress(OSError):  # Windows keeps it while an array maps it
                self.path.unlink()

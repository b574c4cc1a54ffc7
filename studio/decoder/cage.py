"""What the decoder process may not do: reach the network, write, start programs, eat the memory."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

if sys.platform != "win32":
    import resource

if sys.platform == "linux":
    from studio.decoder import landlock, seccomp

_log = logging.getLogger(__name__)
#: Address space (bytes) for reading a header, beyond what the libraries have taken.
_BASE = 1 << 30
#: Further bytes for each px once the size is known and found good: the parent's memory, Pillow's
#: own copy, and what the decoders keep (WebP: two pictures; progressive JPEG: all coefficients).
_PER_PIXEL = 20
#: Processor time (s) for a header, and px per further second.
_SECONDS = 10
_PIXELS_PER_SECOND = 8_000_000

_taken = 0


def enter(readable: Sequence[Path]) -> None:
    """Shut the doors of this process and of all it forks; files below `readable` can be read.

    What the system cannot do is left out: the process is then only a process of its own.
    """
    global _taken
    _taken = _address_space()
    if sys.platform == "linux":
        if not landlock.only_read(readable):
            _log.info("This system has no Landlock: files of the artist could be read.")
        if not seccomp.shut():
            _log.info("This system has no seccomp filter: the network is not shut.")


def limit() -> None:
    """Memory and processor time for reading a header; a crash writes no core file."""
    _set("RLIMIT_CORE", 0)
    _set("RLIMIT_CPU", _SECONDS)
    if _taken:
        _set("RLIMIT_AS", _taken + _BASE)


def allow(pixels: int) -> None:
    """Memory and processor time for a picture of that many px."""
    _set("RLIMIT_CPU", _SECONDS + pixels // _PIXELS_PER_SECOND)
    if _taken:
        _set("RLIMIT_AS", _taken + _BASE + pixels * _PER_PIXEL)


def _set(name: str, value: int) -> None:
    if sys.platform != "win32":
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, hard))


def _address_space() -> int:
    """Bytes that this process has mapped; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize() if sys.platform != "win32" else 0

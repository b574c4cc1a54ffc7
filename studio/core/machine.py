"""Machine: how much memory this computer has, and how much of it is available."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def memory() -> tuple[int, int] | None:
    """All memory and what of it is available, bytes; None where the system does not tell."""
    if sys.platform == "win32":
        return _windows()
    try:
        return parsed(Path("/proc/meminfo").read_text(encoding="ascii"))
    except OSError:
        return None


def parsed(text: str) -> tuple[int, int] | None:
    """The same from what Linux tells, one `Name: number kB` a line."""
    rows = (line.split() for line in text.splitlines())
    values = {row[0]: int(row[1]) << 10 for row in rows if len(row) > 1 and row[1].isdigit()}
    if "MemTotal:" not in values or "MemAvailable:" not in values:
        return None
    return values["MemTotal:"], values["MemAvailable:"]


def processors() -> int:
    """How many processors this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable is not None else os.cpu_count() or 1


if sys.platform == "win32":
    import ctypes

    class _Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "available", *"abcde")),
        )

    def _windows() -> tuple[int, int] | None:
        status = _Status(ctypes.sizeof(_Status))
        if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            return None
        return int(status.total), int(status.available)

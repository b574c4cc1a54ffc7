"""Job object: on Windows, what ends the engine and all it started when this process ends.

Written from Microsoft's documentation and not tried on a Windows machine yet. Elsewhere the worker
asks the system for the same itself (`worker/process.py`).
"""

from __future__ import annotations

import subprocess
import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _KILL_ON_CLOSE = 0x2000
    _EXTENDED_LIMITS = 9

    class _Basic(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
            ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _Extended(ctypes.Structure):
        _fields_ = (
            ("Basic", _Basic),
            ("IoInfo", ctypes.c_ulonglong * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def holding(process: subprocess.Popen[bytes]) -> int | None:
        """Tie a child to this process's life.

        Returns:
            A handle for `release`; None when the system refuses: then the child still ends with
            its pipe.
        """
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        job = kernel.CreateJobObjectW(None, None)
        if not job:
            return None
        limits = _Extended()
        limits.Basic.LimitFlags = _KILL_ON_CLOSE
        kernel.SetInformationJobObject(
            wintypes.HANDLE(job), _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        handle = wintypes.HANDLE(int(process._handle))
        if not kernel.AssignProcessToJobObject(wintypes.HANDLE(job), handle):
            release(job)
            return None
        return int(job)

    def release(job: int | None) -> None:
        """Give the handle back; what is left of the child ends with it."""
        if job is not None:
            ctypes.WinDLL("kernel32").CloseHandle(wintypes.HANDLE(job))

else:

    def holding(_process: subprocess.Popen[bytes]) -> int | None:
        """Nothing: the worker asks the system for the same itself."""
        return None

    def release(_job: int | None) -> None:
        """Nothing to give back."""

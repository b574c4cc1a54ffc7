"""Vitals: what the system tells of a process and of its own sleep; Linux only so far."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look at a process.

    Attributes:
        stopped: Halted by a signal: it answers nobody until it is woken.
        blocked: Waiting for a disk or a driver, or for its turn on a core.
        cpu: Processor time used so far, s.
    """

    stopped: bool
    blocked: bool
    cpu: float


def vitals(process: int) -> Vitals | None:
    """Look at a process; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return parsed(text, os.sysconf("SC_CLK_TCK"))


def parsed(text: str, ticks: int) -> Vitals | None:
    """Read a line of /proc/<pid>/stat; `ticks` is the number of its time units in a second.

    The name, in brackets, may hold anything: what counts follows its last bracket.
    """
    parts = text.rpartition(")")[2].split()
    if len(parts) < 13:
        return None
    state, cpu = parts[0], (int(parts[11]) + int(parts[12])) / ticks
    return Vitals(state in "Tt", state in "DR", cpu)


def asleep() -> float:
    """How long this machine has slept since it started, s; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)

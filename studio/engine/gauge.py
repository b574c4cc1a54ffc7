"""Gauge: how much memory the device has, and the most that a run used of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import torch

from studio.core import machine
from studio.core.memory import Memory
from studio.engine.devices import Device

_STATUS = Path("/proc/self/status")
#: Writing 5 there sets the high-water mark of memory back to what is in use now.
_RESET = Path("/proc/self/clear_refs")


class Gauge:
    """Reads one device; on a CPU, what the process takes of the machine's memory."""

    def __init__(self, device: Device) -> None:
        """Look at that device."""
        self._kind = device.place.type
        self._precision = device.precision.itemsize
        self._resting = 0

    def begin(self) -> None:
        """A run begins: what is the most used counts from here on."""
        if self._kind == "cuda":
            torch.cuda.reset_peak_memory_stats()
            self._resting = torch.cuda.memory_allocated()
            return
        try:
            _RESET.write_text("5", encoding="ascii")
        except OSError:  # another system, or one that forbids it
            self._resting = 0
        else:
            self._resting = _status("VmRSS:")

    def reading(self, weights: int, others: int) -> Memory:
        """The device now.

        Args:
            weights: What the model takes, bytes.
            others: What other models take that are kept beside it; no part of what is told.
        """
        total, free = self.room()
        peak = 0
        if self._kind == "cuda":
            peak = torch.cuda.max_memory_allocated()
        elif self._resting:
            peak = _status("VmHWM:")
        resting, peak = (max(0, one - others) for one in (self._resting, peak))
        return Memory(self._kind, total, free, weights, resting, peak, self._precision)

    def room(self) -> tuple[int, int]:
        """All memory of the device and what of it is free, bytes; 0: not known."""
        if self._kind == "cuda":
            free, total = torch.cuda.mem_get_info()
            return total, free + torch.cuda.memory_reserved() - torch.cuda.memory_allocated()
        return machine.memory() or (0, 0)


def taken(pipeline: Any) -> int:
    """Bytes of all weights of a pipeline."""
    modules = [one for one in pipeline.components.values() if isinstance(one, torch.nn.Module)]
    tensors = {
        tensor.data_ptr(): tensor.nbytes
        for module in modules
        for tensor in (*module.parameters(), *module.buffers())
    }
    return sum(tensors.values())


def _status(name: str) -> int:
    """A row of what Linux tells of this process, bytes; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) << 10
    return 0

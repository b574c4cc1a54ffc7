"""Giving memory back: what was freed leaves the process, too."""

from __future__ import annotations

import ctypes
import gc
import sys

import torch


def reclaim() -> None:
    """Collect what nothing refers to, and return free memory to device and system."""
    gc.collect()
    torch.cuda.empty_cache()  # nothing where no device was opened
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's own; musl has none
        if trim is not None:
            trim(0)

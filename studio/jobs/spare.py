"""Spare: whether this machine has memory for a second engine that only waits."""

from __future__ import annotations

from studio.core.machine import memory

#: A machine with less, bytes, needs its memory for the model.
_TOTAL = 15 << 30  # what the system reports of 16 GB
#: What has to be free, bytes: a waiting engine takes 0.4 GB, and models come and go.
_FREE = 6 << 30


def affordable() -> bool:
    """Whether a second process that has imported torch and diffusers fits in beside the first."""
    found = memory()
    return found is not None and found[0] >= _TOTAL and found[1] >= _FREE

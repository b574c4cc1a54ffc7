"""Device and precision: what runs the denoiser, and in which numbers."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class Device:
    """Where a model runs.

    Attributes:
        place: The device as torch knows it.
        title: What an artist reads.
        precision: Number format of the denoiser; everything around it computes in float32.
    """

    place: torch.device
    title: str
    precision: torch.dtype


def choose() -> Device:
    """The best device of this machine."""
    if torch.cuda.is_available():
        exact = torch.cuda.is_bf16_supported(including_emulation=False)
        return Device(
            torch.device("cuda"),
            torch.cuda.get_device_name(),
            torch.bfloat16 if exact else torch.float16,
        )
    if torch.backends.mps.is_available():
        return Device(torch.device("mps"), "Apple GPU", torch.float16)
    return Device(torch.device("cpu"), "CPU", torch.bfloat16 if _cpu_has_bf16() else torch.float32)


def _cpu_has_bf16() -> bool:
    """Whether the CPU multiplies bfloat16 in hardware; float16 on a CPU is 60 times slower."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())

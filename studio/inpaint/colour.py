"""Colour: sRGB codes and linear light, for arrays of pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.core.pixels import Pixels

Floats = NDArray[np.float32]

_CODES = np.arange(256) / 255.0
#: Linear light 0 to 1 of each sRGB code.
LINEAR: Floats = np.where(
    _CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4
).astype(np.float32)

_STEPS = np.arange(1 << 16) / 65535.0
#: sRGB code of each of 65536 steps of linear light; fine enough for the darkest codes.
_CODE: Pixels = np.rint(
    255 * np.where(_STEPS <= 0.0031308, _STEPS * 12.92, 1.055 * _STEPS ** (1 / 2.4) - 0.055)
).astype(np.uint8)


def linear(pixels: Pixels) -> Floats:
    """Linear light, float32 0 to 1 of the same shape, of uint8 sRGB codes."""
    return LINEAR[pixels]


def srgb(light: Floats) -> Pixels:
    """Nearest uint8 sRGB codes of linear light 0 to 1; clipped."""
    steps = np.clip(light, 0, 1) * np.float32(65535) + np.float32(0.5)
    return _CODE[steps.astype(np.uint16)]

"""Colour: sRGB, linear light and OKLab, for arrays of pixels."""

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

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_FROM_OKLAB = np.linalg.inv(_TO_OKLAB.astype(np.float64)).astype(np.float32)
_FROM_CONES = np.linalg.inv(_TO_CONES.astype(np.float64)).astype(np.float32)


def linear(pixels: Pixels) -> Floats:
    """Linear light, float32 0 to 1 of the same shape, of uint8 sRGB codes."""
    return LINEAR[pixels]


def srgb(light: Floats) -> Pixels:
    """Nearest uint8 sRGB codes of linear light 0 to 1; clipped."""
    steps = np.clip(light, 0, 1) * np.float32(65535) + np.float32(0.5)
    return _CODE[steps.astype(np.uint16)]


def oklab(light: Floats) -> Floats:
    """OKLab float32 `[..., 3]` (L 0 to 1) of linear sRGB float32 `[..., 3]`.

    Source: B. Ottosson, A perceptual color space for image processing (2020).
    """
    cones: Floats = np.cbrt(light @ _TO_CONES.T)
    lab: Floats = cones @ _TO_OKLAB.T
    return lab


def from_oklab(lab: Floats) -> Floats:
    """Linear sRGB float32 `[..., 3]` of OKLab; may leave 0 to 1. The inverse of `oklab`."""
    cones = lab @ _FROM_OKLAB.T
    light: Floats = (cones * cones * cones) @ _FROM_CONES.T
    return light

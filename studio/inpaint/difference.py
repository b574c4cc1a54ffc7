"""Difference: how far apart two colours look, by CIEDE2000."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.core.pixels import Pixels
from studio.inpaint.colour import linear

Doubles = NDArray[np.float64]

#: Linear sRGB to CIE XYZ, divided by the white D65 of sRGB (its rows sum to 1).
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_TO_XYZ /= _TO_XYZ.sum(axis=1, keepdims=True)
_SEVEN = 25.0**7


def cielab(pixels: Pixels) -> Doubles:
    """CIELAB (D65) float64 `[..., 3]` of uint8 sRGB `[..., 3]`; L 0 to 100."""
    return cielab_of_light(linear(pixels).astype(np.float64))


def cielab_of_light(light: Doubles) -> Doubles:
    """CIELAB (D65) float64 `[..., 3]` of linear sRGB `[..., 3]`, 0 to 1."""
    share = light @ _TO_XYZ.T
    curve = np.where(share > (6 / 29) ** 3, np.cbrt(share), share * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = np.moveaxis(curve, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(one: Doubles, other: Doubles) -> Doubles:
    """Colour differences of CIELAB arrays `[..., 3]`; 1 is about the least that an eye sees.

    Source: G. Sharma, W. Wu, E. N. Dalal, The CIEDE2000 color-difference formula (2005),
        equations 2 to 22, all parametric factors 1.
    """
    (lightness, chroma, hue), (lightness2, chroma2, hue2) = _polar(one, other)
    grey = chroma * chroma2 == 0
    turn = np.where(grey, 0.0, _wrapped(hue2 - hue))
    middle_l, middle_c = (lightness + lightness2) / 2, (chroma + chroma2) / 2
    # Half way along the shorter arc; with a grey the other one's hue, which is the sum.
    middle_h = np.where(grey, hue + hue2, hue + turn / 2) % 360
    by_l = (lightness2 - lightness) / _weight_of_lightness(middle_l)
    by_c = (chroma2 - chroma) / (1 + 0.045 * middle_c)
    by_h = 2 * np.sqrt(chroma * chroma2) * np.sin(np.radians(turn / 2))
    by_h /= 1 + 0.015 * middle_c * _weight_of_hue(middle_h)
    rotation = _rotation(middle_c, middle_h)
    squares = by_l**2 + by_c**2 + by_h**2 + rotation * by_c * by_h
    result: Doubles = np.sqrt(np.maximum(squares, 0))
    return result


def _polar(one: Doubles, other: Doubles) -> list[tuple[Doubles, Doubles, Doubles]]:
    """Lightness, chroma and hue in degrees of both, the a axis stretched near grey."""
    mean = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + _SEVEN)))
    return [
        (
            lab[..., 0],
            np.hypot(lab[..., 1] * stretch, lab[..., 2]),
            np.degrees(np.arctan2(lab[..., 2], lab[..., 1] * stretch)) % 360,
        )
        for lab in (one, other)
    ]


def _wrapped(turn: Doubles) -> Doubles:
    """The shorter way around, above -180 to 180 degrees; half a turn keeps its sign."""
    return np.where(turn > 180, turn - 360, np.where(turn < -180, turn + 360, turn))


def _weight_of_lightness(middle: Doubles) -> Doubles:
    square = (middle - 50) ** 2
    weight: Doubles = 1 + 0.015 * square / np.sqrt(20 + square)
    return weight


def _weight_of_hue(middle: Doubles) -> Doubles:
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    total = np.ones_like(middle)
    for factor, times, shift in terms:
        total += factor * np.cos(np.radians(times * middle + shift))
    return total


def _rotation(middle_c: Doubles, middle_h: Doubles) -> Doubles:
    """The term that tilts the ellipses of blues."""
    angle = 30 * np.exp(-(((middle_h - 275) / 25) ** 2))
    seventh = middle_c**7
    result: Doubles = -2 * np.sqrt(seventh / (seventh + _SEVEN)) * np.sin(np.radians(2 * angle))
    return result

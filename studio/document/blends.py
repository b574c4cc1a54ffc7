"""Blend modes: what colour comes of a layer's colour over a backdrop's.

Colours are planes, float32 `[3, h, w]`, 0 to 1, sRGB as stored.
Source: W3C Compositing and Blending Level 1, sections 9 and 10 (https://www.w3.org/TR/compositing-1/).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.float32]
Blend = Callable[[Colours, Colours], Colours]

_NEXT_TO_NOTHING = np.float32(1e-6)


def normal(_backdrop: Colours, source: Colours) -> Colours:
    """The layer's own colour."""
    return source


def multiply(backdrop: Colours, source: Colours) -> Colours:
    """Darkens as two slides in one projector."""
    return backdrop * source


def screen(backdrop: Colours, source: Colours) -> Colours:
    """Lightens as two projectors on one wall."""
    return backdrop + source - backdrop * source


def overlay(backdrop: Colours, source: Colours) -> Colours:
    """Multiplies the backdrop's darks and screens its lights."""
    return _hard_light(source, backdrop)


def darken(backdrop: Colours, source: Colours) -> Colours:
    """The darker of both, channel by channel."""
    return np.minimum(backdrop, source)


def lighten(backdrop: Colours, source: Colours) -> Colours:
    """The lighter of both, channel by channel."""
    return np.maximum(backdrop, source)


def soft_light(backdrop: Colours, source: Colours) -> Colours:
    """Darkens or lightens gently, as a diffuse lamp of the layer's colour would."""
    curve = np.where(
        backdrop <= 0.25, ((16 * backdrop - 12) * backdrop + 4) * backdrop, np.sqrt(backdrop)
    )
    dark = backdrop - (1 - 2 * source) * backdrop * (1 - backdrop)
    light = backdrop + (2 * source - 1) * (curve - backdrop)
    return np.where(source <= 0.5, dark, light).astype(np.float32)


def colour(backdrop: Colours, source: Colours) -> Colours:
    """Hue and saturation of the layer with the light of the backdrop."""
    return _with_luminosity(source, _luminosity(backdrop))


def luminosity(backdrop: Colours, source: Colours) -> Colours:
    """The light of the layer with hue and saturation of the backdrop."""
    return _with_luminosity(backdrop, _luminosity(source))


#: Every mode a layer can have, in the order of menus.
BLENDS: dict[str, Blend] = {
    "normal": normal,
    "multiply": multiply,
    "screen": screen,
    "overlay": overlay,
    "darken": darken,
    "lighten": lighten,
    "soft light": soft_light,
    "colour": colour,
    "luminosity": luminosity,
}


def _hard_light(backdrop: Colours, source: Colours) -> Colours:
    dark = backdrop * (2 * source)
    light = screen(backdrop, 2 * source - 1)
    return np.where(source <= 0.5, dark, light).astype(np.float32)


def _luminosity(colours: Colours) -> Colours:
    luma: Colours = (
        np.float32(0.3) * colours[0] + np.float32(0.59) * colours[1] + np.float32(0.11) * colours[2]
    )
    return luma


def _with_luminosity(colours: Colours, light: Colours) -> Colours:
    """SetLum and ClipColor: shift to that luminosity, then pull towards grey into 0 to 1."""
    moved = colours + (light - _luminosity(colours))
    middle = _luminosity(moved)
    low = moved.min(axis=0)
    high = moved.max(axis=0)
    # Of a grey both distances are 0, or so near that only rounding is left of them.
    below = np.maximum(middle - low, _NEXT_TO_NOTHING)
    above = np.maximum(high - middle, _NEXT_TO_NOTHING)
    moved = np.where(low < 0, middle + (moved - middle) * (middle / below), moved)
    moved = np.where(high > 1, middle + (moved - middle) * ((1 - middle) / above), moved)
    return np.clip(moved, 0, 1).astype(np.float32)

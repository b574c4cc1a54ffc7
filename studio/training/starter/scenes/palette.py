"""Colours of the picture-book world and the arithmetic on them; colours are rgb 0 to 255."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

Rgb = tuple[int, int, int]

COLOURS: dict[str, Rgb] = {
    "red": (208, 44, 40),
    "blue": (48, 98, 206),
    "green": (54, 150, 66),
    "yellow": (245, 206, 50),
    "orange": (240, 132, 36),
    "purple": (132, 66, 170),
    "pink": (242, 138, 178),
    "white": (244, 242, 236),
    "brown": (134, 86, 50),
    "grey": (138, 140, 146),
}
WALLS = ("red", "blue", "green", "yellow", "orange", "purple", "pink", "white", "brown", "grey")
ROOFS = ("red", "blue", "green", "brown", "grey", "orange", "purple")
BRIGHT = ("red", "blue", "green", "yellow", "orange", "purple", "pink", "white")
CASTLES = ("grey", "white", "pink", "brown", "purple", "yellow")
STRIPES = ("red", "blue", "green", "orange")
HULLS = ("brown", "red", "blue", "white", "green")
SAILS = ("white", "red", "yellow", "blue", "orange", "pink")
PETALS = ("red", "yellow", "pink", "purple", "white", "orange")
FURS = ("grey", "orange", "white", "brown")
CAPS = ("red", "brown", "orange", "purple")
FENCES = ("white", "brown")

SKIES: dict[str, tuple[Rgb, ...]] = {
    "day": ((74, 150, 230), (196, 228, 250)),
    "dawn": ((150, 164, 220), (250, 190, 200), (255, 224, 190)),
    "sunset": ((88, 62, 138), (236, 104, 76), (255, 196, 96)),
    "night": ((8, 12, 38), (36, 48, 104)),
}
TINTS = {
    "day": (1.0, 1.0, 1.0),
    "dawn": (1.0, 0.93, 0.95),
    "sunset": (0.98, 0.84, 0.74),
    "night": (0.50, 0.54, 0.76),
}
GROUNDS: dict[str, Rgb] = {
    "meadow": (104, 176, 76),
    "desert": (228, 192, 118),
    "snow": (236, 242, 248),
}
MOUNTAINS: dict[str, Rgb] = {
    "meadow": (110, 122, 150),
    "desert": (186, 126, 92),
    "snow": (140, 156, 186),
}
CLOUDS: dict[str, Rgb] = {
    "day": (255, 255, 255),
    "dawn": (255, 226, 224),
    "sunset": (250, 170, 140),
    "night": (74, 84, 128),
}
SUNS: dict[str, Rgb] = {"day": (255, 226, 84), "dawn": (255, 214, 150), "sunset": (255, 112, 60)}
WATERS: dict[str, Rgb] = {
    "day": (72, 150, 214),
    "dawn": (130, 160, 206),
    "sunset": (186, 98, 88),
    "night": (30, 48, 104),
}
RAINBOW: tuple[Rgb, ...] = (
    (226, 60, 60),
    (240, 150, 50),
    (246, 226, 80),
    (90, 190, 90),
    (80, 130, 226),
    (146, 86, 190),
)
WHITE: Rgb = (255, 255, 255)
WOOD: Rgb = (108, 74, 48)


def mixed(first: Rgb, second: Rgb, share: float) -> Rgb:
    """``first`` with ``share`` (0 to 1) of ``second`` in it."""
    keep = 1 - share
    return (
        int(first[0] * keep + second[0] * share),
        int(first[1] * keep + second[1] * share),
        int(first[2] * keep + second[2] * share),
    )


def scaled(colour: Rgb, factors: Sequence[float]) -> Rgb:
    """``colour`` with each channel multiplied by its factor."""
    red, green, blue = (
        int(min(255, max(0, value * factor))) for value, factor in zip(colour, factors, strict=True)
    )
    return red, green, blue


def shaded(colour: Rgb, factor: float) -> Rgb:
    """``colour``, darker (below 1) or lighter (above 1)."""
    return scaled(colour, (factor, factor, factor))


def gradient(width: int, height: int, colours: Sequence[Rgb]) -> Image.Image:
    """A picture of ``width`` x ``height`` px that runs from the first colour down to the last."""
    places = np.linspace(0, len(colours) - 1, max(1, height))
    rows = np.stack(
        [
            np.interp(places, np.arange(len(colours)), [colour[channel] for colour in colours])
            for channel in range(3)
        ],
        axis=1,
    )
    column = Image.fromarray(rows.astype(np.uint8)[:, None, :])
    return column.resize((width, max(1, height)), Image.Resampling.NEAREST)

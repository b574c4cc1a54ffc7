"""Which named colour fills a part of a picture: how wall and roof are judged."""

import numpy as np
from numpy.typing import NDArray

from studio.training.starter.generate import Picture
from studio.training.starter.scenes.palette import COLOURS
from studio.training.starter.scenes.spec import Box

_NEAR = 60.0
"""Greatest distance in rgb at which a pixel still counts as a named colour by daylight."""

_AROUND = ("green", "brown")
"""Meadow and door: they count for a wall or a roof only where they are asked for."""


def wall_is(picture: Picture, box: Box, colour: str, roof: str) -> bool:
    """Whether ``colour`` is the largest named colour in a house's box, its roof left out."""
    return _largest(_inside(picture, box), colour, ignored=roof) == colour


def roof_is(picture: Picture, box: Box, colour: str, wall: str) -> bool:
    """Whether ``colour`` is the largest named colour in the upper 40 % of a house's box."""
    x0, y0, x1, y1 = box
    upper = (x0, y0, x1, y0 + max(1, round(0.4 * (y1 - y0))))
    return _largest(_inside(picture, upper), colour, ignored=wall) == colour


def _inside(picture: Picture, box: Box) -> NDArray[np.float32]:
    x0, y0, x1, y1 = box
    return picture[y0:y1, x0:x1].reshape(-1, 3).astype(np.float32)


def _largest(pixels: NDArray[np.float32], wanted: str, ignored: str) -> str:
    """The colour that most of ``pixels`` (float [n, 3]) are near to; '' where none is."""
    names = list(COLOURS)
    table = np.array([COLOURS[name] for name in names], np.float32)
    distances = np.square(pixels[:, None] - table).sum(2)
    near = distances.min(1) < _NEAR**2
    counts = np.bincount(distances.argmin(1)[near], minlength=len(names))
    for place, name in enumerate(names):
        if name != wanted and (name in _AROUND or name == ignored):
            counts[place] = 0
    return names[int(counts.argmax())] if counts.max() > 0 else ""

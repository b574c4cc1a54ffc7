"""Pictures made of seeded noise, and a document of one."""

from collections.abc import Callable

import numpy as np
import pytest

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document

Noise = Callable[..., Pixels]


@pytest.fixture
def noise() -> Noise:
    """Calls give uint8 `[h, w, 4]` for `(w, h)`, opaque unless `opaque=False`; or a mask."""

    def make(width: int, height: int, seed: int = 1, *, opaque: bool = True) -> Pixels:
        shape = (height, width, 4)
        pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
        if opaque:
            pixels[..., 3] = 255
        return pixels

    return make


@pytest.fixture
def document(noise: Noise) -> Document:
    """A picture of 300 x 200 px, called 'photo'."""
    return Document.from_pixels(noise(300, 200), "photo")


@pytest.fixture
def bounds() -> Rect:
    """Of the picture that `document` holds."""
    return Rect(0, 0, 300, 200)

"""Feather: how much of the new each masked pixel takes, so that it fades in without a halo."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.core.pixels import Pixels
from studio.inpaint.distance import distance

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

#: Widest feather, px; wider ones show the old picture through the new one.
WIDEST = 16
#: The feather is this share of the edge of a square as large as the mask.
SHARE = 1 / 16
#: The part of a mask's half thickness that the feather may use up.
THICKNESS = 0.5
#: Old and new that differ by less than the first many levels agree, by more than the second not.
AGREE, DISAGREE = 10.0, 50.0
#: Where they disagree the feather keeps this share of its width: a narrow step shows less than
#: a ghost of what was to go.
LEAST_SHARE = 0.3
#: No disagreement makes the feather narrower than this, px.
LEAST_WIDTH = 2.0


def width(mask: Pixels) -> int:
    """Width in px over which the new fades in at most; grows with the mask.

    Args:
        mask: uint8 `[h, w]`.
    """
    edge = math.sqrt(np.count_nonzero(mask))
    return round(min(max(edge * SHARE, 1), WIDEST))


def opacity(mask: Pixels, kept: Bools, there: Bools, disagreement: Pixels) -> Floats:
    """How much of the new each pixel takes, 0 to 1.

    All of it deep inside, less towards what is kept, over a width that follows the mask's size
    and local thickness, and that narrows where old and new disagree; times the mask's density.
    Where the picture has no pixel there is nothing to fade into: there it is the density alone.

    Args:
        mask: uint8 `[h, w]`.
        kept: bool `[h, w]`, opaque pixels of the picture outside the mask.
        there: bool `[h, w]`, opaque pixels of the picture.
        disagreement: uint8 `[h, w]`, levels between old and new.

    Returns:
        float32 `[h, w]`; exactly 0 where the mask is 0.
    """
    density = mask.astype(np.float32) / np.float32(255)
    if not kept.any():
        return density
    widest = width(mask)
    depth = distance(kept, 2 * widest + 2)
    # Half the local thickness: the greatest depth around. A thin stroke must not fade as a whole.
    thick = greatest_around(depth, widest + 1)
    local = np.minimum(np.float32(widest), np.float32(THICKNESS) * (thick - 1))
    narrowed = np.maximum(local * _agreement(disagreement, widest), np.float32(LEAST_WIDTH))
    part = np.clip(depth / (np.minimum(local, narrowed) + 1), 0, 1)
    rise: Floats = part * part * (3 - 2 * part)
    return np.where(there, rise * density, density)


def _agreement(disagreement: Pixels, widest: int) -> Floats:
    """1 where old and new agree around a pixel, falling to LEAST_SHARE."""
    around = ImageFilter.BoxBlur(max(2, widest // 3))
    mean = np.asarray(Image.fromarray(disagreement).filter(around))
    levels = np.arange(256, dtype=np.float32)
    far = np.clip((levels - AGREE) / (DISAGREE - AGREE), 0, 1)
    share: Floats = np.take(1 - far * np.float32(1 - LEAST_SHARE), mean)
    return share


def greatest_around(values: Floats, reach: int) -> Floats:
    """The greatest value within a square of `reach` px around each pixel, by doubling steps."""
    for axis in (0, 1):
        done = 0
        while done < reach:
            step = min(reach - done, max(1, done))
            wide = np.pad(values, [(step, step) if one == axis else (0, 0) for one in (0, 1)])
            low, high = [slice(None)] * 2, [slice(None)] * 2
            low[axis], high[axis] = slice(None, -2 * step), slice(2 * step, None)
            values = np.maximum(values, np.maximum(wide[tuple(low)], wide[tuple(high)]))
            done += step
    return values

"""Erase: take something out of a picture without a model."""

from __future__ import annotations

import numpy as np

from studio.core.pixels import Pixels
from studio.inpaint.blend import finished
from studio.inpaint.fill import filled, mixed


def erased(picture: Pixels, mask: Pixels, how: str = "patch", seed: int = 0) -> Pixels:
    """A layer that covers what is masked with what surrounds it.

    Args:
        picture: uint8 `[h, w, 4]` sRGB straight alpha, the mask with some context around it.
        mask: uint8 `[h, w]`; density is opacity.
        how: A member of `request.FILLS` other than 'auto'.
        seed: For the fills that roll dice.

    Returns:
        uint8 `[h, w, 4]` as of `blend.finished`: alpha 0 wherever the mask is 0, and nowhere more
        opaque than the picture: beyond its edge nothing is made up.

    Raises:
        UsageError: There is no such fill, or the sizes differ.
    """
    hard = np.where(mask > 0, np.uint8(255), np.uint8(0))
    # What shall go must not shine through where the new fades in: it fades in over the colours
    # around it, carried on, and not over what was there.
    beneath = picture.copy()
    beneath[..., :3] = filled(picture, hard, "border")
    made = filled(picture, hard, how, seed)
    layer = finished(beneath, made, hard)
    layer[..., :3] = mixed(picture[..., :3], layer[..., :3], mask)
    layer[..., 3] = np.minimum(layer[..., 3], picture[..., 3])
    return layer

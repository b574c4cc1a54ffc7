"""Fill: what stands under the mask before the model begins; alone, a quick erase."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds, size_of
from studio.core.request import FILLS
from studio.inpaint.distance import nearest_index
from studio.inpaint.patches import patched
from studio.inpaint.spread import spread

#: From this alpha on a pixel counts as being there; what is more transparent has to be made up.
OPAQUE = 250
#: Up to this strength a repaint refines what is there, above it replaces it.
REFINES = 0.75
#: Stands in for a picture without a single known pixel.
NEUTRAL = 128
#: The smooth fills look this many px around what is unknown.
SEEN = 16
#: Standard deviation of the noise fill, in levels of 255.
NOISE = 48.0

Known = NDArray[np.bool_]


def choose(strength: float, outpaint: bool, inpainting_model: bool) -> str:
    """The fill that suits a task.

    Keep what is there while it is to be refined; carry the surroundings on smoothly where it is to
    be replaced: a model takes over the colours that it finds, and whatever is left of an object
    there invites it back. A model trained for inpainting is told what is masked and starts from
    pure noise at full strength, so that only the cost of the fill counts.

    Args:
        strength: Share of the noise added, above 0 to 1.
        outpaint: Whether a part of what may change has no picture yet.
        inpainting_model: Whether the model takes the mask as an input.

    Returns:
        A member of `request.FILLS` other than 'auto'.
    """
    if strength <= REFINES:
        return "keep"
    if outpaint and not inpainting_model and strength < 1.0:
        return "smooth"
    return "blur"


def filled(picture: Pixels, mask: Pixels, how: str, seed: int = 0) -> Pixels:
    """The picture with something under the mask, opaque everywhere.

    Where the mask is partly dense, the fill covers partly. Transparent pixels count as masked.

    Args:
        picture: uint8 `[h, w, 4]` sRGB straight alpha.
        mask: uint8 `[h, w]`.
        how: A member of `request.FILLS` other than 'auto'.
        seed: For the fills that roll dice.

    Returns:
        uint8 `[h, w, 3]`, fresh; equal to the picture where the mask is 0 and the picture opaque.

    Raises:
        UsageError: There is no such fill.
    """
    if how not in FILLS or how == "auto":
        ways = ", ".join(FILLS[1:])
        raise UsageError(f"There is no fill called '{how}'.", f"Take one of: {ways}.")
    there = picture[..., 3] >= OPAQUE
    known = there if how == "keep" else there & (mask == 0)
    colours = np.ascontiguousarray(picture[..., :3])
    if known.all():
        return colours.copy()
    made = _made(colours, known, how, seed)
    share = np.where(there, mask, np.uint8(255)) if how != "keep" else ~there * np.uint8(255)
    return mixed(colours, made, share)


def mixed(below: Pixels, above: Pixels, share: Pixels) -> Pixels:
    """`above` over `below` by `share` of 255; exact at 0 and at 255."""
    if not ((share > 0) & (share < 255)).any():
        return np.where(share[..., None] > 0, above, below)
    part = share[..., None].astype(np.uint16)
    mixed = (above * part + below * (255 - part) + 127) // 255
    return mixed.astype(np.uint8)


def _made(colours: Pixels, known: Known, how: str, seed: int) -> Pixels:
    """Colours for every pixel; only those that are not known will be taken."""
    if not known.any():
        return np.full_like(colours, NEUTRAL)
    match how:
        case "border":
            return _extended(colours, known)
        case "plain":
            mean = colours[known].mean(axis=0, dtype=np.float64)
            return np.broadcast_to(np.rint(mean).astype(np.uint8), colours.shape)
        case "patch":
            return patched(colours, known, seed)
        case "smooth":
            return _carried(colours, known, sweeps=6)
        case "noise":
            grain = np.random.default_rng(seed).normal(0, NOISE, colours.shape)
            return rounded(np.add(_carried(colours, known), grain, dtype=np.float32))
    return _carried(colours, known)


def _carried(colours: Pixels, known: Known, sweeps: int = 0) -> Pixels:
    """What lies next to the unknown, carried into it; farther away nothing is looked at."""
    part = mask_bounds(~known * np.uint8(255)).grown(SEEN).intersected(Rect.of(size_of(colours)))
    area = part.rows, part.columns
    planes = colours[area].transpose(2, 0, 1).astype(np.float32)
    result = colours.copy()
    result[area] = rounded(spread(planes, known[area], sweeps).transpose(1, 2, 0))
    return result


def _extended(colours: Pixels, known: Known) -> Pixels:
    """Each unknown pixel like the nearest known; none can be farther than just around them."""
    part = mask_bounds(~known * np.uint8(255)).grown(1).intersected(Rect.of(size_of(colours)))
    area = part.rows, part.columns
    result = colours.copy()
    result[area] = colours[area][nearest_index(known[area])]
    return result


def rounded(values: NDArray[np.float32]) -> Pixels:
    """Float levels 0 to 255 as uint8, clipped."""
    return np.rint(np.clip(values, 0, 255)).astype(np.uint8)

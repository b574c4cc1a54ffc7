"""Erase: take something out of a picture without a model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.piece import Over, Piece, laid
from studio.core.pixels import Pixels, mask_bounds
from studio.inpaint import islands
from studio.inpaint.blend import finished
from studio.inpaint.fill import filled, mixed
from studio.inpaint.region import Plan

#: Boxes are planned as for a model of this native edge and grid: as much context serves well.
_NATIVE, _GRID = 512, 8
Read = Callable[[Rect], Pixels]


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


def pieces(
    picture_of: Read,
    mask_of: Read,
    bounds: Rect,
    masked: Rect,
    over: Over,
    how: str = "patch",
    seed: int = 0,
) -> tuple[Piece, ...]:
    """What covers everything that is masked, part by part; each sees what those before it made.

    Args:
        picture_of: uint8 `[h, w, 4]` of a rectangle, document px, a fresh array.
        mask_of: uint8 `[h, w]` likewise.
        bounds: The picture.
        masked: The tight bounds of the mask.
        over: Lays one piece over what lies beneath.
        how: As for `erased`, like the next.
        seed: Likewise.

    Raises:
        UsageError: Nothing is masked, nothing is left to cover it with, or there is no such fill.
    """
    inside = masked.intersected(bounds)
    if inside.empty:
        raise UsageError("Nothing says what shall go.", "Paint a mask over it.")
    parts = islands.islands(mask_of(inside), inside.x, inside.y)
    made: list[Piece] = []
    for plan in islands.plans(bounds, bounds, parts, _NATIVE, _GRID):
        picture = laid(picture_of, made, over)(plan.box)
        mask = mask_of(plan.box)
        if not ((picture[..., 3] > 0) & (mask == 0)).any():
            raise nothing_left()
        made.append(_piece(picture, mask, plan, how, seed))
    return tuple(made)


def nothing_left() -> UsageError:
    """What to say where everything is masked."""
    return UsageError(
        "With all of the picture masked there is nothing to cover it with.",
        "Mask only what shall go.",
    )


def _piece(picture: Pixels, mask: Pixels, plan: Plan, how: str, seed: int) -> Piece:
    """One part of the mask; what the box shows of others is not copied from, as it shall go."""
    layer = erased(picture, mask, how, seed)
    own = plan.mask.moved(-plan.box.x, -plan.box.y)
    area = mask_bounds(mask[own.rows, own.columns]).moved(own.x, own.y)
    pixels = np.ascontiguousarray(layer[area.rows, area.columns])
    return Piece(area.moved(plan.box.x, plan.box.y), pixels)

"""Blend: how the model's answer comes back into the picture without an edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds, size_of
from studio.inpaint import feather
from studio.inpaint.cells import enlarged, local_means
from studio.inpaint.colour import linear, srgb
from studio.inpaint.distance import near
from studio.inpaint.fill import OPAQUE, rounded
from studio.inpaint.match import correction, matched
from studio.inpaint.spread import spread

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Rings narrower than this say too little of the colours.
LEAST_RING = 16
#: Differences beyond this many levels at the edge are content that differs, not a shift of tone.
SHIFT = 32.0
#: Width of the ring in which they are looked at, px.
BAND = 4


def effective_mask(picture: Pixels, mask: Pixels | None) -> Pixels:
    """What may change: the mask; without one what the picture lacks; if it lacks nothing, all.

    Args:
        picture: uint8 `[h, w, 4]` sRGB straight alpha.
        mask: uint8 `[h, w]`, or None: nothing was masked.

    Returns:
        uint8 `[h, w]`.
    """
    if mask is not None:
        return mask
    missing = picture[..., 3] < OPAQUE
    if not missing.any():
        return np.full(missing.shape, 255, np.uint8)
    return np.where(missing, np.uint8(255), np.uint8(0))


def finished(picture: Pixels, generated: Pixels, mask: Pixels, graded: bool = True) -> Pixels:
    """The generated picture as a layer over the picture, without an edge where they meet.

    Its colours are matched by the ring around the mask, what still differs at the edge is
    carried into the mask as a smooth shift, and the last step is feathered strictly inside the
    mask. Pixels that are transparent in the picture take the generated colour as it is.

    Args:
        picture: uint8 `[h, w, 4]` sRGB straight alpha, what the box showed.
        generated: uint8 `[h, w, 3]` sRGB, the model's answer for the whole box.
        mask: uint8 `[h, w]`, what may change.
        graded: Density is opacity. False: the answer follows the densities already, and what is
            masked at all takes all of it, but for the feather; over transparent pixels, which
            hold nothing to keep a part of, density is opacity all the same.

    Returns:
        uint8 `[h, w, 4]`: alpha 0 wherever the mask is 0. Elsewhere, over an opaque picture, the
        finished composite, opaque; over a transparent one the new colour, as opaque as the mask.

    Raises:
        UsageError: The three have different sizes.
    """
    if not size_of(picture) == size_of(generated) == size_of(mask):
        raise UsageError("Picture, answer and mask must have the same size.")
    if not graded:
        mask = np.where((mask > 0) & (picture[..., 3] >= OPAQUE), np.uint8(255), mask)
    layer = np.zeros_like(picture)
    bounds = mask_bounds(mask)
    if not bounds.empty:
        ring = max(LEAST_RING, 2 * feather.width(mask))
        part = bounds.grown(ring).intersected(Rect.of(size_of(mask)))
        area = part.rows, part.columns
        layer[area] = _layer(picture[area], generated[area], mask[area], ring)
    return layer


def _layer(picture: Pixels, generated: Pixels, mask: Pixels, ring: int) -> Pixels:
    inside, there = mask > 0, picture[..., 3] >= OPAQUE
    kept = there & ~inside
    colours = picture[..., :3]
    if kept.any():
        close = kept & near(inside, ring)
        levels = matched(generated, _correction(generated, colours, close))
        generated = rounded(_shifted(levels, colours, inside, kept).transpose(1, 2, 0))
    share = feather.opacity(mask, kept, there, _disagreement(colours, generated))
    layer = np.empty_like(picture)
    layer[..., :3] = np.where(inside[..., None], generated, np.uint8(0))
    layer[..., 3] = rounded(share * np.float32(255))
    partly = there & inside & (share < 1)
    layer[partly] = _over(colours[partly], generated[partly], share[partly])
    return layer


def _disagreement(one: Pixels, other: Pixels) -> Pixels:
    """The greatest difference of a channel, levels."""
    apart = np.maximum(one, other) - np.minimum(one, other)
    greatest: Pixels = np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])
    return greatest


def _correction(generated: Pixels, colours: Pixels, ring: Bools) -> Doubles:
    """The colour match of the ring's local means: what a softened answer lost is no contrast."""
    samples = []
    for each in (generated, colours):
        means, known = local_means(each.transpose(2, 0, 1) * ring, ring)
        samples.append(means[:, known].T)
    return correction(samples[0], samples[1], int(ring.sum()))


def _shifted(levels: Floats, colours: Pixels, inside: Bools, kept: Bools) -> Floats:
    """The generated levels plus a membrane over the mask, hung on the differences at its edge.

    On local means of the differences: those of single pixels are detail, not a shift of tone, and
    would be carried into the mask as one.

    Source: P. Perez et al., Poisson image editing (2003), as the interpolation of boundary
        differences of Z. Farbman et al., Coordinates for instant image cloning (2009).
    """
    edge = kept & near(inside, BAND)
    difference = np.zeros_like(levels)
    gap = colours[edge].T.astype(np.float32) - levels[:, edge]
    difference[:, edge] = gap * np.exp(-((gap / SHIFT) ** 2))
    means, known = local_means(difference, edge)
    membrane: Floats = levels + enlarged(spread(means, known, sweeps=6), *inside.shape)
    return membrane


def _over(below: Pixels, above: Pixels, share: Floats) -> Pixels:
    """Opaque RGBA of `above` over `below`, `[n, 3]` each, mixed in linear light."""
    mixed = np.full((len(below), 4), 255, np.uint8)
    low = linear(below)
    mixed[:, :3] = srgb(low + (linear(above) - low) * share[:, None])
    return mixed

"""Measure: whether an edit shows at its edge, shifted colours, or touched what it had to keep."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.core.pixels import Pixels
from studio.inpaint.colour import linear
from studio.inpaint.difference import ciede2000, cielab, cielab_of_light
from studio.inpaint.distance import near

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Masks count as set from this value on when an edge is looked for.
HALF = 128
#: Width in px of the ring in which colours are compared, and the radius of its local means.
RING, MEAN = 8, 4


@dataclass(frozen=True, slots=True)
class Shift:
    """Differences of colour over many places, CIEDE2000."""

    median: float
    p95: float


def seam_ratio(result: Pixels, reference: Pixels, mask: Pixels) -> float:
    """Mean colour step over the mask's edge in the result, divided by that of the reference.

    1 means that the edge looks like any other place of the reference; nan without an edge or
    where the reference has no step at all.

    Args:
        result: uint8 `[h, w, 3]` or `[h, w, 4]` sRGB; alpha is not looked at.
        reference: Likewise; what the result should look like.
        mask: uint8 `[h, w]`; its edge lies where it crosses 128.

    Source: the acceptance measure of the starter model: raw at most 2.2, blended at most 1.3.
    """
    steps = [seam_steps(pixels, mask) for pixels in (result, reference)]
    return steps[0] / steps[1] if steps[1] else math.nan


def seam_steps(pixels: Pixels, mask: Pixels) -> float:
    """Sum of the colour steps over the mask's edge: for a ratio over many pictures together."""
    return _steps_over(pixels, _crossings(mask >= HALF))


def seam_visibility(result: Pixels, mask: Pixels) -> float:
    """The same without a reference: against the mean step between pixels near the edge.

    Near is up to 4 px away on either side, so that a picture's own texture sets the measure.
    """
    inside = mask >= HALF
    over = _crossings(inside)
    beside = [near(each, 4) & ~near(each, 1) for each in over]
    count = sum(int(each.sum()) for each in over), sum(int(each.sum()) for each in beside)
    usual = _steps_over(result, beside)
    if 0 in count or usual == 0:
        return math.nan
    return _steps_over(result, over) / count[0] / (usual / count[1])


def _crossings(inside: Bools) -> list[Bools]:
    """Where the edge lies between a pixel and the next, down the rows and along them."""
    return [np.diff(inside, axis=axis) for axis in (0, 1)]


def _steps_over(pixels: Pixels, where: list[Bools]) -> float:
    """Sum of the mean absolute colour steps at those places."""
    colours = pixels[..., :3].astype(np.int16)
    return sum(
        float(np.abs(np.diff(colours, axis=axis)).mean(axis=2)[there].sum())
        for axis, there in enumerate(where)
    )


def ring_colour_shift(result: Pixels, reference: Pixels, mask: Pixels) -> Shift:
    """How the colours just inside the mask differ from those of a reference.

    Compared are local means of linear light (9 x 9 px, of the ring only), because lost grain is
    not a shift of colour. The ring is the 8 px next to the edge, inside: what lies outside is
    bit-identical and would only flatter.

    Args:
        result: uint8 `[h, w, 3]` or `[h, w, 4]` sRGB.
        reference: Likewise; what the result should look like.
        mask: uint8 `[h, w]`.
    """
    inside = mask > 0
    ring = inside & near(~inside, RING)
    if not ring.any():
        return Shift(math.nan, math.nan)
    one, other = (_local_means(pixels, ring) for pixels in (result, reference))
    return _shift(ciede2000(cielab_of_light(one), cielab_of_light(other)))


def _local_means(pixels: Pixels, ring: Bools) -> Doubles:
    """Mean linear light around each pixel of the ring, `[n, 3]`, of ring pixels alone."""
    weight = ring.astype(np.float64)
    light = linear(pixels[..., :3]) * weight[..., None]
    total = _box_sum(np.dstack([light, weight]), MEAN)[ring]
    means: Doubles = total[:, :3] / total[:, 3:]
    return means


def _box_sum(values: Doubles, radius: int) -> Doubles:
    """Sums over squares of 2 * radius + 1 px, `[h, w, c]`; nothing lies beyond the border."""
    for axis in (0, 1):
        edge = [(radius + 1, radius) if one == axis else (0, 0) for one in range(3)]
        running = np.cumsum(np.pad(values, edge), axis=axis)
        low, high = [slice(None)] * 3, [slice(None)] * 3
        low[axis], high[axis] = slice(None, -2 * radius - 1), slice(2 * radius + 1, None)
        values = running[tuple(high)] - running[tuple(low)]
    return values


def _shift(differences: Doubles) -> Shift:
    median, high = np.percentile(differences, [50, 95])
    return Shift(float(median), float(high))


def drift(before: Pixels, after: Pixels, mask: Pixels) -> Shift:
    """How far the pixels that were to be kept moved, pixel by pixel; both 0 if none did."""
    kept = mask == 0
    moved = kept & (before[..., :3] != after[..., :3]).any(axis=2)
    differences = np.zeros(int(kept.sum()))
    differences[moved[kept]] = ciede2000(
        cielab(before[..., :3][moved]), cielab(after[..., :3][moved])
    )
    return _shift(differences) if differences.size else Shift(0.0, 0.0)


def changed_outside(before: Pixels, after: Pixels, mask: Pixels) -> int:
    """How many pixels whose mask is 0 are not bit-identical; alpha counts."""
    return int((before != after).any(axis=2)[mask == 0].sum())


def untouched_hash(picture: Pixels, mask: Pixels) -> str:
    """A fingerprint of the pixels whose mask is 0 and of where they are; 32 hex digits.

    Args:
        picture: uint8 `[h, w, c]`.
        mask: uint8 `[h, w]`.
    """
    kept = mask == 0
    digest = hashlib.blake2b(repr(picture.shape).encode(), digest_size=16)
    digest.update(np.packbits(kept).tobytes())
    digest.update(picture[kept].tobytes())
    return digest.hexdigest()


def psnr(one: Pixels, other: Pixels) -> float:
    """Peak signal to noise ratio in dB; inf for equal pictures."""
    error = float(np.mean((one.astype(np.float64) - other) ** 2))
    return 10 * math.log10(255**2 / error) if error else math.inf


def ssim(one: Pixels, other: Pixels) -> float:
    """Mean structural similarity of the luma, 1 for equal pictures.

    Source: Z. Wang et al., Image quality assessment (2004): 11 x 11 Gaussian of 1.5 px, K 0.01 and
        0.03, averaged where the window lies wholly inside. Smaller pictures use what fits.
    """
    first, second = _luma(one), _luma(other)
    mean, mean2 = _windowed(first), _windowed(second)
    spread = _windowed(first * first) - mean**2
    spread2 = _windowed(second * second) - mean2**2
    both = _windowed(first * second) - mean * mean2
    low, high = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    likeness = (2 * mean * mean2 + low) * (2 * both + high)
    likeness /= (mean**2 + mean2**2 + low) * (spread + spread2 + high)
    return float(likeness.mean())


def _luma(pixels: Pixels) -> Doubles:
    luma: Doubles = pixels[..., :3] @ np.array([0.299, 0.587, 0.114])
    return luma


def _windowed(values: Doubles) -> Doubles:
    """Gaussian means where the window lies inside."""
    for axis in (0, 1):
        radius = min(5, (values.shape[axis] - 1) // 2)
        taps = np.exp(-(np.arange(-radius, radius + 1) ** 2) / (2 * 1.5**2))
        windows = np.lib.stride_tricks.sliding_window_view(values, taps.size, axis=axis)
        values = windows @ (taps / taps.sum())
    return values

"""Match: find how a model shifted the colours it was to keep, and shift its answer back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.core.pixels import Pixels
from studio.inpaint.colour import from_oklab, linear, oklab, srgb

Floats = NDArray[np.float32]

#: A ring of this many pixels is trusted by half; the fewer, the nearer the match is to no change.
SHRINKAGE = 24.0
#: Contrast is changed by no more than this factor, either way: more is content, not drift.
STRONGEST_GAIN = 1.25
#: Lightness and each chroma axis are moved by no more than this in OKLab, where white is L = 1.
FARTHEST = 0.12
#: Residuals beyond this many robust deviations lose weight.
OUTLYING = 1.5
ROUNDS = 4
#: More pixels than this do not make a ring's mean more certain in any way that shows.
ENOUGH = 4096
LATTICE = 17


def correction(ring_generated: Pixels, ring_picture: Pixels) -> Floats:
    """Gains and offsets in OKLab that carry the generated ring's colours onto the picture's.

    A straight line per channel, fitted by iteratively reweighted least squares with Huber's
    weights, shrunk towards no change for small rings, and clamped.

    Args:
        ring_generated: uint8 `[n, 3]` sRGB, the model's answer where it had to keep the picture.
        ring_picture: uint8 `[n, 3]` sRGB, the picture there.

    Returns:
        float32 `[2, 3]`: gains, then offsets of L, a, b.

    Source: P. J. Huber, Robust estimation of a location parameter (1964).
    """
    count = len(ring_generated)
    if count == 0:
        return np.array([[1, 1, 1], [0, 0, 0]], np.float32)
    step = -(-count // ENOUGH)
    start = oklab(linear(ring_generated[::step])).astype(np.float64)
    goal = oklab(linear(ring_picture[::step])).astype(np.float64)
    trust = count / (count + SHRINKAGE)
    lines = [_line(start[:, one], goal[:, one], trust) for one in range(3)]
    return np.array(lines, np.float32).T


def _line(
    start: NDArray[np.float64], goal: NDArray[np.float64], trust: float
) -> tuple[float, float]:
    """Gain and offset of one channel."""
    weight = np.ones_like(start)
    gain, middle, shift = 1.0, 0.0, 0.0
    for _ in range(ROUNDS):
        total = weight.sum()
        middle = float((weight * start).sum() / total)
        aim = float((weight * goal).sum() / total)
        spread = float((weight * (start - middle) ** 2).sum() / total)
        both = float((weight * (start - middle) * (goal - aim)).sum() / total)
        # The added variance is that of about one 8-bit level: flat rings say nothing of contrast.
        gain = 1 + trust * ((both + 1e-5) / (spread + 1e-5) - 1)
        gain = min(max(gain, 1 / STRONGEST_GAIN), STRONGEST_GAIN)
        shift = aim - middle
        off = np.abs(goal - aim - gain * (start - middle))
        scale = max(1.4826 * float(np.median(off)), 1e-3)
        weight = np.minimum(1, OUTLYING * scale / np.maximum(off, 1e-9))
    shift = trust * min(max(shift, -FARTHEST), FARTHEST)
    return gain, middle + shift - gain * middle


def matched(generated: Pixels, lines: Floats) -> Pixels:
    """The picture with those gains and offsets applied in OKLab.

    Args:
        generated: uint8 `[h, w, 3]` sRGB.
        lines: float32 `[2, 3]` of `correction`.

    Returns:
        uint8 `[h, w, 3]`.
    """
    if np.allclose(lines, [[1, 1, 1], [0, 0, 0]], atol=5e-4):
        return generated
    axis = np.rint(np.linspace(0, 255, LATTICE)).astype(np.uint8)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    colours = np.stack([red, green, blue], axis=-1).reshape(-1, 3)
    lab = oklab(linear(colours)) * lines[0] + lines[1]
    table = srgb(from_oklab(lab)).astype(np.float32) / np.float32(255)
    lookup = ImageFilter.Color3DLUT((LATTICE,) * 3, table.ravel().tolist())
    return np.asarray(Image.fromarray(generated).filter(lookup))

"""Match: find how a model shifted the colours it was to keep, to shift its answer back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.core.pixels import Pixels

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ring = Pixels | Floats

#: A ring of this many pixels is trusted by half; the fewer, the nearer the match is to no change.
SHRINKAGE = 24.0
#: Contrast is changed by no more than this factor, either way: more is content, not drift.
STRONGEST_GAIN = 1.15
#: No channel is moved by more than this many levels on the whole.
FARTHEST = 40.0
#: Residuals beyond this many robust deviations are other content and count for nothing.
OUTLYING = 4.685
#: Deviations below a level are rounding.
LEAST_DEVIATION = 1.0
#: Variance, in squared levels, that speaks for a gain of 1: flat rings say nothing of contrast.
FLAT = 9.0
ROUNDS = 5
#: More pixels than this do not make a ring's mean more certain in any way that shows.
ENOUGH = 4096


def correction(ring_generated: Ring, ring_picture: Ring, pixels: int | None = None) -> Doubles:
    """Gains and offsets that carry the generated ring's colours onto the picture's.

    A straight line per sRGB channel, fitted from the median shift on by least squares whose
    weights drop what is other content, shrunk towards no change for small rings, and clamped.
    Lines in sRGB undo what models do (tints, lost contrast, gamma) better than lines in OKLab,
    which mistake it for a change of contrast along their axes and overdo it in dark colours.

    Args:
        ring_generated: `[n, 3]` sRGB levels, the model's answer where it had to keep the picture.
        ring_picture: Likewise, the picture there.
        pixels: How many pixels these samples stand for; as many as there are by default.

    Returns:
        float64 `[2, 3]`: gains, then offsets in levels.

    Source: A. E. Beaton, J. W. Tukey, The fitting of power series (1974): biweight.
    """
    count = len(ring_generated)
    if count == 0:
        return np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    step = -(-count // ENOUGH)
    start = ring_generated[::step].astype(np.float64)
    goal = ring_picture[::step].astype(np.float64)
    stands_for = count if pixels is None else pixels
    trust = stands_for / (stands_for + SHRINKAGE)
    return np.array([_line(start[:, one], goal[:, one], trust) for one in range(3)]).T


def _line(start: Doubles, goal: Doubles, trust: float) -> tuple[float, float]:
    """Gain and offset of one channel."""
    gain, middle = 1.0, float(np.median(start))
    aim = middle + float(np.median(goal - start))
    for _ in range(ROUNDS):
        off = np.abs(goal - aim - gain * (start - middle))
        reach = OUTLYING * max(1.4826 * float(np.median(off)), LEAST_DEVIATION)
        weight = np.clip(1 - (off / reach) ** 2, 0, None) ** 2
        total = weight.sum()
        middle = float(weight @ start / total)
        aim = float(weight @ goal / total)
        spread = float(weight @ (start - middle) ** 2 / total)
        both = float(weight @ ((start - middle) * (goal - aim)) / total)
        gain = 1 + trust * ((both + FLAT) / (spread + FLAT) - 1)
        gain = min(max(gain, 1 / STRONGEST_GAIN), STRONGEST_GAIN)
    shift = trust * min(max(aim - middle, -FARTHEST), FARTHEST)
    return gain, middle + shift - gain * middle


def matched(generated: Pixels, lines: Doubles) -> Floats:
    """The picture with those gains and offsets applied.

    Args:
        generated: uint8 `[h, w, 3]` sRGB.
        lines: float64 `[2, 3]` of `correction`.

    Returns:
        float32 `[3, h, w]` in levels, not yet clipped or rounded.
    """
    result = np.empty((3, *generated.shape[:2]), np.float32)
    for channel, (gain, offset) in enumerate(lines.T):
        levels = (np.arange(256) * gain + offset).astype(np.float32)
        np.take(levels, generated[..., channel], out=result[channel])
    return result

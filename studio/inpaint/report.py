"""Report: what an edit did to a picture, in figures that an artist can check."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds, size_of
from studio.inpaint.measure import (
    Shift,
    changed_outside,
    psnr,
    ring_colour_shift,
    seam_visibility,
    ssim,
    untouched_hash,
)

#: Of what surrounds the mask, px: all that seam and ring look at, and some of what stayed.
AROUND = 16


@dataclass(frozen=True, slots=True)
class Report:
    """Before against after.

    Attributes:
        untouched_before: Fingerprint of the pixels outside the mask before the edit.
        untouched_after: The same afterwards; equal if the promise was kept.
        changed_outside: Pixels outside the mask that are not bit-identical.
        changed_inside: Pixels inside the mask that are different now.
        seam: Mean colour step over the mask's edge, as a multiple of the steps around it; nan
            without an edge.
        ring: Difference of colour just inside the mask, CIEDE2000 of local means, median and 95th
            percentile; nan without an edge.
        ring_p95: Likewise.
        psnr: Likeness of the area around the mask before and after, dB; inf for equal pictures.
        ssim: The same as structure, 1 for equal pictures.
    """

    untouched_before: str
    untouched_after: str
    changed_outside: int
    changed_inside: int
    seam: float
    ring: float
    ring_p95: float
    psnr: float
    ssim: float

    @property
    def kept(self) -> bool:
        """Whether nothing outside the mask moved."""
        return self.untouched_before == self.untouched_after

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, `kept` among them; what cannot be measured is None."""
        plain = {**asdict(self), "kept": self.kept}
        for name, value in plain.items():
            if isinstance(value, float):
                plain[name] = round(value, 3) if math.isfinite(value) else None
        return plain


def report(before: Pixels, after: Pixels, mask: Pixels) -> Report:
    """Compare a picture before and after an edit.

    Args:
        before: uint8 `[h, w, 4]`.
        after: Likewise.
        mask: uint8 `[h, w]`, what the edit was allowed to change.

    Raises:
        UsageError: The sizes differ.
    """
    if before.shape != after.shape or before.shape[:2] != mask.shape:
        raise UsageError("Both pictures and the mask must have the same size.")
    around = mask_bounds(mask).grown(AROUND).intersected(Rect.of(size_of(mask)))
    area = around.rows, around.columns
    ring, psnr_, ssim_ = Shift(math.nan, math.nan), math.inf, 1.0
    if not around.empty:
        ring = ring_colour_shift(after[area], before[area], mask[area])
        psnr_, ssim_ = psnr(before[area], after[area]), ssim(before[area], after[area])
    return Report(
        untouched_before=untouched_hash(before, mask),
        untouched_after=untouched_hash(after, mask),
        changed_outside=changed_outside(before, after, mask),
        changed_inside=int(np.count_nonzero((before != after).any(axis=2) & (mask > 0))),
        seam=seam_visibility(after[area], mask[area]) if not around.empty else math.nan,
        ring=ring.median,
        ring_p95=ring.p95,
        psnr=psnr_,
        ssim=ssim_,
    )

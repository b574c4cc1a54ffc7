"""Report: what an edit did to a picture, in figures that an artist can check."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from studio.core.errors import UsageError
from studio.core.pixels import Pixels
from studio.inpaint.measure import changed_outside, seam_visibility, untouched_hash


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
    """

    untouched_before: str
    untouched_after: str
    changed_outside: int
    changed_inside: int
    seam: float

    @property
    def kept(self) -> bool:
        """Whether nothing outside the mask moved."""
        return self.untouched_before == self.untouched_after

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, `kept` among them; a seam that cannot be measured is None."""
        seam = None if math.isnan(self.seam) else round(self.seam, 3)
        return {**asdict(self), "kept": self.kept, "seam": seam}


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
    return Report(
        untouched_before=untouched_hash(before, mask),
        untouched_after=untouched_hash(after, mask),
        changed_outside=changed_outside(before, after, mask),
        changed_inside=int(np.count_nonzero((before != after).any(axis=2) & (mask > 0))),
        seam=seam_visibility(after, mask),
    )

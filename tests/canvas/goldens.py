"""Compares what a view shows with a stored picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from studio.core.pixels import Pixels

GOLDENS = Path(__file__).parents[1] / "goldens"
FAILURES = Path(__file__).parents[1] / "failures"

#: Other processors and Qt versions interpolate and smooth edges a little differently.
MEAN = 0.5
FAR = 32
FAR_SHARE = 0.002


def compare(image: QImage, name: str, update: bool) -> None:
    """Fail when the picture differs from the golden of that name.

    Within tolerance: a mean difference of at most 0.5 of 255, and at most 2 in 1000 px that are
    off by more than 32. A failure leaves actual, expected and difference in `tests/failures`.

    Args:
        image: What is seen.
        name: Of the golden, without a suffix.
        update: Whether to store the picture as the golden instead.
    """
    actual = rgb(image)
    path = GOLDENS / f"{name}.png"
    if update:
        GOLDENS.mkdir(exist_ok=True)
        Image.fromarray(actual).save(path, optimize=True)
        return
    expected = np.asarray(Image.open(path).convert("RGB"))
    if expected.shape != actual.shape:
        pytest.fail(f"{name}: {actual.shape} instead of {expected.shape}")
    difference = np.abs(actual.astype(np.int16) - expected)
    far = float((difference.max(axis=2) > FAR).mean())
    if difference.mean() <= MEAN and far <= FAR_SHARE:
        return
    FAILURES.mkdir(exist_ok=True)
    shown = np.minimum(difference * 4, 255).astype(np.uint8)
    for kind, pixels in (("actual", actual), ("expected", expected), ("difference", shown)):
        Image.fromarray(pixels).save(FAILURES / f"{name}-{kind}.png")
    pytest.fail(f"{name}: mean {difference.mean():.2f}, {far:.2%} far off; see {FAILURES}")


def rgb(image: QImage) -> Pixels:
    """uint8 `[h, w, 3]`."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), 2::-1].copy()

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, size_of
from studio.ui.images import from_image, small, thumbnail, to_image


def ramp(width: int, height: int) -> Pixels:
    """Red grows to the right, green to the bottom; opaque."""
    y, x = np.mgrid[0:height, 0:width]
    full = np.full_like(x, 255)
    channels = (x * 255 // width, y * 255 // height, full * 0 + 9, full)
    return np.stack(channels, axis=-1).astype(np.uint8)


def test_pixels_go_to_an_image_and_back_unchanged() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (17, 23, 4), np.uint8)
    assert np.array_equal(from_image(to_image(pixels)), pixels)


def test_an_image_keeps_its_colours() -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor(1, 2, 3))
    assert from_image(image)[1, 2].tolist() == [1, 2, 3, 255]


@pytest.mark.parametrize("size", [(64, 64), (300, 40), (2500, 1100), (9, 4000)])
def test_a_thumbnail_fits_and_keeps_its_shape(size: tuple[int, int]) -> None:
    shown = size_of(thumbnail(ramp(*size), 64))
    assert max(shown.width, shown.height) <= 64
    if min(size) > 64:
        assert shown.width / shown.height == pytest.approx(size[0] / size[1], rel=0.05)


def test_of_a_large_area_only_a_few_rows_are_read() -> None:
    picture, asked = ramp(1600, 1200), []

    def read(area: Rect) -> Pixels:
        asked.append(area.size.area)
        return picture[area.rows, area.columns]

    shown = small(read, Rect(0, 0, 1600, 1200), 64)
    assert sum(asked) < 1600 * 1200 / 2
    assert np.abs(shown.astype(int) - thumbnail(picture, 64)).max() <= 8

import numpy as np
import pytest

from studio.core.geometry import Rect, Size
from studio.core.pixels import mask_bounds, opaque, resize, size_of


@pytest.mark.parametrize(
    ("at", "bounds"),
    [
        ([(0, 0)], Rect(0, 0, 1, 1)),
        ([(3, 7)], Rect(7, 3, 1, 1)),
        ([(1, 2), (4, 9)], Rect(2, 1, 8, 4)),
        ([], Rect(0, 0, 0, 0)),
    ],
)
def test_mask_bounds_surround_every_pixel_above_zero(
    at: list[tuple[int, int]], bounds: Rect
) -> None:
    mask = np.zeros((6, 10), np.uint8)
    for row, column in at:
        mask[row, column] = 1
    assert mask_bounds(mask) == bounds


@pytest.mark.parametrize("shape", [(9, 7), (9, 7, 3), (9, 7, 4)])
def test_resize_keeps_flat_colour(shape: tuple[int, ...]) -> None:
    flat = np.full(shape, 200, np.uint8)
    bigger = resize(flat, Size(20, 31))
    assert size_of(bigger) == Size(20, 31)
    assert (bigger == 200).all()


def test_colour_under_transparent_pixels_does_not_bleed() -> None:
    picture = np.zeros((8, 8, 4), np.uint8)
    picture[:, :4] = (200, 10, 10, 255)
    picture[:, 4:] = (0, 255, 0, 0)
    scaled = resize(picture, Size(32, 32))
    seen = scaled[scaled[..., 3] > 20]
    assert seen[:, 1].max() < 40


def test_same_size_gives_a_copy() -> None:
    picture = np.zeros((4, 4, 4), np.uint8)
    assert resize(picture, Size(4, 4)) is not picture


def test_opaque_lays_colours_over_the_backdrop() -> None:
    picture = np.array([[[255, 0, 0, 255], [255, 0, 0, 0], [0, 0, 0, 51]]], np.uint8)
    assert opaque(picture).tolist() == [[[255, 0, 0], [255, 255, 255], [204, 204, 204]]]

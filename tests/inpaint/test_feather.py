import numpy as np
import pytest

from studio.core.pixels import Pixels
from studio.inpaint import feather
from studio.inpaint.feather import opacity, width

EDGE = 96


def box(start: int, end: int) -> Pixels:
    mask = np.zeros((EDGE, EDGE), np.uint8)
    mask[start:end, start:end] = 255
    return mask


def share_of(mask: Pixels, levels: int = 0) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    there = np.ones(mask.shape, np.bool_)
    apart = np.full(mask.shape, levels, np.uint8)
    return opacity(mask, mask == 0, there, apart)


@pytest.mark.parametrize(
    ("mask", "expected"),
    [(box(48, 49), 1), (box(16, 80), 4), (np.full((400, 400), 9, np.uint8), 16)],
)
def test_the_feather_grows_with_the_mask(mask: Pixels, expected: int) -> None:
    assert width(mask) == expected


def test_opacity_is_nothing_outside_and_all_deep_inside() -> None:
    mask = box(16, 80)
    share = share_of(mask)
    assert not share[mask == 0].any()
    assert (share[24:72, 24:72] == 1).all()


def test_opacity_rises_from_the_edge_inwards() -> None:
    across = share_of(box(16, 80))[48, 15:26]
    assert (np.diff(across) >= 0).all()
    assert 0 < across[1] < 0.2


@pytest.mark.parametrize("thick", [1, 2, 3, 5])
def test_thin_strokes_reach_full_opacity(thick: int) -> None:
    mask = box(16, 80)
    mask[:, 4 : 4 + thick] = 255
    assert share_of(mask)[48, 4 : 4 + thick].max() == 1


def test_the_feather_narrows_where_old_and_new_disagree() -> None:
    mask = box(16, 80)
    assert share_of(mask, levels=90)[48, 18] > share_of(mask)[48, 18]


def test_density_multiplies() -> None:
    half = np.where(box(16, 80) > 0, np.uint8(51), np.uint8(0))
    assert np.allclose(share_of(half), share_of(box(16, 80)) / 5)


def test_the_greatest_around_is_that_of_a_square() -> None:
    values = np.random.default_rng(0).random((20, 30), np.float32)
    reach = 5
    padded = np.pad(values, reach)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (11, 11))
    assert np.array_equal(feather.greatest_around(values, reach), windows.max(axis=(2, 3)))

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document import mask_ops

AREA = Rect(-10, -20, 60, 70)
MASKS = arrays.arrays(np.uint8, (7, 9))


@pytest.mark.parametrize(
    ("rect", "pixels"),
    [
        (Rect(0, 0, 10, 5), 50),
        (Rect(-100, -100, 500, 500), 60 * 70),
        (Rect(45, 0, 10, 1), 5),
        (Rect(200, 0, 10, 10), 0),
        (Rect(3, 3, 0, 9), 0),
    ],
)
def test_a_rectangle_is_clipped_to_the_area(rect: Rect, pixels: int) -> None:
    mask = mask_ops.filled_rectangle(rect, AREA)
    assert mask.shape == (70, 60)
    assert int((mask == 255).sum()) == pixels == int((mask > 0).sum())


def test_a_polygon_with_whole_corners_is_its_rectangle() -> None:
    corners = [(-3, 4), (20, 4), (20, 9), (-3, 9)]
    wanted = mask_ops.filled_rectangle(Rect(-3, 4, 23, 5), AREA)
    assert np.array_equal(mask_ops.filled_polygon(corners, AREA), wanted)
    assert np.array_equal(mask_ops.filled_polygon(corners[::-1], AREA), wanted)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(5, 25), st.floats(0, 7), st.tuples(st.floats(-8, 8), st.floats(-8, 8)), st.booleans()
)
def test_a_turned_square_covers_its_area(
    edge: float, turn: float, middle: tuple[float, float], inverted: bool
) -> None:
    corners = [
        (15 + middle[0] + edge * math.cos(turn + k), 15 + middle[1] + edge * math.sin(turn + k))
        for k in (0, math.pi / 2, math.pi, 1.5 * math.pi)
    ]
    area = Rect(-30, -30, 100, 100)
    covered = mask_ops.filled_polygon(corners[::-1] if inverted else corners, area).sum() / 255
    assert covered == pytest.approx(2 * edge * edge, rel=0.02, abs=2)


def test_a_lasso_drawn_round_twice_has_no_hole() -> None:
    ring = [(20 + 15 * math.cos(a), 20 + 15 * math.sin(a)) for a in np.linspace(0, 4 * math.pi, 99)]
    mask = mask_ops.filled_polygon(ring, AREA)
    assert mask[40, 30] == 255


def test_the_bands_of_a_large_polygon_meet() -> None:
    area = Rect(0, 0, 3000, 1200)
    mask = mask_ops.filled_polygon([(0, 0), (3000, 0), (3000, 1200), (0, 1200)], area)
    assert int(mask.min()) == 255


@pytest.mark.parametrize("points", [[], [(1.0, 1.0)], [(1.0, 1.0), (5.0, 5.0)]])
def test_less_than_three_points_enclose_nothing(points: list[tuple[float, float]]) -> None:
    assert not mask_ops.filled_polygon(points, AREA).any()


def test_the_bounds_of_a_polygon_hold_every_pixel_it_touches() -> None:
    assert mask_ops.polygon_bounds([(-0.5, 1.2), (3.0, 7.9)]) == Rect(-1, 1, 4, 7)
    assert mask_ops.polygon_bounds([]).empty


@given(MASKS, MASKS)
def test_subtracting_what_was_added_to_nothing_leaves_nothing(base: Pixels, other: Pixels) -> None:
    added = mask_ops.combine(np.zeros_like(base), other, "add")
    assert np.array_equal(added, other)
    full = np.full_like(base, 255)
    assert not mask_ops.combine(base, full, "subtract").any()
    assert np.array_equal(mask_ops.combine(base, full, "intersect"), base)
    assert np.array_equal(mask_ops.combine(base, other, "replace"), other)
    assert np.array_equal(mask_ops.invert(mask_ops.invert(base)), base)


def test_an_unknown_combination_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be combined"):
        mask_ops.combine(np.zeros((1, 1), np.uint8), np.zeros((1, 1), np.uint8), "xor")


def disc_maximum(mask: Pixels, radius: int) -> Pixels:
    """Grey dilation by its definition."""
    out = np.zeros_like(mask)
    height, width = mask.shape
    for y, x in np.ndindex(height, width):
        ys, xs = np.ogrid[:height, :width]
        out[y, x] = mask[(ys - y) ** 2 + (xs - x) ** 2 <= radius * radius].max()
    return out


@settings(max_examples=40, deadline=None)
@given(MASKS, st.integers(0, 12))
def test_growing_is_the_maximum_over_an_exact_disc(mask: Pixels, radius: int) -> None:
    assert np.array_equal(mask_ops.grow(mask, radius), disc_maximum(mask, radius))


@settings(max_examples=40, deadline=None)
@given(MASKS, st.integers(0, 5))
def test_shrinking_is_growing_the_gaps(mask: Pixels, radius: int) -> None:
    assert np.array_equal(mask_ops.shrink(mask, radius), 255 - disc_maximum(255 - mask, radius))


def test_feathering_softens_and_keeps_the_amount() -> None:
    mask = mask_ops.filled_rectangle(Rect(40, 40, 20, 20), Rect(0, 0, 100, 100))
    soft = mask_ops.feather(mask, 4)
    assert 0 < soft[39, 50] < 255
    assert soft.sum() == pytest.approx(mask.sum(), rel=0.02)
    assert np.array_equal(mask_ops.feather(mask, 0), mask)

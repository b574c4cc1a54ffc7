from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds
from studio.inpaint.islands import CELL, islands, plans
from studio.inpaint.region import plan

PHOTO = Rect(0, 0, 4000, 3000)
NONE = Rect(0, 0, 0, 0)
FAR, FARTHER = Rect(100, 200, 80, 60), Rect(3000, 2500, 90, 70)


def painted(*parts: Rect, size: tuple[int, int] = (3000, 4000)) -> Pixels:
    mask = np.zeros(size, np.uint8)
    for part in parts:
        mask[part.rows, part.columns] = 9
    return mask


def test_islands_far_apart_are_found_in_reading_order() -> None:
    right = Rect(2000, 200, 5, 5)
    assert islands(painted(FARTHER, right, FAR)) == (FAR, right, FARTHER)


def test_an_empty_mask_has_no_islands() -> None:
    assert islands(painted(size=(40, 30))) == ()


def test_islands_know_where_the_mask_lies() -> None:
    mask = painted(Rect(3, 4, 5, 6), size=(40, 30))
    assert islands(mask, -100, 50) == (Rect(-97, 54, 5, 6),)


@pytest.mark.parametrize(
    "shape",
    [
        [Rect(0, 0, 400, 10), Rect(390, 0, 10, 400)],
        [Rect(0, 0, 10, 400), Rect(390, 0, 10, 400), Rect(0, 390, 400, 10)],
        [Rect(0, 0, 400, 10), Rect(0, 390, 400, 10), Rect(0, 0, 10, 400)],
        [Rect(one * 30, one * 30, 40, 40) for one in range(12)],
    ],
    ids=["corner", "u", "c", "diagonal"],
)
def test_what_hangs_together_is_one_island(shape: list[Rect]) -> None:
    mask = painted(*shape, size=(500, 500))
    assert islands(mask) == (mask_bounds(mask),)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 999))
def test_islands_cover_the_mask_and_nothing_is_in_two(high: int, wide: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    mask = (dice.random((high, wide)) < 0.002).astype(np.uint8)
    found = islands(mask)
    covered = painted(*found, size=(high, wide))
    assert (covered[mask > 0] > 0).all()
    for part in found:
        assert mask_bounds(mask[part.rows, part.columns]).size == part.size
    for one, other in pairwise(found):
        assert one.y <= other.y
        assert one != other


def test_islands_far_apart_get_a_box_each() -> None:
    made = plans(PHOTO, PHOTO, (FAR, FARTHER), 512, 8)
    assert [one.mask for one in made] == [FAR, FARTHER]
    assert made[0] == plan(PHOTO, PHOTO, FAR, 512, 8)


def test_islands_side_by_side_share_a_box() -> None:
    beside = FAR.moved(2 * CELL + 80, 0)
    made = plans(PHOTO, PHOTO, (FAR, beside), 512, 8)
    assert [one.mask for one in made] == [FAR.united(beside)]


def test_a_frame_around_all_islands_stays_the_one_box() -> None:
    frame = Rect(50, 50, 3500, 2900)
    assert [one.box for one in plans(PHOTO, frame, (FAR, FARTHER), 512, 8)] == [frame]


def test_without_islands_there_is_the_plan_of_the_frame() -> None:
    assert plans(PHOTO, PHOTO, (), 512, 8) == (plan(PHOTO, PHOTO, NONE, 512, 8),)

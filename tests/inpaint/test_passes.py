import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.inpaint.blend import finished
from studio.inpaint.passes import expansion, refinement
from studio.inpaint.region import plan

NONE = Rect(0, 0, 0, 0)
PHOTO = Rect(0, 0, 1500, 1000)
margins = st.integers(0, 900)


def test_a_small_frame_is_expanded_in_one_run() -> None:
    picture, frame = Rect(0, 0, 300, 300), Rect(-100, 0, 500, 400)
    (made,) = expansion(picture, frame, 512, 8)
    assert (made.box, made.mask) == (frame, frame)


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_a_narrow_strip_beside_a_larger_picture_is_one_run(side: str) -> None:
    picture = Rect(0, 0, 512, 512)
    frame = {
        "left": Rect(-128, 0, 640, 512),
        "right": Rect(0, 0, 640, 512),
        "top": Rect(0, -96, 512, 608),
        "bottom": Rect(0, 0, 512, 608),
    }[side]
    (made,) = expansion(picture, frame, 256, 8)
    assert made.scale >= 0.5
    assert made.mask.size.area == frame.size.area - picture.size.area


@settings(max_examples=40, deadline=None)
@given(margins, margins, margins, margins)
def test_no_run_of_an_expansion_works_too_coarsely(
    left: int, top: int, right: int, bottom: int
) -> None:
    whole = Rect.between(-left, -top, PHOTO.right + right, PHOTO.bottom + bottom)
    assert all(made.scale >= 0.45 for made in expansion(PHOTO, whole, 512, 8))


def test_a_frame_within_the_picture_adds_nothing() -> None:
    assert expansion(PHOTO, PHOTO.grown(-50), 512, 8) == ()


@settings(max_examples=40, deadline=None)
@given(margins, margins, margins, margins)
def test_the_pieces_tile_what_is_missing(left: int, top: int, right: int, bottom: int) -> None:
    whole = Rect.between(-left, -top, PHOTO.right + right, PHOTO.bottom + bottom)
    covered = np.zeros((whole.height, whole.width), np.uint8)
    for made in expansion(PHOTO, whole, 512, 8):
        at = made.mask.moved(left, top)
        covered[at.rows, at.columns] += 1
    at = PHOTO.moved(left, top)
    covered[at.rows, at.columns] += 1
    assert (covered == 1).all()


@settings(max_examples=40, deadline=None)
@given(margins, margins, margins, margins)
def test_each_piece_sees_what_is_there_by_its_turn(
    left: int, top: int, right: int, bottom: int
) -> None:
    whole = Rect.between(-left, -top, PHOTO.right + right, PHOTO.bottom + bottom)
    there = np.zeros((whole.height, whole.width), np.bool_)
    there[top : top + PHOTO.height, left : left + PHOTO.width] = True
    for made in expansion(PHOTO, whole, 512, 8):
        box, piece = made.box.moved(left, top), made.mask.moved(left, top)
        assert whole.contains(made.box)
        assert there[box.rows, box.columns].mean() > 0.2
        there[piece.rows, piece.columns] = True


def test_expanding_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="no picture"):
        expansion(NONE, PHOTO, 512, 8)


def test_what_was_worked_finely_needs_no_second_pass() -> None:
    assert refinement(plan(PHOTO, PHOTO, Rect(500, 500, 200, 200), 512, 8), 512, 8) == ()


@given(st.integers(1, 1500), st.integers(1, 1000))
def test_a_second_pass_covers_what_was_painted_at_full_resolution(wide: int, high: int) -> None:
    first = plan(PHOTO, PHOTO, Rect(0, 0, wide, high), 512, 8)
    made = refinement(first, 512, 8)
    covered = np.zeros((1000, 1500), np.bool_)
    for one in made:
        assert first.box.contains(one.box)
        assert one.scale >= 0.9
        covered[one.mask.rows, one.mask.columns] = True
    assert not made or covered[:high, :wide].all()
    assert made or first.scale >= 0.75


def test_the_runs_of_a_second_pass_leave_no_step_between_them() -> None:
    picture = np.full((512, 768, 4), (128, 128, 128, 255), np.uint8)
    whole = Rect(0, 0, 768, 512)
    for index, made in enumerate(refinement(plan(whole, whole, NONE, 256, 8), 256, 8)):
        seen = picture[made.box.rows, made.box.columns].copy()
        tinted = seen[..., :3] + np.uint8(8 * (index % 2))
        mask, at = np.zeros((256, 256), np.uint8), made.mask.moved(-made.box.x, -made.box.y)
        mask[at.rows, at.columns] = 255
        layer = finished(seen, tinted, mask, graded=False)
        picture[made.box.rows, made.box.columns] = np.where(layer[..., 3:] == 255, layer, seen)
    levels = picture[..., 0].astype(int)
    assert max(abs(np.diff(levels, axis=axis)).max() for axis in (0, 1)) <= 2

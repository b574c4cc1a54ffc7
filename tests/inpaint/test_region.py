import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.request import MAX_EDGE
from studio.inpaint.region import WIDEST, Plan, plan

NONE = Rect(0, 0, 0, 0)
PHOTO = Rect(0, 0, 4000, 3000)
GRID = 8

positions = st.integers(-20_000, 20_000)
edges = st.one_of(st.integers(1, 64), st.integers(1, MAX_EDGE))
rects = st.builds(Rect, positions, positions, edges, edges)
natives = st.sampled_from([256, 512, 768, 1024])


def of_photo(mask: Rect, native: int = 512, frame: Rect = PHOTO) -> Plan:
    return plan(PHOTO, frame, mask, native, GRID)


@given(rects, rects, rects, natives)
def test_the_box_contains_the_mask(bounds: Rect, frame: Rect, mask: Rect, native: int) -> None:
    assert plan(bounds, frame, mask, native, GRID).box.contains(mask)


@given(rects, rects, rects, natives)
def test_the_box_stays_within_picture_frame_and_mask(
    bounds: Rect, frame: Rect, mask: Rect, native: int
) -> None:
    box = plan(bounds, frame, mask, native, GRID).box
    assert bounds.united(mask).contains(box) or box == frame
    assert max(box.width, box.height) <= MAX_EDGE


@given(rects, rects, st.one_of(st.just(NONE), rects), natives)
def test_the_working_size_suits_the_model(
    bounds: Rect, frame: Rect, mask: Rect, native: int
) -> None:
    made = plan(bounds, frame, mask, native, GRID)
    size, aspect = made.working, made.box.width / made.box.height
    assert size.width % GRID == size.height % GRID == 0
    assert 8 * GRID <= min(size.width, size.height) <= max(size.width, size.height) <= MAX_EDGE
    if 1 / 8 <= aspect <= 8:
        assert 0.5 <= size.area / native**2 <= 1.6
        assert size.width / size.height == pytest.approx(aspect, rel=0.015)


@given(rects, st.integers(1, 400), st.integers(1, 400), natives)
def test_a_box_well_inside_the_picture_lies_on_the_grid(
    bounds: Rect, width: int, height: int, native: int
) -> None:
    mask = Rect(bounds.x + bounds.width // 2, bounds.y + bounds.height // 2, width, height)
    box = plan(bounds.united(mask).grown(4000), NONE, mask, native, GRID).box
    assert box.width % GRID == box.height % GRID == 0
    assert 1 / WIDEST - 0.02 <= box.width / box.height <= WIDEST + 0.05
    assert min(mask.x - box.x, mask.y - box.y, box.right - mask.right) >= 32
    assert min(box.width, box.height) >= native // 2


@given(rects)
def test_without_a_mask_the_box_is_the_frame(frame: Rect) -> None:
    made = plan(PHOTO, frame, NONE, 512, GRID)
    assert made == Plan(frame, made.working, NONE, frame)


@pytest.mark.parametrize(
    ("mask", "native", "box", "working"),
    [
        (Rect(1000, 1000, 100, 100), 512, Rect(922, 922, 256, 256), Size(512, 512)),
        (Rect(1000, 1000, 100, 100), 1024, Rect(794, 794, 512, 512), Size(1024, 1024)),
        (Rect(1000, 1000, 100, 100), 256, Rect(922, 922, 256, 256), Size(256, 256)),
        (Rect(0, 0, 1, 1), 512, Rect(0, 0, 256, 256), Size(512, 512)),
        (Rect(3999, 2999, 1, 1), 512, Rect(3744, 2744, 256, 256), Size(512, 512)),
        (Rect(100, 200, 300, 200), 512, Rect(0, 92, 512, 416), Size(512, 416)),
        (PHOTO, 512, PHOTO, Size(592, 448)),
    ],
)
def test_masks_get_the_context_they_need(mask: Rect, native: int, box: Rect, working: Size) -> None:
    made = of_photo(mask, native)
    assert (made.box, made.working) == (box, working)


def test_a_small_mask_is_worked_finer_than_the_canvas() -> None:
    assert of_photo(Rect(1000, 1000, 60, 60)).scale == 2.0


def test_a_large_mask_is_worked_coarser_than_the_canvas() -> None:
    assert of_photo(Rect(500, 500, 2000, 2000)).scale < 0.25


def test_a_frame_around_the_mask_is_the_box() -> None:
    frame = Rect(900, 950, 401, 333)
    assert of_photo(Rect(1000, 1000, 100, 100), frame=frame).box == frame


@pytest.mark.parametrize(
    "frame", [PHOTO, PHOTO.grown(64), Rect(0, 0, 50, 50), Rect(9000, 9000, 64, 64), NONE]
)
def test_any_other_frame_leaves_the_choice_to_the_mask(frame: Rect) -> None:
    mask = Rect(1000, 1000, 100, 100)
    assert of_photo(mask, frame=frame).box == of_photo(mask).box


def test_the_plan_does_not_depend_on_the_size_of_the_canvas() -> None:
    mask, huge = Rect(300, 300, 100, 100), Rect(0, 0, MAX_EDGE, MAX_EDGE)
    small = Rect(0, 0, 1024, 1024)
    assert plan(huge, huge, mask, 512, GRID) == plan(small, small, mask, 512, GRID)


def test_a_picture_smaller_than_the_grid_is_shown_whole() -> None:
    tiny = Rect(0, 0, 5, 3)
    assert plan(tiny, tiny, Rect(1, 1, 1, 1), 512, GRID).box == tiny


@pytest.mark.parametrize(
    ("frame", "mask"),
    [
        (NONE, NONE),
        (Rect(5, 5, 0, 9), NONE),
        (Rect(0, 0, MAX_EDGE + 1, 64), NONE),
        (PHOTO, Rect(0, 0, 64, MAX_EDGE + 1)),
    ],
)
def test_what_cannot_be_planned_is_said(frame: Rect, mask: Rect) -> None:
    with pytest.raises(UsageError):
        of_photo(mask, frame=frame)


@pytest.mark.parametrize(
    ("frame", "box"),
    [
        (PHOTO, PHOTO),
        (Rect(-64, 0, 4064, 3000), Rect(-64, 0, 1800, 3000)),
        (Rect(-64, 0, 4064, 3064), Rect(-64, 0, 4064, 3064)),
        (Rect(-64, 1000, 512, 512), Rect(-64, 1000, 512, 512)),
    ],
    ids=["all of it", "a strip", "two sides", "a frame set over the edge"],
)
def test_who_adds_to_a_large_photo_does_not_have_all_of_it_seen(frame: Rect, box: Rect) -> None:
    made = of_photo(NONE, frame=frame)
    assert (made.box, made.mask, made.may_change) == (box, NONE, box)


def test_a_small_picture_is_seen_whole_when_it_grows() -> None:
    frame = Rect(-64, 0, 364, 300)
    assert plan(Rect(0, 0, 300, 300), frame, NONE, 512, GRID).box == frame

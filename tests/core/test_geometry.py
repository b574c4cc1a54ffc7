import pytest

from studio.core.geometry import Rect, Size, snap_nearest, snap_up


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        (Rect(0, 0, 4, 4), Rect(2, 2, 4, 4), Rect(2, 2, 2, 2)),
        (Rect(-3, -3, 4, 4), Rect(0, 0, 9, 9), Rect(0, 0, 1, 1)),
        (Rect(0, 0, 2, 2), Rect(5, 0, 2, 2), Rect(5, 0, 0, 2)),
    ],
)
def test_intersection_is_the_common_part(one: Rect, other: Rect, common: Rect) -> None:
    assert one.intersected(other) == common
    assert other.intersected(one) == common


@pytest.mark.parametrize("empty", [Rect(7, 7, 0, 3), Rect(-9, 0, 0, 0)])
def test_uniting_with_an_empty_rectangle_adds_nothing(empty: Rect) -> None:
    whole = Rect(1, 2, 3, 4)
    assert whole.united(empty) == whole
    assert empty.united(whole) == whole


def test_union_surrounds_both_also_left_of_the_origin() -> None:
    assert Rect(-5, 0, 2, 2).united(Rect(3, 4, 1, 1)) == Rect(-5, 0, 9, 5)


def test_contains_takes_shared_edges_for_inside() -> None:
    whole = Rect(0, 0, 8, 8)
    assert whole.contains(Rect(0, 0, 8, 8))
    assert whole.contains(Rect(99, 99, 0, 0))
    assert not whole.contains(Rect(1, 0, 8, 8))


def test_growing_and_moving_are_undone_by_their_opposites() -> None:
    rect = Rect(2, 3, 10, 12)
    assert rect.grown(4).grown(-4) == rect
    assert rect.moved(5, -6).moved(-5, 6) == rect


def test_size_of_nothing_is_empty() -> None:
    assert Size(0, 4).empty
    assert not Size(1, 1).empty


@pytest.mark.parametrize(
    ("value", "up", "nearest"), [(1, 8, 8), (8, 8, 8), (9, 16, 8), (13, 16, 16), (0, 8, 8)]
)
def test_snapping_never_gives_less_than_one_grid_step(value: int, up: int, nearest: int) -> None:
    assert snap_up(value, 8) == up
    assert snap_nearest(value, 8) == nearest

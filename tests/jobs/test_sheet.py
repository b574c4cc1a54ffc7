import numpy as np
import pytest

from studio.core.errors import UsageError
from studio.core.pixels import Pixels
from studio.jobs.sheet import GAP, LARGEST, LINE, NOTHING, WIDEST, sheet


def plain(width: int, height: int, colour: tuple[int, int, int, int]) -> Pixels:
    return np.full((height, width, 4), colour, np.uint8)


def test_pictures_stand_in_their_fields_pixel_by_pixel() -> None:
    red, blue = plain(40, 30, (255, 0, 0, 255)), plain(40, 30, (0, 0, 255, 255))
    made = sheet({(0, 0): red, (1, 0): blue}, ("", ""), ("",))
    assert made.shape == (30 + 2 * GAP, 2 * (40 + GAP) + GAP, 4)
    assert np.array_equal(made[GAP : GAP + 30, GAP : GAP + 40], red)
    assert np.array_equal(made[GAP : GAP + 30, 40 + 2 * GAP : 80 + 2 * GAP], blue)


def test_words_stand_at_the_edges_and_are_cut_to_their_room() -> None:
    words = "a very long prompt " * 20
    made = sheet({(0, 0): plain(64, 64, (0, 0, 0, 255))}, (words,), (words,))
    assert made.shape[:2] == (64 + LINE + 2 * GAP, WIDEST + 64 + GAP)
    assert (made[: LINE + GAP, WIDEST : WIDEST + 64, 0] < 128).any()
    assert (made[LINE + GAP :, GAP : WIDEST - GAP, 0] < 128).any()
    assert (made[LINE + GAP :, WIDEST - GAP : WIDEST, 0] == 255).all()


def test_a_missing_picture_is_a_grey_field() -> None:
    made = sheet({(1, 1): plain(10, 10, (9, 9, 9, 255))}, ("", ""), ("", ""))
    assert tuple(made[GAP, GAP, :3]) == NOTHING


def test_many_large_pictures_are_scaled_to_a_sheet_within_bounds() -> None:
    large = plain(2048, 1024, (10, 20, 30, 255))
    made = sheet({(column, 0): large for column in range(16)}, ("x",) * 16, ("y",))
    assert max(made.shape) <= LARGEST
    assert made.shape[1] > LARGEST - 16 * GAP


def test_a_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError):
        sheet({}, ("",), ("",))

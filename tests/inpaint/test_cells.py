import numpy as np

from studio.inpaint.cells import CELL, around, cells, enlarged


def test_a_cell_holds_the_sum_of_its_pixels() -> None:
    planes = np.arange(2 * 8 * 12, dtype=np.float32).reshape(2, 8, 12)
    made = cells(planes)
    assert made.shape == (2, 2, 3)
    assert made[1, 1, 2] == planes[1, 4:8, 8:12].sum()


def test_what_does_not_fill_a_cell_counts_as_far_as_it_goes() -> None:
    assert cells(np.ones((1, 5, 6), np.bool_))[0].tolist() == [[16, 8], [4, 2]]


def test_neighbours_are_added_and_nothing_lies_beyond_the_border() -> None:
    assert around(np.ones((1, 3, 3), np.float32))[0].tolist() == [[4, 6, 4], [6, 9, 6], [4, 6, 4]]


def test_a_plain_value_stays_when_enlarged() -> None:
    made = enlarged(np.full((3, 4, 5), 7.0, np.float32), 4 * CELL - 2, 5 * CELL - 3)
    assert made.shape == (3, 14, 17)
    assert np.allclose(made, 7.0)

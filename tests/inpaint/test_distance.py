import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.inpaint.distance import distance, near, nearest_index


def seeds(high: int, wide: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    return np.random.default_rng(seed).random((high, wide)) < 0.05


def true_squares(
    here: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Squared distance of each pixel to the nearest that is `here`, by asking all."""
    rows, columns = np.indices(here.shape)
    row, column = np.nonzero(here)
    apart = (rows[..., None] - row) ** 2 + (columns[..., None] - column) ** 2
    nearest: np.ndarray[tuple[int, ...], np.dtype[np.int64]] = apart.min(axis=2)
    return nearest


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 99), st.integers(1, 60))
def test_distances_are_exact_up_to_the_reach(high: int, wide: int, seed: int, reach: int) -> None:
    here = seeds(high, wide, seed)
    here[seed % high, seed % wide] = True
    expected = np.minimum(np.sqrt(true_squares(here)), reach)
    assert np.allclose(distance(here, reach), expected, atol=1e-5)


def test_with_nothing_here_all_is_out_of_reach() -> None:
    assert (distance(np.zeros((4, 5), np.bool_), 7) == 7).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 99))
def test_the_nearest_pixel_is_the_nearest(high: int, wide: int, seed: int) -> None:
    here = seeds(high, wide, seed)
    here[seed % high, seed % wide] = True
    row, column = nearest_index(here)
    assert here[row, column].all()
    rows, columns = np.indices(here.shape)
    found = np.hypot(row - rows, column - columns)
    assert np.allclose(found, np.sqrt(true_squares(here)))


@pytest.mark.parametrize("reach", [1, 2, 3, 7, 40])
def test_near_is_a_square_around(reach: int) -> None:
    here = np.zeros((30, 40), np.bool_)
    here[12, 17] = True
    expected = np.zeros_like(here)
    expected[max(0, 12 - reach) : 13 + reach, max(0, 17 - reach) : 18 + reach] = True
    assert np.array_equal(near(here, reach), expected)

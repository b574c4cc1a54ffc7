import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.inpaint.spread import spread


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 99), st.integers(0, 3))
def test_known_values_stay_and_no_other_leaves_their_range(
    high: int, wide: int, seed: int, sweeps: int
) -> None:
    dice = np.random.default_rng(seed)
    values = dice.random((2, high, wide), np.float32)
    known = dice.random((high, wide)) < 0.2
    known[0, 0] = True
    made = spread(values, known, sweeps)
    assert np.allclose(made[:, known], values[:, known])
    for plane, source in zip(made, values, strict=True):
        assert source[known].min() - 1e-5 <= plane.min()
        assert plane.max() <= source[known].max() + 1e-5


def test_one_known_value_is_spread_everywhere() -> None:
    known = np.zeros((13, 21), np.bool_)
    known[5, 7] = True
    values = np.full((1, 13, 21), 0.25, np.float32)
    assert np.allclose(spread(values, known), 0.25)


def test_sweeps_bring_it_nearer_to_the_membrane() -> None:
    """Between two walls the membrane is a straight line."""
    known = np.zeros((32, 65), np.bool_)
    known[:, [0, -1]] = True
    line = np.broadcast_to(np.linspace(0, 1, 65, dtype=np.float32), (1, 32, 65))
    off = [np.abs(spread(line * known, known, sweeps) - line).max() for sweeps in (0, 4, 40)]
    assert off[0] > off[1] > off[2]
    assert off[2] < 0.08

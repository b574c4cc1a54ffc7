import numpy as np
import pytest

from studio.core.pixels import Pixels
from studio.inpaint.match import correction, matched


def ring(count: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(40, 200, (count, 3), np.uint8)


def left(start: Pixels, goal: Pixels) -> float:
    """Greatest mean error of a channel after the match, levels."""
    made = matched(start[None], correction(start, goal))[:, 0].T
    return float(np.abs((made - goal).mean(axis=0)).max())


@pytest.mark.parametrize("tint", [(8, 8, 8), (8, -4, -8), (-20, 0, 20)])
def test_a_tint_is_found(tint: tuple[int, int, int]) -> None:
    goal = ring(2000)
    assert left(np.add(goal, tint).astype(np.uint8), goal) < 0.6


def test_lost_contrast_is_found() -> None:
    goal = ring(2000)
    gains = correction((goal * 0.92 + 4).astype(np.uint8), goal)[0]
    assert gains == pytest.approx([1 / 0.92] * 3, abs=0.02)


def test_other_content_in_a_part_of_the_ring_does_not_matter() -> None:
    goal = ring(2000)
    start = goal.copy()
    start[:600] = (250, 10, 10)
    assert np.allclose(correction(start, goal), [[1, 1, 1], [0, 0, 0]], atol=1e-6)


def test_small_rings_are_trusted_less() -> None:
    goal = ring(3)
    start = np.add(goal, 20).astype(np.uint8)
    assert left(start, goal) > 12


def test_an_empty_ring_changes_nothing() -> None:
    assert correction(ring(0), ring(0)).tolist() == [[1, 1, 1], [0, 0, 0]]


def test_the_correction_is_limited() -> None:
    white, black = np.full((2000, 3), 255, np.uint8), np.zeros((2000, 3), np.uint8)
    assert left(white, black) > 200

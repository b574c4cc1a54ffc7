import numpy as np
import pytest

from studio.core.geometry import Rect
from studio.core.messages import Candidate
from studio.document.composite import over
from studio.jobs.batches import axis, batch
from studio.jobs.chain import Chain
from studio.jobs.order import NOTHING, Scene, Settings
from studio.jobs.series import Series
from tests.jobs.conftest import MODEL


def blank(rect: Rect) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.zeros((rect.height, rect.width, 4), np.uint8)


@pytest.fixture
def series() -> Series:
    """Three orders that differ in their steps."""
    scene = Scene(blank, None, NOTHING, Rect(0, 0, 64, 64), NOTHING)
    settings = Settings.recommended(MODEL, "a boat")
    made = batch(settings, axis("steps", "4,5,6"))
    return Series([Chain(scene, cell.settings, over) for cell in made.cells])


def answer(series: Series, partial: bool = False) -> int | None:
    pixels = np.zeros((64, 64, 4), np.uint8)
    made = series.receive(Candidate(1, 0, 0, Rect(0, 0, 64, 64), pixels, partial))
    return None if made is None else made.index


def test_each_order_makes_a_take_in_turn(series: Series) -> None:
    steps, takes = [], []
    while (request := series.request()) is not None:
        steps.append(request.steps)
        takes.append(answer(series))
    assert (steps, takes) == ([4, 5, 6], [0, 1, 2])


def test_share_and_place_are_those_of_the_whole_batch(series: Series) -> None:
    series.request()
    answer(series)
    series.request()
    assert series.share(0.5) == 0.5
    place = series.place()
    assert (place.take, place.takes) == (2, 3)
    assert place.seconds_of_all(2.0, 0.5) == 6.0


def test_what_cannot_be_made_is_left_out(series: Series) -> None:
    series.request()
    assert series.skip()
    request = series.request()
    assert request is not None
    assert request.steps == 5
    assert answer(series) == 1


def test_a_picture_that_is_kept_early_ends_the_batch(series: Series) -> None:
    series.request()
    assert answer(series, partial=True) == 0
    assert series.request() is None

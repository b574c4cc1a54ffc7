from dataclasses import replace
from pathlib import Path

import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.memory import Memory, Weights
from studio.core.messages import Accepted, Candidate, Eased, Finished, Frozen, Loaded, Stepped
from studio.core.request import Request
from studio.jobs.calibration import Calibration, Learned
from studio.jobs.forecast import Forecast, Place, Work, forecast
from studio.jobs.meter import Meter
from tests.jobs.test_calibration import put
from tests.jobs.test_conversation import EVENTS

XL = Weights(2_600_000_000, 900_000_000, 128)
GIGA = 1 << 30
CARD = Place("GPU", "cuda", 12 * GIGA, 11 * GIGA, 2, 1)
PLAIN = Place("CPU", "cpu", 32 * GIGA, 20 * GIGA, 4, 8)
MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 64, 4, 7.0, "ddim")
REQUEST = Request(MODEL, "", Rect(0, 0, 64, 64), Size(64, 64), sampler="ddim", seed=7)


def expected(edge: int, place: Place, learned: Learned | None = None) -> Forecast:
    return forecast([Work(edge * edge, 20)], 1, XL, place, learned or Learned(), cold=False)


@pytest.mark.parametrize(
    ("edge", "place", "fits", "impossible"),
    [
        (512, CARD, True, False),
        (1024, CARD, False, False),
        (8192, CARD, False, True),
        (512, PLAIN, True, False),
        (2048, PLAIN, False, False),
        (8192, PLAIN, False, True),
        (8192, replace(PLAIN, total=0), True, False),
    ],
)
def test_what_fits_is_told_from_the_sizes_alone(
    edge: int, place: Place, fits: bool, impossible: bool
) -> None:
    found = expected(edge, place)
    assert (found.fits, found.impossible) == (fits, impossible)


def test_what_was_measured_is_believed_before_what_was_reckoned() -> None:
    learned = Learned(((512 * 512, 3.0),), ((512 * 512, 2.0),), (), ((512 * 512, float(GIGA)),))
    found = expected(512, PLAIN, learned)
    assert found.measured
    assert found.seconds == pytest.approx(62)
    assert found.needed == XL.bytes(4) + GIGA


def test_a_model_that_is_not_in_memory_takes_its_loading_longer() -> None:
    learned = Learned(loads=((0, 9.0),))
    times = [forecast([Work(4096, 1)], 2, XL, PLAIN, learned, cold) for cold in (True, False)]
    assert times[0].seconds - times[1].seconds == pytest.approx(9)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meter(clock: Clock, tmp_path: Path) -> Meter:
    calibration = Calibration(tmp_path / "calibration.json", put)
    return Meter(calibration, {1: REQUEST}.get, clock, lambda: (32 * GIGA, 8 * GIGA))


def a_run(meter: Meter, clock: Clock, steps: int = 4, eased: bool = False) -> None:
    memory = Memory("cpu", 32 * GIGA, 8 * GIGA, 2 * GIGA, 3 * GIGA, 5 * GIGA, 2)
    meter.heard(Accepted(1))
    clock.now += 6.0
    meter.heard(Loaded(1, "m", "CPU", (), True, 64, memory=memory))
    if eased:
        meter.heard(Eased(1, "tiles", "In tiles."))
    for step in range(1, steps + 1):
        clock.now += 9.0 if step == 1 else 2.0
        meter.heard(Stepped(1, 0, step, steps, None))
    clock.now += 1.5
    candidate = EVENTS["Candidate"](1)
    assert isinstance(candidate, Candidate)
    meter.heard(candidate)
    meter.heard(Finished(1, 30.0, memory))


def ahead(meter: Meter) -> Forecast:
    return meter.forecast("m", "/m", [Work(64 * 64, 10)], 1, Weights(500_000_000, 10, 128))


def test_a_run_teaches_what_the_next_one_takes(meter: Meter, clock: Clock) -> None:
    assert not ahead(meter).measured
    a_run(meter, clock)
    found = ahead(meter)
    assert found.measured
    assert found.seconds == pytest.approx(10 * 2 + 1.5)
    assert found.needed == pytest.approx(GIGA + 3 * GIGA, rel=0.1)
    assert found.place.free == 10 * GIGA  # what the model holds could be given back


def test_an_engine_without_its_model_has_to_load_it(meter: Meter, clock: Clock) -> None:
    a_run(meter, clock)
    warm = ahead(meter).seconds
    meter.heard(Frozen(1))
    assert ahead(meter).seconds == pytest.approx(warm + 6.0)


def test_a_run_that_was_eased_tells_nothing_of_memory(meter: Meter, clock: Clock) -> None:
    a_run(meter, clock, eased=True)
    assert not ahead(meter).measured


def test_a_forecast_outlives_the_program(meter: Meter, clock: Clock, tmp_path: Path) -> None:
    a_run(meter, clock)
    again = Meter(Calibration(tmp_path / "calibration.json", put), lambda _: None)
    assert again.place().precision == 2
    assert ahead(again).seconds == pytest.approx(10 * 2 + 1.5 + 6.0)

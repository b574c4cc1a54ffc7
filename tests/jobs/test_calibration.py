import json
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.jobs.calibration import Calibration, Learned, at


def put(path: Path, told: Callable[[], bytes]) -> None:
    path.write_bytes(told())


@pytest.mark.parametrize(
    ("readings", "area", "expected"),
    [
        ((), 5, None),
        (((100, 2.0),), 200, 4.0),
        (((100, 2.0), (100, 2.2), (100, 90.0)), 100, 2.2),
        (((100, 3.0), (200, 5.0), (300, 7.0)), 400, 9.0),
        (((100, 3.0), (200, 5.0), (300, 7.0), (300, 7.0), (300, 99.0)), 100, 3.0),
        (((100, 5.0), (200, 4.0)), 300, 4.5),
        (((0, 2.5), (0, 3.5), (0, 2.7)), 0, 2.7),
    ],
)
def test_the_line_through_readings_is_not_moved_by_wild_ones(
    readings: tuple[tuple[int, float], ...], area: int, expected: float | None
) -> None:
    assert at(readings, area) == (None if expected is None else pytest.approx(expected))


def test_the_newest_readings_of_each_size_are_kept() -> None:
    learned = Learned()
    for number in range(40):
        learned = learned.with_reading("steps", 100, float(number))
        learned = learned.with_reading("steps", 200 + number, 1.0)
    assert [value for area, value in learned.steps if area == 100] == [33, 34, 35, 36, 37, 38, 39]
    assert len({area for area, _ in learned.steps}) == 8


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_reading_that_means_nothing_is_left_out(value: float) -> None:
    assert Learned().with_reading("steps", 1, value) == Learned()


def test_what_was_learned_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    first = Calibration(path, put)
    first.device = {"title": "CPU"}
    first.learn("/m", "CPU", [("steps", 4096, 0.5), ("peaks", 4096, 1e9)])
    first.save()
    second = Calibration(path, put)
    assert second.device == {"title": "CPU"}
    assert second.of("/m", "CPU") == first.of("/m", "CPU") != Learned()
    assert second.of("/m", "GPU") == Learned()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"format": 9}', '{"format": 1, "device": 3, "models": []}', "\x00" * 9]
    + [json.dumps({"format": 1, "device": {}, "models": {"k": one}}) for one in (3, {"steps": 7})]
    + [json.dumps({"format": 1, "device": {}, "models": {"k": {"steps": [["a", None]]}}})],
)
def test_a_damaged_file_is_begun_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(text)
    assert Calibration(path, put).of("/m", "CPU") == Learned()

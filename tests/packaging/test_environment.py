"""What is done about an environment that is missing, unfinished or damaged."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from setup_parts import environment, stamp
from setup_parts.console import Trouble
from setup_parts.place import ROOT, Place
from setup_parts.stamp import Stamp

EXTRAS = ("engine",)
Made = list[str]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """The real project's requirements, in a folder of the test's own."""
    (tmp_path / "packaging").mkdir()
    for name in ("pyproject.toml", "packaging/lock.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return Place(tmp_path, tmp_path / "venv")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Record what would be made, instead of installing a gigabyte."""
    done: Made = []

    def fill(*_arguments: object) -> str:
        done.append("fill")
        return "cpu"

    monkeypatch.setattr(environment, "_create", lambda _place: done.append("create"))
    monkeypatch.setattr(environment, "_fill", fill)
    return done


def _faults(monkeypatch: pytest.MonkeyPatch, *answers: str | None) -> None:
    left = list(answers)
    monkeypatch.setattr(environment, "fault", lambda *_args: left.pop(0))


def _stamped(place: Place, extras: tuple[str, ...] = EXTRAS) -> None:
    stamp.begin(place.stamp)
    stamp.finish(place.stamp, Stamp(stamp.digest(place), extras, "cpu"))


def test_a_first_start_makes_and_fills_it(
    place: Place, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    _faults(monkeypatch, None)
    environment.prepare(place, EXTRAS, os.environ)
    assert made == ["create", "fill"]
    assert stamp.read(place.stamp) is not None


def test_a_second_start_does_nothing(
    place: Place, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stamped(place)
    _faults(monkeypatch, None)
    environment.prepare(place, EXTRAS, os.environ)
    assert made == []


def test_a_damaged_one_is_made_anew(
    place: Place, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stamped(place)
    (place.venv / "left-over").touch()
    _faults(monkeypatch, "numpy does not load", "numpy does not load", None)
    environment.prepare(place, EXTRAS, os.environ)
    assert made == ["create", "fill"]
    assert not (place.venv / "left-over").exists()


def test_one_that_stays_broken_ends_with_a_word(
    place: Place, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    _faults(monkeypatch, "torch is missing", "torch is missing")
    with pytest.raises(Trouble, match="torch is missing"):
        environment.prepare(place, EXTRAS, os.environ)
    assert made == ["create", "fill"] * 2
    assert stamp.read(place.stamp) is None


def test_one_that_another_set_up_finished_meanwhile_is_left_as_it_is(
    place: Place, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def waited(_path: Path) -> Iterator[int]:
        _stamped(place)
        yield 0

    monkeypatch.setattr(environment, "alone", waited)
    _faults(monkeypatch, None)
    environment.prepare(place, EXTRAS, os.environ)
    assert made == []


def test_more_extras_are_added_to_those_that_are_there(
    place: Place, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stamped(place, ("engine", "psd"))
    _faults(monkeypatch, None)
    environment.prepare(place, ("engine", "test"), os.environ)
    done = stamp.read(place.stamp)
    assert done is not None
    assert done.extras == ("engine", "psd", "test")


def test_a_lent_environment_is_never_changed(
    place: Place, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    _faults(monkeypatch, "torch is missing")
    with pytest.raises(Trouble, match="SFUMATO_VENV"):
        environment.prepare(Place(ROOT, place.venv, lent=True), EXTRAS, os.environ)
    assert made == []


def test_the_environment_of_these_tests_is_whole() -> None:
    here = Place(ROOT, Path(sys.prefix))
    assert environment.fault(here, ("engine", "test"), os.environ) is None


def test_an_environment_whose_python_is_gone_is_faulty(place: Place) -> None:
    assert "does not run" in (environment.fault(place, EXTRAS, os.environ) or "")


def test_a_full_disk_is_noticed_before_anything_is_written(
    place: Place, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOM", {"cpu": 10**9, "mps": 10**9})
    monkeypatch.setattr(environment, "ROOM_FOR_CARDS", 10**9)
    with pytest.raises(Trouble, match="disk is nearly full"):
        environment.prepare(place, EXTRAS, os.environ)
    assert made == []
    assert not place.venv.exists()

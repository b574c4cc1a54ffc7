"""When the environment may be used as it is."""

from pathlib import Path

import pytest

from setup_parts import stamp
from setup_parts.place import Place
from setup_parts.stamp import Stamp

PROJECT = """
[build-system]
requires = ["setuptools"]
[project]
name = "x"
dependencies = ["numpy"]
[tool.ruff]
line-length = 100
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    root = tmp_path / "copy"
    (root / "packaging").mkdir(parents=True)
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "packaging" / "lock.txt").write_text("numpy==2.4.6\n")
    return Place(root, root / ".venv")


def test_a_finished_set_up_is_read_back(place: Place) -> None:
    made = Stamp("abc", ("engine",), "cpu")
    stamp.begin(place.stamp)
    stamp.finish(place.stamp, made)
    assert stamp.read(place.stamp) == made


def test_an_interrupted_set_up_leaves_no_stamp(place: Place) -> None:
    stamp.begin(place.stamp)
    stamp.finish(place.stamp, Stamp("abc", ("engine",), "cpu"))
    stamp.begin(place.stamp)
    assert stamp.read(place.stamp) is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"digest": "abc"}', "\x00"])
def test_a_damaged_stamp_counts_as_none(place: Place, content: str) -> None:
    stamp.begin(place.stamp)
    place.stamp.write_text(content)
    assert stamp.read(place.stamp) is None


@pytest.mark.parametrize(
    ("digest", "extras", "wish", "good"),
    [
        ("abc", ("engine",), None, True),
        ("abc", ("engine", "test"), None, True),
        ("abc", ("engine",), "cpu", True),
        ("abc", ("engine",), "cu130", False),
        ("abd", ("engine",), None, False),
        ("abc", ("engine", "psd"), None, False),
    ],
)
def test_a_stamp_serves_what_it_holds(
    digest: str, extras: tuple[str, ...], wish: str | None, good: bool
) -> None:
    assert Stamp("abc", ("engine", "test"), "cpu").serves(digest, extras, wish) is good


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("numpy", "numpy>=2", False),
        ("setuptools", "hatchling", False),
        ("100", "88", True),
    ],
)
def test_only_what_pip_reads_asks_for_a_new_set_up(
    place: Place, old: str, new: str, same: bool
) -> None:
    before = stamp.digest(place)
    (place.root / "pyproject.toml").write_text(PROJECT.replace(old, new))
    assert (stamp.digest(place) == before) is same


def test_a_changed_lock_asks_for_a_new_set_up(place: Place) -> None:
    before = stamp.digest(place)
    place.lock.write_text("numpy==2.4.7\n")
    assert stamp.digest(place) != before


def test_a_moved_copy_asks_for_a_new_set_up(place: Place, tmp_path: Path) -> None:
    before = stamp.digest(place)
    moved = place.root.rename(tmp_path / "moved")
    assert stamp.digest(Place(moved, moved / ".venv")) != before

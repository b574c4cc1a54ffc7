import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.errors import FileError
from studio.core.geometry import Rect, Size
from studio.core.messages import Stepped
from studio.core.point import Point
from studio.core.request import Request
from studio.document.files.storage import write_atomic
from studio.jobs.attempts import Attempts
from studio.jobs.job import Job
from studio.jobs.journal import Journal
from studio.jobs.shelf import FolderShelf

MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 64, 4, 7.0, "ddim", "", ("a house",))


def job(number: int = 1) -> Job:
    mask = np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)
    order = Request(MODEL, "a red house", Rect(0, 0, 64, 64), Size(64, 64), mask=mask, count=2)
    return Job(number, order, "running")


def step(number: int, take: int = 0, size: int = 100) -> Stepped:
    return Stepped(1, take, number, 20, None, np.full(size, number, np.uint8))


def point(take: int, number: int) -> Point:
    return Point(take, number, 20, np.zeros(1, np.uint8))


@pytest.fixture
def shelf(tmp_path: Path) -> FolderShelf:
    return FolderShelf(tmp_path / "jobs", write_atomic)


def test_the_newest_step_is_where_a_job_goes_on() -> None:
    journal = Journal()
    for number in (1, 2, 3):
        journal.note(job(), step(number))
    newest = journal.newest(1)
    assert newest is not None
    assert (newest.step, newest.state[0]) == (3, 3)


def test_steps_of_an_earlier_take_are_forgotten() -> None:
    journal = Journal()
    for event in (step(19), step(20), step(1, take=1)):
        journal.note(job(), event)
    assert [(one.take, one.step) for one in journal.points(1)] == [(1, 1)]


def test_large_steps_are_kept_in_bounds_and_the_newest_always() -> None:
    journal = Journal()
    for number in range(1, 9):
        journal.note(job(), step(number, size=10 << 20))
    assert [one.step for one in journal.points(1)] == [6, 7, 8]


def test_a_shelved_job_comes_back_whole(shelf: FolderShelf) -> None:
    journal = Journal(shelf)
    journal.note(job(), step(7, take=1))
    journal.shelve(job())
    shelf.close()
    later = Journal(shelf)
    ((request, last),) = later.left().values()
    assert request.model == MODEL
    assert np.array_equal(np.asarray(request.mask), np.asarray(job().request.mask))
    assert last is not None
    found = later.take_up(Job(5, request, "frozen"))
    assert (found.id, found.state, found.take, found.step, found.total) == (5, "frozen", 1, 7, 20)
    assert later.left() == {}


def test_a_job_that_ended_leaves_the_shelf(shelf: FolderShelf) -> None:
    journal = Journal(shelf)
    journal.note(job(), step(7))
    journal.shelve(job())
    journal.drop(1)
    shelf.close()
    assert Journal(shelf).left() == {}


def test_only_a_long_job_goes_onto_the_shelf_by_itself(shelf: FolderShelf) -> None:
    times = iter([0.0, 1.0, 9.0, 11.0, 11.0, 12.0])
    journal = Journal(shelf, lambda: next(times))
    seen = []
    for number in (1, 2, 3, 4, 5):
        journal.note(job(), step(number))
        shelf.close()
        seen.append([last.step for _, last in Journal(shelf).left().values() if last])
    assert seen == [[], [], [], [4], [4]]


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"nonsense", b"{}\nSFM1 and so on", b"[]\n"])
def test_a_damaged_record_is_passed_over(shelf: FolderShelf, tmp_path: Path, damage: bytes) -> None:
    journal = Journal(shelf)
    journal.shelve(job())
    shelf.close()
    (tmp_path / "jobs" / "0123.job").write_bytes(damage)
    assert len(Journal(shelf).left()) == 1


def test_a_full_disk_stops_nothing(tmp_path: Path) -> None:
    def full(path: Path, data: bytes) -> None:
        raise FileError("The disk is full.")

    shelf = FolderShelf(tmp_path, full)
    Journal(shelf).shelve(job())
    shelf.close()
    assert Journal(shelf).left() == {}


def test_a_job_that_gets_on_with_each_engine_is_handed_on() -> None:
    attempts = Attempts()
    for number in range(1, 9):
        attempts.begin(1, point(0, number))
        assert attempts.worthwhile(1, point(0, number + 1))


def test_a_job_that_ends_two_engines_at_the_same_place_is_given_up() -> None:
    attempts = Attempts()
    attempts.begin(1, point(0, 3))
    assert attempts.worthwhile(1, point(0, 3))
    attempts.begin(1, point(0, 3))
    assert not attempts.worthwhile(1, point(0, 3))
    assert attempts.worthwhile(1, point(1, 1))


def test_an_order_that_comes_back_is_as_far_as_it_was(shelf: FolderShelf) -> None:
    journal = Journal(shelf)
    journal.note(job(), step(7))
    journal.shelve(job())
    journal.forget(1)
    shelf.close()
    later = Journal(shelf)
    other = replace(job(8), request=replace(job().request, seed=9))
    assert later.take_up(other).begun is False
    back = later.take_up(replace(job(9), state="frozen"))
    assert (back.step, later.points(9)[0].step) == (7, 7)
    later.drop(9)
    shelf.close()
    assert Journal(shelf).left() == {}


def test_an_order_set_aside_comes_back_in_the_same_start_as_far_as_it_was(
    shelf: FolderShelf,
) -> None:
    journal = Journal(shelf)
    journal.take_up(replace(job(8), request=replace(job().request, seed=9)))
    journal.note(job(), step(7))
    journal.shelve(job())
    journal.forget(1)
    assert journal.take_up(replace(job(9), state="frozen")).step == 7


def test_a_record_that_nobody_took_up_for_months_is_dropped(
    shelf: FolderShelf, tmp_path: Path
) -> None:
    Journal(shelf).shelve(job())
    shelf.close()
    for path in (tmp_path / "jobs").iterdir():
        os.utime(path, (1e9, 1e9))
    assert Journal(shelf).left() == {}
    assert list((tmp_path / "jobs").iterdir()) == []

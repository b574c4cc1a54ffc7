"""The writer thread: in order, told when safe, nothing dropped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.project.store.ballast import Ballast
from studio.project.store.faults import DiskFull, Unfit
from studio.project.store.file import ProjectFile
from studio.project.store.values import Gesture, TileChange
from studio.project.store.writer import STROKES, Writer
from tests.project.store.strokes import picture, stroke, tile


class Told:
    """What the writer said, in order."""

    def __init__(self) -> None:
        self.safe: list[int] = []
        self.failed: list[StudioError] = []
        self.failure = threading.Event()

    def on_failed(self, error: StudioError) -> None:
        self.failed.append(error)
        self.failure.set()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def writer(home: Path, path: Path, told: Told) -> Iterator[Writer]:
    made = Writer(ProjectFile.create(path), told.safe.append, told.on_failed, retry=60.0)
    made.start()
    yield made
    made.close(30)


class FullFor:
    """Work that finds the disk full so many times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self, project: ProjectFile) -> None:
        if self.left:
            self.left -= 1
            raise DiskFull("full")
        project.commit(stroke(77))


def test_work_is_done_in_order_and_told_when_safe(writer: Writer, told: Told) -> None:
    given = [writer.submit(stroke(seed)) for seed in range(5)]
    assert writer.flush(30)
    assert told.safe == given == [1, 2, 3, 4, 5]
    labels = writer.ask(lambda project: [row.label for row in project.line()])
    assert labels.result(30) == [f"Stroke {seed}" for seed in range(5)]


def test_close_writes_what_waits(path: Path, writer: Writer) -> None:
    writer.submit(stroke(1))
    assert writer.close(30)
    opened, _ = ProjectFile.open(path)
    assert picture(opened) == {(2, (0, 0)): tile(1).tobytes()}
    opened.close()


def test_a_full_disk_is_told_and_the_work_is_kept(writer: Writer, told: Told) -> None:
    number = writer.submit(FullFor(1))
    assert told.failure.wait(30)
    assert not writer.flush(30)
    assert told.safe == []
    assert writer.waiting == 1
    writer.try_again()
    assert writer.flush(30)
    assert told.safe == [number]


def test_questions_are_answered_while_the_disk_is_full(writer: Writer, told: Told) -> None:
    writer.submit(FullFor(1))
    assert told.failure.wait(30)
    assert writer.ask(lambda project: project.head().gesture).result(30) == 1


def test_closing_on_a_full_disk_says_that_not_all_is_safe(writer: Writer, told: Told) -> None:
    writer.submit(FullFor(1000))
    assert told.failure.wait(30)
    assert not writer.close(30)
    assert isinstance(told.failed[0], DiskFull)


def test_a_copy_grows_beside_the_work_and_says_up_to_where_it_goes(
    writer: Writer, tmp_path: Path
) -> None:
    for seed in range(8):
        full = TileChange(2, (seed, 1), None, tile(seed, noise=256))
        writer.submit(Gesture(f"Stroke {seed}", {}, (full,)))
    answer = writer.copy(tmp_path / "copy.sfumato", tmp_path / "copy.sfumato")
    for seed in range(8, 40):
        writer.submit(stroke(seed, keys=((seed, 0),)))
    number = answer.result(30)
    assert writer.flush(30)
    copy, found = ProjectFile.open(tmp_path / "copy.sfumato", thorough=True)
    assert not found.sentences
    assert number is not None
    assert [row.label for row in copy.line()] == [f"Stroke {seed}" for seed in range(number)]
    copy.close()


def test_a_copy_of_a_file_that_takes_nothing_is_not_made(
    writer: Writer, told: Told, tmp_path: Path
) -> None:
    writer.submit(FullFor(1000))
    assert told.failure.wait(30)
    assert writer.copy(tmp_path / "copy.sfumato", tmp_path / "copy.sfumato").result(30) is None


def test_impossible_work_is_dropped_and_said(writer: Writer, told: Told) -> None:
    writer.submit(lambda project: project.step(5))
    after = writer.submit(stroke(1))
    assert writer.flush(30)
    assert told.safe == [after]
    assert [type(error) for error in told.failed] == [Unfit]


def test_too_much_waiting_is_said_but_taken(writer: Writer) -> None:
    gate = threading.Event()
    writer.submit(lambda _: gate.wait(30))
    for seed in range(STROKES):
        assert not writer.full
        writer.submit(stroke(seed))
    assert writer.full
    gate.set()
    assert writer.flush(30)
    assert not writer.full


def test_a_disk_without_room_for_ballast_does_not_end_the_writer(
    home: Path, path: Path, told: Told
) -> None:
    looked = threading.Event()

    def gone(_: Path) -> Ballast:
        looked.set()
        raise FileNotFoundError

    writer = Writer(
        ProjectFile.create(path), told.safe.append, told.on_failed, ballast=gone, calm=0.01
    )
    writer.start()
    assert looked.wait(30)
    writer.submit(stroke(1))
    assert writer.close(30)
    assert told.safe == [1]


def test_a_question_is_answered_though_the_writer_gives_up(writer: Writer, told: Told) -> None:
    entered, leave = threading.Event(), threading.Event()

    def full(_: ProjectFile) -> None:
        entered.set()
        assert leave.wait(30)
        raise DiskFull("full")

    writer.submit(full)
    assert entered.wait(30)
    answer = writer.ask(lambda project: project.base)
    threading.Timer(0.05, leave.set).start()
    assert not writer.close(30)
    assert answer.result(30) == 1

"""Disks that fail, files that may not be written, windows that share: nothing is lost."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.project.store import opening
from studio.project.store.faults import DiskFull
from studio.project.store.file import ProjectFile
from studio.project.store.values import Gesture
from tests.project.conftest import HeldPlace, Room, RoomOf


def test_a_folder_that_cannot_be_made_is_said_and_painting_goes_on(
    room: Room, own_folders: Path, qtbot: QtBot
) -> None:
    (own_folders / "pictures").write_bytes(b"not a folder")
    room.blank()
    room.paint(10, 20, 90)
    qtbot.waitUntil(lambda: room.pen.state == "failed")
    room.paint(50, 20, 40)
    assert room.refused[0].hint
    (own_folders / "pictures").unlink()
    room.pen.try_again()
    qtbot.waitUntil(lambda: room.pen.state == "safe")
    assert room.document.history.count() == 2


def test_what_failed_first_is_all_there_later(room: Room, own_folders: Path, qtbot: QtBot) -> None:
    (own_folders / "pictures").write_bytes(b"not a folder")
    room.blank()
    room.paint(10, 20, 90)
    room.paint(50, 20, 40)
    qtbot.waitUntil(lambda: room.pen.state == "failed")
    (own_folders / "pictures").unlink()
    room.pen.try_again()
    qtbot.waitUntil(lambda: room.pen.state == "safe")
    room.reopened()


def test_a_picture_that_does_not_fit_is_said_and_tried_again(
    room: Room, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def unfit(*_: object) -> int:
        raise ValueError("too much of it")

    room.painted()
    with monkeypatch.context() as impossible:
        impossible.setattr(ProjectFile, "commit", unfit)
        impossible.setattr(ProjectFile, "baseline", unfit)
        room.paint(50, 20, 40)
        qtbot.waitUntil(lambda: room.pen.state == "failed")
        assert "too much of it" in room.refused[-1].message
    room.pen.try_again()
    room.settle()
    assert room.document.history.count() == 2


def test_a_picture_of_a_newer_studio_is_looked_at_and_a_copy_is_painted(
    room: Room, room_of: RoomOf, tmp_path: Path
) -> None:
    path = tmp_path / "later.sfumato"
    room.painted()
    room.save_as(path)
    before = room.look()
    room.leave()
    data = bytearray(path.read_bytes())
    data[60:64] = (99).to_bytes(4, "big")
    path.write_bytes(data)
    second = room_of()
    second.open(path)
    assert "newer" in second.arrived[0].read_only
    assert np.array_equal(second.look(), before)
    second.paint(100, 100, 40)
    second.settle()
    assert second.session.unnamed.holds(second.session.path)
    assert path.read_bytes() == data


def test_a_plain_copy_of_an_open_picture_has_every_stroke_that_was_safe(
    room: Room, room_of: RoomOf, tmp_path: Path
) -> None:
    room.blank()
    for number in range(20):
        room.paint(10 * number, 20, number)
    room.settle()
    assert room.session.path is not None
    shutil.copyfile(room.session.path, tmp_path / "copy.sfumato")
    second = room_of()
    second.open(tmp_path / "copy.sfumato")
    assert np.array_equal(second.look(), room.look())
    assert second.document.history.count() == 20


def test_a_second_window_does_not_take_the_picture_of_the_first(
    room: Room, room_of: RoomOf, qtbot: QtBot
) -> None:
    room.painted()
    second = room_of()
    assert second.session.begin()
    qtbot.waitUntil(lambda: second.desk.idle)
    assert not second.document.has_picture
    second.blank()
    second.paint(1, 1, 5)
    second.settle()
    assert second.session.path != room.session.path


def test_a_file_that_is_gone_is_said_and_the_picture_can_be_saved_elsewhere(
    room: Room, tmp_path: Path, qtbot: QtBot
) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    room.painted()
    room.save_as(drive / "house.sfumato")
    drive.rename(tmp_path / "elsewhere")
    room.paint(50, 20, 40)
    qtbot.waitUntil(lambda: bool(room.refused))
    room.save_as(tmp_path / "rescued.sfumato")
    room.paint(90, 20, 60)
    room.reopened(tmp_path / "rescued.sfumato")


@pytest.mark.parametrize("painted", [True, False])
def test_a_place_that_takes_no_file_is_told_by_the_name_that_was_asked_for(
    room: Room, tmp_path: Path, qtbot: QtBot, painted: bool
) -> None:
    room.painted() if painted else room.blank()
    room.session.save_as(tmp_path / "nowhere" / "house.sfumato")
    qtbot.waitUntil(lambda: bool(room.refused))
    assert "'house.sfumato'" in room.refused[0].message
    assert room.refused[0].hint
    room.paint(50, 20, 40)
    room.settle()
    room.reopened()


def full(file: ProjectFile, gesture: Gesture) -> int:
    """What a disk without room does with a stroke."""
    raise DiskFull("The disk is full.", "Make room.")


def test_until_a_new_disk_has_all_the_old_file_is_the_one_that_counts(
    room: Room,
    room_of: RoomOf,
    held: Callable[[], HeldPlace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    room.painted()
    place = held()
    room.session.save_as(tmp_path / "house.sfumato")
    qtbot.waitUntil(place.reached.is_set)
    room.paint(50, 20, 40)
    room.settle()
    with monkeypatch.context() as small:
        small.setattr(ProjectFile, "commit", full)
        place.free.set()
        qtbot.waitUntil(lambda: room.pen.state == "failed" and room.desk.idle)
        second = room_of()
        second.begin()
        assert np.array_equal(second.look(), room.look())
        assert not room.named
    room.pen.try_again()
    qtbot.waitUntil(lambda: room.named == [tmp_path / "house.sfumato"])


def test_a_picture_on_a_disk_for_reading_is_painted_on_in_a_copy(
    room: Room, room_of: RoomOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "house.sfumato"
    room.painted()
    room.save_as(path)
    room.leave()
    data, writable = path.read_bytes(), opening.writable
    monkeypatch.setattr(opening, "writable", lambda each: each != path and writable(each))
    second = room_of()
    second.open(path)
    assert "write-protected" in second.arrived[0].read_only
    second.paint(50, 20, 40)
    second.settle()
    assert path.read_bytes() == data
    second.reopened()


def test_a_clock_that_stands_in_1970_loses_nothing(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 0.0)
    room.painted()
    room.save_as(tmp_path / "house.sfumato")
    for number in range(5):
        room.paint(50 + 50 * number, 20, number)
    room.settle()
    os.utime(tmp_path / "house.sfumato", (0, 0))
    again = room.reopened(tmp_path / "house.sfumato")
    assert again.document.history.count() == 6
    assert not room.refused


def test_steps_beyond_the_most_that_a_file_keeps_are_forgotten(
    room: Room, room_of: RoomOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.project.restore.MOST", 10)
    room.blank()
    for number in range(30):
        room.paint(10 * number, 20, number)
    before = room.look()
    room.leave()
    second = room_of()
    second.begin()
    second.settle()
    second.leave()
    third = room_of()
    third.begin()
    assert third.document.history.count() == 10
    assert np.array_equal(third.look(), before)


def test_what_a_kill_left_beside_a_file_does_not_keep_it_from_being_replaced(
    room: Room, tmp_path: Path
) -> None:
    room.painted()
    room.save_as(tmp_path / "one.sfumato")
    room.save_as(tmp_path / "two.sfumato")
    (tmp_path / "one.sfumato-journal").write_bytes(b"")
    room.save_as(tmp_path / "one.sfumato")
    assert not room.refused


def test_work_that_does_not_fit_makes_the_file_begin_anew(room: Room, qtbot: QtBot) -> None:
    room.painted()
    kept: list[int] = []
    room.pen.kept.connect(kept.append)
    room.pen.write(lambda file: file.move_head(10**6))
    room.paint(50, 20, 40)
    tried = room.pen.given
    qtbot.waitUntil(lambda: room.pen.given > tried)  # the new beginning
    room.settle()
    assert kept == [room.pen.given]
    room.document.history.undo()
    room.document.history.redo()
    room.reopened()


def test_a_picture_that_was_begun_meanwhile_is_not_replaced_by_the_last_one(
    room: Room, room_of: RoomOf, qtbot: QtBot
) -> None:
    room.blank()
    room.paint(10, 20, 90)
    room.leave()
    second = room_of()
    assert second.session.begin()
    second.blank(64, 64)
    qtbot.waitUntil(lambda: second.desk.idle)
    assert second.look().shape == (64, 64, 4)
    assert not second.arrived
    assert len(second.session.unnamed.all()) == 1

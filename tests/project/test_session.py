from pathlib import Path

import numpy as np

from tests.project.conftest import Room, RoomOf


def test_what_was_painted_is_back_after_a_restart(room: Room, room_of: RoomOf) -> None:
    room.blank()
    room.paint(10, 20, 90)
    room.paint(300, 200, 30)
    before = room.look()
    room.leave()
    again = room_of()
    again.begin()
    assert np.array_equal(again.look(), before)
    assert again.document.name == "untitled"


def test_undo_goes_back_to_before_the_restart(room: Room, room_of: RoomOf) -> None:
    room.blank()
    looks = [room.look()]
    for number in range(60):
        room.paint(10 + 7 * number, 20 + 3 * number, number)
        looks.append(room.look())
    room.leave()
    again = room_of()
    again.begin()
    assert again.document.history.names() == ("Paint",) * 60
    for number in reversed(range(60)):
        again.document.history.undo()
        assert np.array_equal(again.look(), looks[number])
    again.document.history.setIndex(60)
    assert np.array_equal(again.look(), looks[60])


def test_what_was_undone_can_be_redone_after_a_restart(room: Room, room_of: RoomOf) -> None:
    room.blank()
    room.paint(10, 20, 90)
    room.paint(300, 200, 30)
    after = room.look()
    room.document.history.undo()
    room.document.history.undo()
    room.leave()
    again = room_of()
    again.begin()
    assert again.document.history.index() == 0
    again.document.history.setIndex(2)
    assert np.array_equal(again.look(), after)


def test_a_stroke_after_a_restart_drops_what_was_undone(room: Room, room_of: RoomOf) -> None:
    room.blank()
    room.paint(10, 20, 90)
    room.paint(300, 200, 30)
    room.document.history.undo()
    room.leave()
    second = room_of()
    second.begin()
    second.paint(100, 100, 60)
    before = second.look()
    second.leave()
    third = room_of()
    third.begin()
    assert third.document.history.count() == 2
    assert np.array_equal(third.look(), before)


def test_an_empty_canvas_makes_no_file(room: Room, own_folders: Path) -> None:
    room.blank()
    room.leave()
    assert (
        not list((own_folders / "pictures").glob("*"))
        if (own_folders / "pictures").exists()
        else True
    )


def test_saving_gives_the_picture_its_name_and_leaves_nothing_behind(
    room: Room, room_of: RoomOf, tmp_path: Path
) -> None:
    room.blank()
    room.paint(10, 20, 90)
    room.settle()
    room.save_as(tmp_path / "house.sfumato")
    room.paint(50, 20, 70)
    before = room.look()
    room.leave()
    assert not room.session.unnamed.all()
    again = room_of()
    again.open(tmp_path / "house.sfumato")
    assert np.array_equal(again.look(), before)
    assert again.document.name == "house"
    assert again.document.history.count() == 2

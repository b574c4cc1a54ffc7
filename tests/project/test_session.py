from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.core.geometry import Rect
from studio.document.edits import AddPaintLayer, AddTake, LayerProperties
from studio.project.store.faults import InUse
from tests.project.conftest import HeldPlace, Room, RoomOf


def test_what_was_painted_is_back_after_a_restart(room: Room) -> None:
    room.blank()
    room.paint(10, 20, 90)
    room.paint(300, 200, 30)
    again = room.reopened()
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
    room: Room, tmp_path: Path
) -> None:
    room.painted()
    room.save_as(tmp_path / "house.sfumato")
    room.paint(50, 20, 70)
    again = room.reopened(tmp_path / "house.sfumato")
    assert not room.session.unnamed.all()
    assert again.document.name == "house"
    assert again.document.history.count() == 2


def test_what_was_chosen_without_a_step_is_chosen_again(room: Room, room_of: RoomOf) -> None:
    room.blank()
    document = room.document
    document.history.push(AddPaintLayer(document))
    room.paint(10, 20, 90)
    document.set_active(document.layers[0])
    document.set_frame(Rect(10, 10, 64, 64))
    room.leave()
    again = room_of()
    again.begin()
    assert again.document.active is again.document.layers[0]
    assert again.document.frame == Rect(10, 10, 64, 64)
    assert again.document.history.count() == 2


def test_a_drag_of_a_slider_is_one_step(room: Room, room_of: RoomOf) -> None:
    room.blank()
    document = room.document
    for opacity in (0.9, 0.7, 0.5):
        document.history.push(
            LayerProperties(document, document.layers[0], gesture=4, opacity=opacity)
        )
    room.leave()
    again = room_of()
    again.begin()
    assert again.document.history.count() == 1
    assert again.document.layers[0].opacity == 0.5
    again.document.history.undo()
    assert again.document.layers[0].opacity == 1.0


def test_a_take_without_a_picture_is_kept_too(room: Room, room_of: RoomOf) -> None:
    pixels = np.full((64, 48, 4), 200, np.uint8)
    room.document.history.push(AddTake(room.document, pixels, Rect(0, 0, 48, 64)))
    room.leave()
    again = room_of()
    again.begin()
    assert again.document.bounds == Rect(0, 0, 48, 64)
    assert (again.look() == 200).all()
    again.document.history.undo()
    assert not again.document.has_picture


def test_a_picture_that_was_only_looked_at_leaves_no_file(room: Room, own_folders: Path) -> None:
    room.document.open_pixels(np.full((64, 48, 4), 200, np.uint8), "photo")
    room.settle()
    room.document.close()
    room.leave()
    assert not room.session.unnamed.all()


def test_another_window_gets_a_copy_of_its_own(room: Room, room_of: RoomOf, tmp_path: Path) -> None:
    room.painted()
    room.save_as(tmp_path / "house.sfumato")
    before = room.look()
    second = room_of()
    second.open(tmp_path / "house.sfumato")
    assert second.arrived[0].in_use
    assert np.array_equal(second.look(), before)
    assert second.session.path is None
    second.paint(100, 100, 40)
    second.settle()
    assert second.session.unnamed.holds(second.session.path)
    assert np.array_equal(room.look(), before)


def test_a_crowd_of_strokes_is_all_there(room: Room) -> None:
    room.blank()
    for number in range(200):
        room.paint(2 * number, number, number)
    again = room.reopened()
    assert again.document.history.count() == 200


@pytest.mark.parametrize("name", ["\U0001f98a fox", "n" * 239, "ünïcödé ✿"])
def test_a_picture_takes_any_name(room: Room, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.sfumato"
    room.painted()
    room.save_as(path)
    again = room.reopened(path)
    assert again.document.name == name


@pytest.mark.parametrize("name", ["missing/house.sfumato", "n" * 240 + ".sfumato"])
def test_a_name_that_cannot_be_leaves_the_picture_where_it_was(
    room: Room, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    room.painted()
    room.session.save_as(tmp_path / name)
    qtbot.waitUntil(lambda: bool(room.refused))
    room.paint(50, 20, 70)
    room.settle()
    assert not room.session.has_name


def test_saving_twice_at_once_ends_at_the_second_name(
    room: Room, tmp_path: Path, qtbot: QtBot
) -> None:
    room.painted()
    named: list[Path] = []
    room.session.named.connect(named.append)
    for name in ("one", "two", "two"):
        room.session.save_as(tmp_path / f"{name}.sfumato")
    qtbot.waitUntil(lambda: len(named) == 3)
    assert room.session.path == tmp_path / "two.sfumato"
    assert not room.refused


def test_an_unnamed_picture_is_forgotten_only_while_nobody_has_it_open(
    room: Room, qtbot: QtBot
) -> None:
    room.blank()
    room.paint(10, 20, 90)
    qtbot.waitUntil(lambda: room.session.path is not None)
    (mine,) = room.session.unnamed.all()
    with pytest.raises(InUse):
        room.session.unnamed.forget(mine.path)
    room.document.close()
    qtbot.waitUntil(lambda: not room.pen.full)
    room.leave()
    room.session.unnamed.forget(mine.path)
    assert not room.session.unnamed.all()


def test_a_stroke_made_while_the_picture_is_saved_is_there_after_the_end(
    room: Room, tmp_path: Path
) -> None:
    room.painted()
    room.session.save_as(tmp_path / "house.sfumato")
    room.paint(50, 20, 40)
    room.reopened(tmp_path / "house.sfumato")


def test_strokes_are_safe_in_the_old_file_while_the_new_one_is_made(
    room: Room, held: Callable[[], HeldPlace], tmp_path: Path, qtbot: QtBot
) -> None:
    room.painted()
    place = held()
    room.session.save_as(tmp_path / "house.sfumato")
    for x in range(50, 550, 50):
        room.paint(x, 20, 40)
        room.settle()
    assert not (tmp_path / "house.sfumato").exists()
    place.free.set()
    qtbot.waitUntil(lambda: room.named == [tmp_path / "house.sfumato"])
    again = room.reopened(tmp_path / "house.sfumato")
    assert not room.session.unnamed.all()
    assert again.document.history.count() == 11

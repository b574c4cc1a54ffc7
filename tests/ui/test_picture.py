from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.app import Studio
from studio.core.geometry import Rect, Size
from studio.document.edits import MoveFrame
from studio.ui.dialogs.amounts import Amounts
from studio.ui.dialogs.size import SizeDialog
from studio.ui.sliders import ValueSlider


def size_dialog() -> SizeDialog:
    """The dialog for sizes that is open."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SizeDialog)
    return dialog


@pytest.mark.parametrize(
    ("turn", "size"),
    [
        ("right", Size(64, 96)),
        ("left", Size(64, 96)),
        ("half", Size(96, 64)),
        ("down", Size(96, 64)),
    ],
)
def test_the_picture_turns_by_one_step(with_photo: Studio, turn: str, size: Size) -> None:
    document = with_photo.joins.document
    before = document.composite(document.bounds)
    with_photo.window.commands[f"picture_{turn}"].trigger()
    assert document.bounds.size == size
    document.history.undo()
    assert (document.composite(document.bounds) == before).all()


def test_the_picture_is_cut_to_the_frame(with_photo: Studio) -> None:
    document = with_photo.joins.document
    document.history.push(MoveFrame(document, Rect(8, 8, 48, 32)))
    with_photo.window.commands["crop_to_frame"].trigger()
    assert document.bounds == Rect(8, 8, 48, 32)


def test_the_image_is_scaled_in_its_proportions(with_photo: Studio) -> None:
    document = with_photo.joins.document
    with_photo.window.commands["image_size"].trigger()
    size_dialog().fields.width_box.setValue(48)
    assert size_dialog().fields.value() == Size(48, 32)
    size_dialog().accept()
    assert document.bounds.size == Size(48, 32)


def test_the_canvas_gets_room_around_the_picture(with_photo: Studio) -> None:
    document = with_photo.joins.document
    with_photo.window.commands["canvas_size"].trigger()
    size_dialog().fields.width_box.setValue(116)
    size_dialog().accept()
    assert document.bounds == Rect(-10, 0, 116, 64)


def test_a_size_beyond_the_limit_cannot_be_applied(with_photo: Studio) -> None:
    with_photo.window.commands["canvas_size"].trigger()
    dialog = size_dialog()
    dialog.fields.width_box.setValue(99_999)
    assert dialog.fields.value().width == 16384
    dialog.reject()
    assert with_photo.joins.document.history.count() == 0


def test_the_frame_takes_proportions_and_zooms_out(with_photo: Studio) -> None:
    document, commands = with_photo.joins.document, with_photo.window.commands
    commands["aspect_1_1"].trigger()
    assert document.frame.width == document.frame.height
    commands["zoom_out_2"].trigger()
    assert document.frame.contains(document.bounds)
    assert document.frame.width >= 2 * document.bounds.width
    commands["zoom_out_custom"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Amounts)
    dialog.sliders[0].set_value(3)
    dialog.accept()
    assert document.frame.width >= 3 * document.bounds.width


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_the_frame_pans_past_a_side(with_photo: Studio, side: str) -> None:
    document = with_photo.joins.document
    document.history.push(MoveFrame(document, Rect(0, 0, 64, 64)))
    with_photo.window.commands[f"pan_{side}"].trigger()
    assert not document.bounds.contains(document.frame)


def test_keys_turn_the_view_and_not_the_picture(with_photo: Studio) -> None:
    canvas, commands = with_photo.joins.bench.canvas, with_photo.window.commands
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_6)
    assert canvas.view_rotation == pytest.approx(15)
    QTest.keyClick(canvas, Qt.Key.Key_5)
    assert canvas.view_rotation == pytest.approx(0)
    commands["view_flip"].trigger()
    assert canvas.view_flipped
    assert with_photo.joins.document.history.count() == 0


def test_a_digit_on_a_slider_is_entered_there(with_photo: Studio) -> None:
    bench = with_photo.joins.bench
    slider: ValueSlider = bench.masks.strength
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_4)
    assert bench.canvas.view_rotation == 0


def test_no_two_actions_share_a_shortcut(studio: Studio) -> None:
    held = Counter(keys.toString() for each in studio.window.commands for keys in each.shortcuts())
    assert [keys for keys, count in held.items() if count > 1] == []

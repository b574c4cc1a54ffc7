import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from tests.ui.conftest import stroke


@pytest.fixture
def layered(with_photo: Studio) -> Studio:
    """A photo under two empty layers, the top one active."""
    for _ in range(2):
        with_photo.window.commands["add_layer"].trigger()
    return with_photo


@pytest.mark.parametrize(
    ("key", "count"),
    [("add_layer", 4), ("duplicate_layer", 4), ("merge_down", 2), ("flatten", 1)],
)
def test_an_action_changes_the_stack_by_one_step(layered: Studio, key: str, count: int) -> None:
    document, commands = layered.joins.document, layered.window.commands
    steps = document.history.count()
    commands[key].trigger()
    assert len(document.layers) == count
    assert document.history.count() == steps + 1
    document.history.undo()
    assert len(document.layers) == 3


def test_what_cannot_be_done_is_grey(layered: Studio) -> None:
    document, commands = layered.joins.document, layered.window.commands
    assert not commands["layer_up"].isEnabled()
    document.set_active(document.layers[0])
    assert not commands["merge_down"].isEnabled()
    assert not commands["layer_down"].isEnabled()
    assert not commands["ungroup"].isEnabled()


def test_a_hidden_layer_is_not_merged_and_words_say_why(layered: Studio) -> None:
    document, commands = layered.joins.document, layered.window.commands
    layered.joins.bench.layers._toggle(1)
    commands["merge_down"].trigger()
    assert len(document.layers) == 3
    assert "hidden layer" in layered.window.messages.text


def test_chosen_layers_become_a_group_and_come_apart(layered: Studio) -> None:
    document, commands = layered.joins.document, layered.window.commands
    rows = layered.joins.bench.layers.list
    rows.item(1).setSelected(True)
    commands["group_layers"].trigger()
    assert [len(layer.groups) for layer in document.layers] == [0, 1, 1]
    commands["hide_group"].trigger()
    assert not document.layers[2].groups[0].visible
    assert commands["hide_group"].isChecked()
    commands["ungroup"].trigger()
    assert not any(layer.groups for layer in document.layers)


def test_control_and_click_choose_several_layers(layered: Studio, qtbot: QtBot) -> None:
    rows = layered.joins.bench.layers.list
    centre = rows.visualItemRect(rows.item(1)).center()
    held = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, held, centre)
    document = layered.joins.document
    qtbot.waitUntil(lambda: document.active is document.layers[1])
    assert len(layered.joins.bench.layers.chosen()) == 2


def test_a_locked_layer_is_left_alone(with_photo: Studio) -> None:
    document, commands = with_photo.joins.document, with_photo.window.commands
    before = document.composite(document.bounds)
    commands["lock_layer"].trigger()
    commands["paint_layer"].trigger()
    stroke(with_photo, (40, 30), (50, 34))
    commands["clear_layer"].trigger()
    assert (document.composite(document.bounds) == before).all()
    assert commands["lock_layer"].isChecked()


def test_with_its_alpha_locked_an_empty_layer_stays_empty(layered: Studio) -> None:
    document, commands = layered.joins.document, layered.window.commands
    commands["lock_alpha"].trigger()
    commands["paint_layer"].trigger()
    stroke(layered, (40, 30), (50, 34))
    assert document.layers[2].pixels.tight_bounds().empty


def test_without_a_picture_there_is_no_layer_to_add(studio: Studio) -> None:
    assert not studio.window.commands["add_layer"].isEnabled()
    studio.window.commands["add_layer"].trigger()
    assert studio.joins.document.layers == ()

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect
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


def header(studio: Studio) -> int:
    """Row of the first group's header."""
    rows = studio.joins.bench.layers._rows
    return next(number for number, row in enumerate(rows) if row.group is not None)


@pytest.fixture
def grouped(layered: Studio) -> Studio:
    """The two upper layers are a group, whose header is chosen."""
    panel = layered.joins.bench.layers
    panel.list.item(1).setSelected(True)
    layered.window.commands["group_layers"].trigger()
    panel.list.clearSelection()
    panel.list.setCurrentRow(header(layered))
    return layered


def listed(studio: Studio) -> list[str]:
    rows = studio.joins.bench.layers.list
    return [rows.item(row).text() for row in range(rows.count())]


def test_a_group_has_a_header_that_folds(grouped: Studio, qtbot: QtBot) -> None:
    rows = grouped.joins.bench.layers.list
    assert listed(grouped) == ["group 1", "layer 2", "layer 1", "photo"]
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: listed(grouped) == ["group 1", "photo"])
    QTest.keyClick(rows, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(listed(grouped)) == 4)


def test_a_click_on_the_chevron_folds(grouped: Studio, qtbot: QtBot) -> None:
    rows = grouped.joins.bench.layers.list
    spot = rows.visualItemRect(rows.item(0)).center()
    spot.setX(44)
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: listed(grouped) == ["group 1", "photo"])


def test_opacity_blend_name_eye_and_lock_of_a_group(grouped: Studio) -> None:
    panel, document = grouped.joins.bench.layers, grouped.joins.document
    steps = document.history.count()
    for percent in (80, 60):
        panel.values.opacity.set_value(percent)
    panel.values.blend.activated.emit(panel.values.blend.findData("multiply"))
    panel.list.item(header(grouped)).setText("sky")
    panel._toggle(header(grouped))
    grouped.window.commands["lock_layer"].trigger()
    group = document.layers[2].groups[0]
    assert (group.opacity, group.blend, group.name) == (0.6, "multiply", "sky")
    assert (group.visible, group.locked) == (False, True)
    assert document.history.count() == steps + 5


def test_removing_a_group_removes_its_members_in_one_step(grouped: Studio) -> None:
    document = grouped.joins.document
    grouped.window.commands["remove_layer"].trigger()
    assert listed(grouped) == ["photo"]
    document.history.undo()
    assert listed(grouped) == ["group 1", "layer 2", "layer 1", "photo"]


def test_merging_a_group_leaves_one_layer(grouped: Studio) -> None:
    grouped.window.commands["merge_down"].trigger()
    assert listed(grouped) == ["group 1", "photo"]
    assert not grouped.joins.document.layers[1].groups


def drop(studio: Studio, chosen: list[int], row: int, share: float, qtbot: QtBot) -> None:
    """Drop chosen rows at that height of a row."""
    rows = studio.joins.bench.layers.list
    rows.clearSelection()
    rows.setCurrentRow(chosen[0])
    for each in chosen:
        rows.item(each).setSelected(True)
    area = rows.visualItemRect(rows.item(row))
    spot = QPointF(area.center().x(), area.top() + share * area.height())
    none, held = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    data = rows.mimeData(rows.selectedItems())
    event = QDropEvent(spot, Qt.DropAction.MoveAction, data, held, none)
    with qtbot.waitSignal(studio.joins.document.layers_changed):
        rows.dropEvent(event)


@pytest.mark.parametrize(
    ("chosen", "row", "share", "expected", "inside"),
    [
        ([3], 0, 0.5, ["group 1", "photo", "layer 2", "layer 1"], 3),
        ([3], 2, 0.9, ["group 1", "layer 2", "layer 1", "photo"], 3),
        ([2], 3, 0.9, ["group 1", "layer 2", "photo", "layer 1"], 1),
        ([0], 3, 0.9, ["photo", "group 1", "layer 2", "layer 1"], 2),
        ([1, 2], 3, 0.9, ["photo", "group 1", "layer 2", "layer 1"], 2),
    ],
)
def test_layers_are_dragged_into_a_group_out_of_it_and_with_it(
    grouped: Studio,
    qtbot: QtBot,
    chosen: list[int],
    row: int,
    share: float,
    expected: list[str],
    inside: int,
) -> None:
    drop(grouped, chosen, row, share, qtbot)
    assert listed(grouped) == expected
    assert sum(len(layer.groups) for layer in grouped.joins.document.layers) == inside


def test_several_chosen_layers_are_removed_and_copied_at_once(layered: Studio) -> None:
    rows, commands = layered.joins.bench.layers.list, layered.window.commands
    document = layered.joins.document
    rows.item(1).setSelected(True)
    commands["duplicate_layer"].trigger()
    assert len(document.layers) == 5
    document.history.undo()
    rows.setCurrentRow(0)
    rows.item(1).setSelected(True)
    steps = document.history.index()
    commands["remove_layer"].trigger()
    assert listed(layered) == ["photo"]
    assert document.history.index() == steps + 1


def test_a_merge_that_would_be_seen_is_asked_about(layered: Studio) -> None:
    document, commands = layered.joins.document, layered.window.commands
    low, top = document.layers[1:]
    area = Rect(10, 10, 40, 40)
    for layer, grey in ((low, 120), (top, 200)):
        document.paint(layer, area, np.full((40, 40, 4), (grey, grey, grey, 255), np.uint8))
    document.set_layer(low, blend="multiply")
    commands["merge_down"].trigger()
    assert len(document.layers) == 3
    assert "how it looks" in layered.window.messages.text


@pytest.mark.parametrize("lock", ["locked", "alpha_locked"])
def test_a_locked_layer_is_not_cleared_and_words_say_so(layered: Studio, lock: str) -> None:
    document = layered.joins.document
    assert document.active is not None
    document.set_layer(document.active, **{lock: True})
    steps = document.history.count()
    layered.window.commands["clear_layer"].trigger()
    assert document.history.count() == steps
    assert "locked" in layered.window.messages.text

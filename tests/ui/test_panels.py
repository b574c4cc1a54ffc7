from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.document.edits import AddLayer
from studio.document.layer import Layer
from tests.ui.conftest import SCRIPTED, StudioOf, show


@pytest.fixture
def layered(with_photo: Studio) -> Studio:
    """A picture of three layers: photo, two, three."""
    document = with_photo.joins.document
    for name in ("two", "three"):
        document.history.push(AddLayer(document, Layer(name)))
    return with_photo


def names(studio: Studio) -> list[str]:
    """As the list shows them, the top one first."""
    rows = studio.joins.bench.layers.list
    return [rows.item(row).text() for row in range(rows.count())]


def test_the_top_layer_is_listed_first(layered: Studio) -> None:
    assert names(layered) == ["three", "two", "photo"]


def test_a_click_chooses_a_layer(layered: Studio, qtbot: QtBot) -> None:
    rows = layered.joins.bench.layers.list
    centre = rows.visualItemRect(rows.item(2)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    document = layered.joins.document
    qtbot.waitUntil(lambda: document.active is document.layers[0])


def test_the_eye_hides_a_layer_and_undo_shows_it(layered: Studio) -> None:
    rows, document = layered.joins.bench.layers.list, layered.joins.document
    area = rows.visualItemRect(rows.item(2))
    spot = area.center()
    spot.setX(area.left() + 12)
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert not document.layers[0].visible
    document.history.undo()
    assert document.layers[0].visible


def test_layers_move_and_go_and_come_back(layered: Studio) -> None:
    commands, document = layered.window.commands, layered.joins.document
    document.set_active(document.layers[0])
    commands["layer_up"].trigger()
    assert names(layered) == ["three", "photo", "two"]
    commands["remove_layer"].trigger()
    assert names(layered) == ["three", "two"]
    document.history.undo()
    document.history.undo()
    assert names(layered) == ["three", "two", "photo"]


def test_one_drag_of_the_opacity_is_one_step_back(layered: Studio) -> None:
    panel, document = layered.joins.bench.layers, layered.joins.document
    steps = document.history.count()
    for value in (90, 70, 50):
        panel.values.opacity.set_value(value)
    panel.values.opacity.value_settled.emit()
    assert document.active is not None
    assert document.active.opacity == 0.5
    assert document.history.count() == steps + 1


def test_a_name_can_be_changed(layered: Studio) -> None:
    rows = layered.joins.bench.layers.list
    rows.item(1).setText("sky")
    assert layered.joins.document.layers[1].name == "sky"


def test_mask_strength_and_tint(with_photo: Studio) -> None:
    masks, mask = with_photo.joins.bench.masks, with_photo.joins.document.masks.active
    masks.strength.set_value(40)
    assert mask.strength == pytest.approx(0.4)
    masks._toggle(0)
    assert not mask.visible
    with_photo.joins.document.history.undo()
    with_photo.joins.document.history.undo()
    assert (mask.visible, mask.strength) == (True, 1.0)


def test_the_queue_lists_jobs_and_its_cross_cancels(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    studio = studio_of(SCRIPTED)
    show(studio, photo, qtbot)
    studio.window.bar.prompt.set_text("wait for it")
    for _ in range(2):
        studio.joins.flows.generate()
    panel, queue = studio.joins.bench.queue, studio.joins.queue
    assert [one.job for one in panel.entries.now()] == [1, 2]
    panel.list.closed.emit(2)
    assert queue.line.job(2) is not None
    assert [job.state for job in queue.line.jobs()][1] == "cancelled"
    assert [one.job for one in panel.entries.now()] == [1]
    studio.joins.flows.generation.stop()

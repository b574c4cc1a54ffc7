from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits import MoveFrame
from studio.ui.panels.history import HistoryPanel
from tests.ui.conftest import StudioOf, stroke


@pytest.fixture
def panel(with_photo: Studio, qtbot: QtBot) -> HistoryPanel:
    """The list after a stroke, an inversion and a new layer."""
    commands = with_photo.window.commands
    commands["history"].trigger()
    stroke(with_photo, (40, 30), (50, 34))
    commands["invert_mask"].trigger()
    commands["add_layer"].trigger()
    panel = with_photo.joins.bench.history
    qtbot.waitUntil(lambda: panel.list.count() == 4)
    return panel


def test_the_steps_are_named(panel: HistoryPanel) -> None:
    names = [panel.list.item(row).text() for row in range(panel.list.count())]
    assert names == ["Beginning", "Paint mask", "Invert mask", "New layer"]
    assert panel.list.currentRow() == 3


def _is_at(document: Document, index: int) -> bool:
    return document.history.index() == index


@pytest.mark.parametrize("row", [0, 1, 2])
def test_a_click_goes_to_that_state_and_the_last_comes_back(
    panel: HistoryPanel, with_photo: Studio, qtbot: QtBot, row: int
) -> None:
    document, rows = with_photo.joins.document, panel.list
    for wanted in (row, 3):
        rows.scrollToItem(rows.item(wanted))
        centre = rows.visualItemRect(rows.item(wanted)).center()
        QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=centre)
        qtbot.waitUntil(partial(_is_at, document, wanted))
    assert len(document.layers) == 2
    assert rows.count() == 4


def test_undo_by_key_is_followed(panel: HistoryPanel, with_photo: Studio, qtbot: QtBot) -> None:
    with_photo.window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: panel.list.currentRow() == 2)


def test_the_memory_for_undo_is_kept_for_the_next_start(studio_of: StudioOf) -> None:
    first = studio_of()
    first.joins.bench.history._take_budget(512)
    first.joins.flows.recall.remember()
    assert studio_of().joins.document.history.budget == 512 << 20


def test_a_budget_of_nonsense_is_moved_into_its_range(studio_of: StudioOf) -> None:
    first = studio_of()
    first.settings.update(undo_megabytes=-5)
    first.joins.flows.recall.restore()
    assert first.joins.document.history.budget == 128 << 20


def test_each_step_shows_the_place_that_it_changed(
    panel: HistoryPanel, with_photo: Studio, qtbot: QtBot
) -> None:
    with_photo.window.commands["clear_mask"].trigger()
    stroke(with_photo, (20, 20), (24, 22))
    last = with_photo.joins.document.history.count()
    qtbot.waitUntil(lambda: panel.pictures.picture(last) is not None)
    picture = panel.pictures.picture(last)
    assert picture is not None
    tint, plain = picture.pixelColor(picture.rect().center()), picture.pixelColor(1, 1)
    assert tint.red() - tint.green() > plain.red() - plain.green() + 20
    assert not panel.list.item(last).icon().isNull()


def test_pictures_of_steps_that_are_gone_are_forgotten(
    panel: HistoryPanel, with_photo: Studio, qtbot: QtBot
) -> None:
    history = with_photo.joins.document.history
    for step in range(3):
        stroke(with_photo, (20 + 8 * step, 20), (24 + 8 * step, 22))
        qtbot.waitUntil(lambda: panel.pictures.picture(history.index()) is not None)
    history.setIndex(0)
    stroke(with_photo, (50, 40), (54, 42))
    qtbot.waitUntil(lambda: panel.pictures.picture(1) is not None)
    assert len(panel.pictures._pictures) <= 2


def test_a_step_without_a_place_has_no_picture(panel: HistoryPanel, with_photo: Studio) -> None:
    document = with_photo.joins.document
    document.history.push(MoveFrame(document, Rect(0, 0, 64, 64)))
    panel.pictures._draw()
    assert panel.pictures.picture(document.history.count()) is None

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.ui.dialogs.amounts import Amounts
from tests.ui.conftest import stroke


def asked(studio: Studio) -> Amounts:
    """The small dialog that is open."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Amounts)
    return dialog


def names(studio: Studio) -> list[str]:
    """As the list shows them."""
    rows = studio.joins.bench.masks.list
    return [rows.item(row).text() for row in range(rows.count())]


@pytest.mark.parametrize(
    ("key", "wider"), [("grow_mask", True), ("feather_mask", True), ("shrink_mask", False)]
)
def test_the_mask_is_reshaped_by_the_radius_that_is_asked_for(
    with_photo: Studio, key: str, wider: bool
) -> None:
    document, commands = with_photo.joins.document, with_photo.window.commands
    stroke(with_photo, (40, 30), (50, 34))
    before = document.masks.active.bounds()
    commands[key].trigger()
    asked(with_photo).sliders[0].set_value(3)
    asked(with_photo).accept()
    assert (document.masks.active.bounds().width > before.width) is wider
    assert document.history.count() == 2


def test_the_radius_is_kept_for_the_next_time(with_photo: Studio) -> None:
    commands = with_photo.window.commands
    stroke(with_photo, (40, 30), (50, 34))
    commands["border_mask"].trigger()
    asked(with_photo).sliders[0].set_value(5)
    asked(with_photo).accept()
    commands["grow_mask"].trigger()
    assert asked(with_photo).sliders[0].value_now() == 5
    asked(with_photo).reject()
    assert with_photo.joins.document.history.count() == 2


def test_masks_are_added_listed_and_removed(with_photo: Studio) -> None:
    document, commands = with_photo.joins.document, with_photo.window.commands
    commands["add_mask"].trigger()
    assert document.masks.active is document.masks.all[1]
    assert len(names(with_photo)) == 2
    assert len(set(names(with_photo))) == 2
    commands["remove_mask"].trigger()
    assert len(names(with_photo)) == 1


def test_the_last_mask_is_only_cleared(with_photo: Studio) -> None:
    document = with_photo.joins.document
    stroke(with_photo, (40, 30), (50, 34))
    with_photo.window.commands["remove_mask"].trigger()
    assert document.masks.active.bounds().empty
    assert len(document.masks.all) == 1


def test_a_click_chooses_the_mask_that_tools_paint(with_photo: Studio, qtbot: QtBot) -> None:
    document, rows = with_photo.joins.document, with_photo.joins.bench.masks.list
    with_photo.window.commands["add_mask"].trigger()
    centre = rows.visualItemRect(rows.item(0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    qtbot.waitUntil(lambda: document.masks.active is document.masks.all[0])


def test_a_mask_is_renamed_in_the_list(with_photo: Studio) -> None:
    with_photo.joins.bench.masks.list.item(0).setText("sky")
    assert with_photo.joins.document.masks.active.name == "sky"


def test_a_copy_of_a_mask_has_its_densities(with_photo: Studio) -> None:
    document = with_photo.joins.document
    stroke(with_photo, (40, 30), (50, 34))
    with_photo.window.commands["duplicate_mask"].trigger()
    first, copy = document.masks.all
    assert copy.bounds() == first.bounds()
    assert copy is document.masks.active


def test_a_layer_becomes_the_mask(with_photo: Studio) -> None:
    document = with_photo.joins.document
    with_photo.window.commands["mask_from_layer"].trigger()
    assert document.masks.active.bounds() == document.bounds


def test_a_colour_becomes_the_mask(with_photo: Studio) -> None:
    document, work = with_photo.joins.document, with_photo.joins.flows.mask_work
    work._ask_tolerance(QColor(0, 0, 90))
    asked(with_photo).sliders[0].set_value(20)
    asked(with_photo).accept()
    assert not document.masks.active.bounds().empty
    assert document.masks.active.bounds() != document.bounds


def test_an_exported_mask_comes_back_as_it_was(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    document, work = with_photo.joins.document, with_photo.joins.flows.mask_work
    stroke(with_photo, (40, 30), (50, 34))
    before = document.masks.active.read(document.bounds)
    path = tmp_path / "mask.png"
    work.export_to(path)
    qtbot.waitUntil(lambda: "mask.png" in with_photo.window.messages.text)
    assert QImage(str(path)).width() == document.bounds.width
    with_photo.window.commands["clear_mask"].trigger()
    with qtbot.waitSignal(document.masks.changed):
        work.import_from(path)
    assert (document.masks.active.read(document.bounds) == before).all()


def test_a_mask_that_is_no_picture_is_refused_with_words(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "mask.png"
    path.write_bytes(b"not a picture")
    with_photo.joins.flows.mask_work.import_from(path)
    qtbot.waitUntil(lambda: bool(with_photo.window.messages.text))
    assert with_photo.joins.document.masks.active.bounds().empty


def test_the_dots_unfold_all_that_can_be_done_with_a_mask(with_photo: Studio) -> None:
    menu = with_photo.joins.bench.masks._more.menu()
    shown: set[str] = {QObject.objectName(action) for action in menu.actions()}
    assert {"grow_mask", "fill_holes", "mask_from_colour", "import_mask"} <= shown


def test_a_run_does_not_take_hidden_masks_for_none(with_photo: Studio, qtbot: QtBot) -> None:
    document, joins = with_photo.joins.document, with_photo.joins
    stroke(with_photo, (40, 30), (50, 34))
    document.masks.set_properties(document.masks.active, visible=False)
    with qtbot.waitSignal(joins.flows.generation.masks_hidden):
        assert joins.flows.generation.start() is None
    assert joins.queue.line.jobs() == ()

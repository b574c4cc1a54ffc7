"""What the window says and asks about a picture's file."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect
from tests.ui.conftest import StudioOf, show, stroke


def save_as(studio: Studio, path: Path, qtbot: QtBot) -> None:
    """Name the picture once it is safe, and wait until it lies there."""
    qtbot.waitUntil(lambda: studio.window.safe.text == "safe")
    with qtbot.waitSignal(studio.joins.flows.safe.session.named):
        studio.joins.flows.safe.session.save_as(path)


def shown_box() -> QMessageBox:
    """The question of the moment."""
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    return box


def press(box: QMessageBox, text: str) -> None:
    """One of its buttons."""
    next(each for each in box.findChildren(QPushButton) if each.text() == text).click()


def test_a_named_picture_says_its_name(with_photo: Studio, tmp_path: Path, qtbot: QtBot) -> None:
    save_as(with_photo, tmp_path / "house.sfumato", qtbot)
    assert with_photo.window.windowTitle() == "house — Sfumato"
    assert "Saved as house.sfumato" in with_photo.window.messages.text
    assert with_photo.settings.values.recent[0] == str(tmp_path / "house.sfumato")
    # The prompt's settings follow half a second after the picture; until they lie there too,
    # the answer is another one.
    qtbot.waitUntil(lambda: with_photo.window.safe.text == "safe")
    with_photo.window.commands["save"].trigger()
    assert "every stroke goes into it" in with_photo.window.messages.text


def test_a_project_opens_by_drop_with_its_masks(
    studio_of: StudioOf, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    stroke(first, (40, 30), (50, 34))
    save_as(first, tmp_path / "house.sfumato", qtbot)
    first.close()
    second = studio_of()
    with qtbot.waitSignal(second.joins.flows.safe.session.arrived):
        second.joins.flows.intake.take_files([tmp_path / "house.sfumato"])
    assert not second.joins.document.masks.bounds().empty
    assert second.window.commands["undo"].isEnabled()


def test_a_picture_that_another_window_has_is_said(
    studio_of: StudioOf, photo: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first, second = studio_of(), studio_of()
    show(first, photo, qtbot)
    save_as(first, tmp_path / "house.sfumato", qtbot)
    with qtbot.waitSignal(second.joins.flows.safe.session.arrived):
        second.joins.flows.intake.open(tmp_path / "house.sfumato")
    assert "another window" in second.window.messages.text
    assert "Save a copy…" in [each.text() for each in second.window.messages.choices]


def test_what_the_disk_does_not_take_is_said_and_asked_about(
    studio: Studio, own_folders: Path, photo: Path, qtbot: QtBot
) -> None:
    (own_folders / "data" / "pictures").write_bytes(b"not a folder")
    show(studio, photo, qtbot)
    qtbot.waitUntil(lambda: studio.window.safe.text == "not safe")
    assert studio.window.messages.text
    left: list[bool] = []
    studio.joins.flows.safe.projects.before_leaving(lambda: left.append(True))
    assert not left
    press(shown_box(), "Leave without them")
    assert left == [True]
    (own_folders / "data" / "pictures").unlink()
    studio.joins.flows.safe.session.journal.pen.try_again()
    qtbot.waitUntil(lambda: studio.window.safe.text == "safe")
    assert "on the disk again" in studio.window.messages.text


def test_unnamed_pictures_are_listed_opened_and_forgotten(with_photo: Studio, qtbot: QtBot) -> None:
    stroke(with_photo, (40, 30), (50, 34))
    qtbot.waitUntil(lambda: with_photo.window.safe.text == "safe")
    with_photo.window.commands["close_picture"].trigger()
    assert not with_photo.joins.document.has_picture
    menu, session = with_photo.joins.flows.menus.unnamed, with_photo.joins.flows.safe.session
    with_photo.joins.flows.unnamed.fill()
    assert menu.actions()[0].text().startswith("photo ")
    with qtbot.waitSignal(session.arrived):
        menu.actions()[0].trigger()
    assert with_photo.joins.document.bounds == Rect(0, 0, 96, 64)
    with_photo.window.commands["close_picture"].trigger()
    qtbot.waitUntil(lambda: session.journal.pen.state == "idle")
    with_photo.joins.flows.unnamed.fill()
    menu.actions()[-1].trigger()
    qtbot.waitUntil(lambda: with_photo.joins.flows.safe.desk.idle)
    press(shown_box(), "Forget them")
    assert not session.unnamed.all()


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_the_mark_follows_the_theme(with_photo: Studio, theme: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: with_photo.window.safe.text == "safe")
    before = with_photo.window.safe._dot.colour
    with_photo.joins.change_theme(theme)
    assert with_photo.window.safe._dot.colour != before

import pytest
from PySide6.QtWidgets import QDialog, QMessageBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect, Size
from studio.ui.dialogs.new_canvas import NewCanvas
from studio.ui.message_strip import Choice


def asked(studio: Studio) -> NewCanvas:
    """The form that 'New canvas' opens."""
    studio.window.commands["new"].trigger()
    dialog = studio.window.findChild(NewCanvas)
    assert dialog is not None
    return dialog


def test_a_new_canvas_has_the_size_and_the_ground_that_were_asked_for(studio: Studio) -> None:
    dialog = asked(studio)
    dialog.fields.width_box.setValue(300)
    dialog.fields.height_box.setValue(200)
    dialog.ground.setCurrentIndex(dialog.ground.findText("Black"))
    dialog.accept()
    document = studio.joins.document
    assert document.bounds == Rect(0, 0, 300, 200)
    assert document.composite(document.bounds)[10, 10].tolist() == [0, 0, 0, 255]


def test_a_canvas_of_too_many_pixels_cannot_be_entered(studio: Studio) -> None:
    dialog = asked(studio)
    dialog.fields.width_box.setValue(99_999)
    dialog.fields.height_box.setValue(99_999)
    assert dialog.fields.value() == Size(16384, 16384)
    dialog.reject()


@pytest.mark.parametrize(("shape", "wider"), [("16:9", True), ("9:16", False)])
def test_a_shape_sets_both_edges(studio: Studio, shape: str, wider: bool) -> None:
    dialog = asked(studio)
    next(each for each in dialog.findChildren(QPushButton) if each.text() == shape).click()
    size = dialog.fields.value()
    assert (size.width > size.height) == wider
    assert size.width % 8 == size.height % 8 == 0
    dialog.reject()


def test_details_shows_the_log_behind_a_message(studio: Studio) -> None:
    studio.window.messages.warn("It broke.", "line one\nline two")
    studio.window.messages.details_requested.emit("line one\nline two")
    dialog = next(each for each in studio.window.findChildren(QDialog) if each.isVisible())
    field = dialog.findChild(QPlainTextEdit)
    assert field is not None
    assert field.toPlainText() == "line one\nline two"
    dialog.reject()


def test_about_names_version_and_log(studio: Studio) -> None:
    studio.window.commands["about"].trigger()
    box = studio.window.findChild(QMessageBox)
    assert box is not None
    assert box.text().startswith("Sfumato 0")
    assert "log" in box.informativeText().lower()
    box.reject()


def test_an_exception_that_nobody_caught_is_told_and_the_picture_stays(
    with_photo: Studio, qtbot: QtBot
) -> None:
    with_photo.joins.report("Traceback ...\nValueError: what")
    assert "Your picture is still here" in with_photo.window.messages.text
    assert with_photo.joins.document.has_picture


def test_a_message_goes_by_itself_but_a_question_stays(studio: Studio) -> None:
    messages = studio.window.messages
    messages.say("Done.")
    assert messages.passing
    messages.say("Which?", [Choice("This", lambda: None)])
    assert not messages.passing

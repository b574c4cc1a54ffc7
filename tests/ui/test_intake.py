from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from studio import paths
from studio.app import Studio
from studio.document.files.image import export_image
from studio.document.files.metadata import Recipe
from tests.ui.conftest import photo_at, show, stroke

RECIPE = Recipe("a pink lake", "fog", "starter", "ddim", "default", 7, 4.5, 0.6, 42, 64, 64)


def drop(widget: QWidget, data: QMimeData) -> None:
    """Drop it into the middle of the widget, as a file manager would."""
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none, at = Qt.KeyboardModifier.NoModifier, widget.rect().center()
    QApplication.sendEvent(widget, QDragEnterEvent(at, copy, data, left, none))
    QApplication.sendEvent(widget, QDropEvent(QPointF(at), copy, data, left, none))


def drop_files(studio: Studio, *files: Path) -> None:
    """Drop files on the canvas."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    drop(studio.joins.bench.canvas, data)


def choice(studio: Studio, text: str) -> QPushButton:
    """The button of the message that says so."""
    return next(each for each in studio.window.messages.choices if each.text() == text)


def made(path: Path, recipe: Recipe | None = RECIPE) -> Path:
    """A PNG that tells how it was made."""
    export_image(path, np.full((32, 48, 4), 255, np.uint8), recipe)
    return path


def test_a_sample_opens_with_a_click(studio: Studio, qtbot: QtBot) -> None:
    samples = [each for each in studio.window.empty.children() if each.objectName() == "sample"]
    with qtbot.waitSignal(studio.joins.flows.intake.opened):
        samples[0].click()  # type: ignore[attr-defined]
    assert studio.joins.document.has_picture
    assert studio.window.empty.isHidden()


def test_a_dropped_picture_opens(studio: Studio, photo: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(studio.joins.flows.intake.opened):
        drop_files(studio, photo)
    assert studio.joins.document.name == "photo"


def test_a_second_picture_can_become_a_layer(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    drop_files(with_photo, photo_at(tmp_path / "other.png", 20, 10))
    qtbot.waitUntil(lambda: bool(with_photo.window.messages.choices))
    choice(with_photo, "Add as layer").click()
    assert [each.name for each in with_photo.joins.document.layers] == ["photo", "other"]


def test_a_picture_that_tells_how_it_was_made_gives_its_settings(
    studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    drop_files(studio, made(tmp_path / "made.png"))
    qtbot.waitUntil(lambda: bool(studio.window.messages.choices))
    choice(studio, "Use its settings").click()
    gear = studio.joins.bench.gear
    assert studio.window.bar.prompt.text() == "a pink lake"
    assert gear.negative.text() == "fog"
    assert gear.seed.locked()
    order = gear.order("", gear.seed.for_next_run())
    assert order is not None
    assert (order.steps, order.guidance, order.strength, order.seed) == (7, 4.5, 0.6, 42)
    assert order.sampler == "ddim"


def test_pasted_pixels_become_the_picture_and_then_a_layer(studio: Studio) -> None:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 30))
    QGuiApplication.clipboard().setImage(image)
    studio.window.commands["paste"].trigger()
    document = studio.joins.document
    assert document.composite(document.bounds)[0, 0].tolist() == [10, 20, 30, 255]
    studio.window.commands["paste"].trigger()
    assert len(document.layers) == 2


def test_an_empty_clipboard_is_said(studio: Studio) -> None:
    QGuiApplication.clipboard().clear()
    studio.window.commands["paste"].trigger()
    assert "no picture in the clipboard" in studio.window.messages.text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.png", b""),
        ("truncated.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("notes.txt", b"not a picture"),
        ("missing.png", None),
    ],
)
def test_a_bad_file_gets_a_sentence_and_nothing_is_lost(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot, name: str, content: bytes | None
) -> None:
    bad = tmp_path / name
    if content is not None:
        bad.write_bytes(content)
    document = with_photo.joins.document
    before = document.composite(document.bounds)
    with qtbot.waitSignal(with_photo.joins.flows.intake.refused):
        drop_files(with_photo, bad)
    assert name in with_photo.window.messages.text
    assert np.array_equal(document.composite(document.bounds), before)


def test_a_pickled_model_is_refused_with_the_reason(
    studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    pickled = tmp_path / "old.ckpt"
    pickled.write_bytes(b"\x80\x02}q\x00.")
    drop_files(studio, pickled)
    with qtbot.waitSignal(studio.joins.flows.models.refused):
        choice(studio, "Add model").click()
    assert len(studio.window.messages.text) > 20


def test_a_model_folder_is_offered_and_added(studio: Studio, qtbot: QtBot) -> None:
    drop_files(studio, paths.starter_model())
    with qtbot.waitSignal(studio.joins.flows.models.chosen):
        choice(studio, "Add model").click()
    assert "on your list" in studio.window.messages.text


def test_opening_another_picture_asks_nothing_as_the_first_one_is_kept(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    stroke(with_photo, (40, 30), (50, 34))
    show(with_photo, photo_at(tmp_path / "other.png", 20, 10), qtbot)
    assert QApplication.activeModalWidget() is None
    assert with_photo.joins.document.name == "other"
    unnamed = with_photo.joins.flows.safe.session.unnamed
    qtbot.waitUntil(lambda: [each.name for each in unnamed.all()] == ["other", "photo"])


def test_a_new_picture_drops_takes_and_runs_of_the_old_one(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    joins = with_photo.joins
    QTest.keyClick(
        with_photo.window.bar.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    assert [job.state for job in joins.queue.line.jobs()] == ["planned"]
    show(with_photo, photo_at(tmp_path / "other.png", 20, 10), qtbot)
    assert not joins.flows.generation.running
    qtbot.waitUntil(joins.bench.takes.isHidden)


def test_the_samples_are_seen_once_the_window_is_painted(studio: Studio) -> None:
    samples = [
        each
        for each in studio.window.empty.findChildren(QToolButton)
        if each.objectName() == "sample"
    ]
    assert len(samples) == 3
    for each in samples:
        image = each.icon().pixmap(each.iconSize()).toImage()
        assert image.pixelColor(image.rect().center()).alpha() == 255

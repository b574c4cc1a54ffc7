from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from studio.app import Studio
from tests.ui.conftest import StudioOf, show, stroke


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_a_picture_is_exported(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot, suffix: str
) -> None:
    target = tmp_path / f"out.{suffix}"
    with qtbot.waitSignal(with_photo.joins.flows.saving.exported):
        with_photo.joins.flows.saving.export(target)
    with Image.open(target) as file:
        assert file.size == (96, 64)
    assert "Exported to" in with_photo.window.messages.text


def test_what_is_painted_while_a_file_is_written_is_not_in_it(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    document = with_photo.joins.document
    before = document.composite(document.bounds)
    with qtbot.waitSignal(with_photo.joins.flows.saving.exported):
        with_photo.joins.flows.saving.export(tmp_path / "out.png")
        document.paint(document.layers[0], document.bounds, np.zeros_like(before))
    with Image.open(tmp_path / "out.png") as file:
        assert np.array_equal(np.asarray(file.convert("RGBA")), before)


@pytest.mark.parametrize("name", ["out.xyz", "missing-folder/out.png"])
def test_a_target_that_cannot_be_written_is_said(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    with qtbot.waitSignal(with_photo.joins.flows.saving.refused):
        with_photo.joins.flows.saving.export(tmp_path / name)
    assert with_photo.window.messages.text


@pytest.mark.parametrize("key", ["export", "save"])
def test_a_picture_without_a_name_is_asked_where_to(with_photo: Studio, key: str) -> None:
    with_photo.window.commands[key].trigger()
    dialog = with_photo.window.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.reject()


def test_leaving_a_picture_asks_nothing(with_photo: Studio) -> None:
    stroke(with_photo, (40, 30), (50, 34))
    left: list[bool] = []
    with_photo.joins.flows.safe.projects.before_leaving(lambda: left.append(True))
    assert left == [True]
    assert QApplication.activeModalWidget() is None


def test_the_mark_says_safe_once_the_stroke_is_on_the_disk(
    with_photo: Studio, qtbot: QtBot
) -> None:
    stroke(with_photo, (40, 30), (50, 34))
    assert with_photo.window.safe.text == "writing"
    qtbot.waitUntil(lambda: with_photo.window.safe.text == "safe")
    assert "safe" in with_photo.window.safe.accessibleName()


def test_what_was_painted_is_back_at_the_next_start(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    stroke(first, (40, 30), (50, 34))
    masked = first.joins.document.masks.active.read(first.joins.document.bounds)
    first.close()
    second = studio_of()
    with qtbot.waitSignal(second.joins.flows.safe.session.arrived):
        pass
    document = second.joins.document
    assert np.array_equal(document.masks.active.read(document.bounds), masked)
    second.window.commands["undo"].trigger()
    assert document.masks.active.pixels.bounds().empty
    assert "no name yet" in second.window.messages.text

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from studio.app import Studio
from tests.ui.conftest import stroke


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


def test_ctrl_s_asks_where_to(with_photo: Studio) -> None:
    with_photo.window.commands["export"].trigger()
    dialog = with_photo.window.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.reject()


def test_an_exported_picture_closes_without_a_question(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    stroke(with_photo, (40, 30), (50, 34))
    assert with_photo.window.windowTitle().startswith("photo*")
    with qtbot.waitSignal(with_photo.joins.flows.saving.exported):
        with_photo.joins.flows.saving.export(tmp_path / "out.png")
    assert with_photo.window.windowTitle().startswith("photo —")


def test_closing_unsaved_work_asks_and_cancel_keeps_the_window(with_photo: Studio) -> None:
    stroke(with_photo, (40, 30), (50, 34))
    with_photo.window.close()
    box = QApplication.activeModalWidget()
    assert box is not None
    next(each for each in box.findChildren(QPushButton) if each.text() == "Cancel").click()
    assert with_photo.window.isVisible()

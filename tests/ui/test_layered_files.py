from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.document.files.exchange import export_picture, open_picture
from tests.document.files.pictures import described, rich, same_pixels
from tests.ui.test_intake import choice, drop


@pytest.mark.parametrize("suffix", ["ora", "psd"])
def test_a_file_with_layers_opens_with_all_of_them(
    studio: Studio, tmp_path: Path, suffix: str, qtbot: QtBot
) -> None:
    path = tmp_path / f"rich.{suffix}"
    export_picture(path, rich())
    with qtbot.waitSignal(studio.joins.flows.intake.opened):
        studio.joins.flows.intake.open(path)
    shown = studio.joins.document.contents.layered()
    assert same_pixels(shown, rich())
    assert studio.joins.document.name == "rich"
    assert studio.joins.document.active is not None


@pytest.mark.parametrize("suffix", ["ora", "psd"])
def test_export_keeps_the_layers(studio: Studio, tmp_path: Path, suffix: str, qtbot: QtBot) -> None:
    first = tmp_path / "first.ora"
    export_picture(first, rich())
    with qtbot.waitSignal(studio.joins.flows.intake.opened):
        studio.joins.flows.intake.open(first)
    with qtbot.waitSignal(studio.joins.flows.saving.exported):
        studio.joins.flows.saving.export(tmp_path / f"second.{suffix}")
    found = open_picture(tmp_path / f"second.{suffix}")
    assert same_pixels(found, rich())
    if suffix == "ora":
        assert described(found) == described(rich())


def test_layers_that_are_dropped_on_a_picture_become_a_group(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rich.ora"
    export_picture(path, rich())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop(with_photo.joins.bench.canvas, data)
    qtbot.waitUntil(lambda: bool(with_photo.window.messages.choices))
    choice(with_photo, "Add its layers").click()
    document = with_photo.joins.document
    assert len(document.layers) == 1 + len(rich().layers)
    assert {each.groups[0].name for each in document.layers[1:]} == {"rich"}
    document.history.undo()
    assert len(document.layers) == 1


def test_a_damaged_file_is_refused_and_the_picture_stays(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "bad.ora"
    path.write_bytes(b"PK\3\4 and nothing more")
    with qtbot.waitSignal(with_photo.joins.flows.intake.refused):
        with_photo.joins.flows.intake.open(path)
    assert with_photo.joins.document.name == "photo"

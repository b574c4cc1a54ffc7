from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.document.files.encode import KINDS, OWN, Choices
from studio.document.files.image import open_image
from studio.ui.dialogs.export import ExportDialog
from tests.document.files.conftest import swapped_profile
from tests.ui.conftest import photo_at, show


def asked(studio: Studio, path: Path) -> ExportDialog:
    """The form that follows the choice of a file."""
    studio.joins.flows.saving.ask_how(path)
    dialog = studio.window.findChild(ExportDialog)
    assert dialog is not None
    return dialog


@pytest.mark.parametrize(
    ("suffix", "quality", "deep"), [("png", 0, 1), ("jpg", 1, 0), ("tif", 0, 0)]
)
def test_only_what_the_format_leaves_open_is_asked(
    with_photo: Studio, tmp_path: Path, suffix: str, quality: int, deep: int
) -> None:
    dialog = asked(with_photo, tmp_path / f"x.{suffix}")
    assert (dialog.quality.isVisible(), dialog.deep.isVisible()) == (bool(quality), bool(deep))
    dialog.reject()


def test_what_is_chosen_is_written_and_remembered(
    with_photo: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "x.png"
    dialog = asked(with_photo, path)
    dialog.deep.setChecked(True)
    with qtbot.waitSignal(with_photo.joins.flows.saving.exported):
        dialog.accept()
    assert path.read_bytes()[24] == 16
    again = asked(with_photo, tmp_path / "y.png")
    assert again.choices_now().deep
    again.reject()


def test_a_picture_keeps_its_resolution_and_can_go_back_into_its_profile(
    studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    source, target = photo_at(tmp_path / "photo.png"), tmp_path / "x.png"
    with Image.open(source) as image:
        image.save(source, dpi=(300, 300), icc_profile=swapped_profile())
    show(studio, source, qtbot)
    dialog = asked(studio, target)
    dialog.profile.setCurrentIndex(dialog.profile.findData(OWN))
    assert dialog.profile.currentText() == "test built-in, as it came"
    with qtbot.waitSignal(studio.joins.flows.saving.exported):
        dialog.accept()
    origin = open_image(target).origin
    assert origin.title == "test built-in"
    assert origin.resolution == pytest.approx((300, 300), abs=0.1)


def test_another_picture_has_another_origin(studio: Studio, tmp_path: Path, qtbot: QtBot) -> None:
    source = photo_at(tmp_path / "photo.png")
    with Image.open(source) as image:
        image.save(source, icc_profile=swapped_profile())
    show(studio, source, qtbot)
    show(studio, photo_at(tmp_path / "plain.png"), qtbot)
    dialog = asked(studio, tmp_path / "x.png")
    assert dialog.profile.findData(OWN) < 0
    dialog.reject()


def test_a_number_from_older_settings_is_brought_into_range(studio: Studio) -> None:
    usual = Choices(quality=400)
    dialog = ExportDialog(studio.window, "x.jpg", KINDS[".jpg"], usual, "")
    assert dialog.choices_now().quality == 100
    dialog.deleteLater()

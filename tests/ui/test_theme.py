import itertools

import pytest
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from studio import paths
from studio.app import Studio
from studio.ui.icons import Icons
from studio.ui.theme import THEMES, contrast, load

READ = ("text", "muted", "danger", "good", "accent")
UNDER = ("window", "raised", "field")


@pytest.mark.parametrize(
    ("name", "ink", "ground"), list(itertools.product(THEMES, READ, UNDER)), ids="-".join
)
def test_everything_read_has_enough_contrast(name: str, ink: str, ground: str) -> None:
    theme = load(name, paths.resources() / "themes")
    least = 3.0 if ink == "accent" else 4.5  # the accent is for marks and rings, not for words
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= least


@pytest.mark.parametrize("name", THEMES)
def test_words_on_the_accent_can_be_read(name: str) -> None:
    theme = load(name, paths.resources() / "themes")
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.on_accent, theme.accent_hover) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_the_surround_is_neutral(name: str) -> None:
    backdrop = QColor(load(name, paths.resources() / "themes").backdrop)
    assert backdrop.red() == backdrop.green() == backdrop.blue()


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_an_icon_takes_the_colour_of_the_theme(studio: Studio, qapp: QApplication) -> None:
    icon = Icons(paths.resources() / "icons")("check")
    for name, dark in (("dark", False), ("light", True)):
        studio.joins.change_theme(name)
        image = icon.pixmap(32, 32, QIcon.Mode.Normal).toImage()
        inked = [
            image.pixelColor(x, y)
            for x in range(32)
            for y in range(32)
            if image.pixelColor(x, y).alpha() > 200
        ]
        assert inked
        assert all((each.lightness() < 128) == dark for each in inked)


def test_the_canvas_follows_the_theme(studio: Studio) -> None:
    studio.joins.change_theme("light")
    look = studio.joins.bench.canvas.scene.look
    assert look.surround[0] > 150
    assert studio.settings.values.theme == "light"


def test_every_action_has_its_icon_in_the_folder() -> None:
    for path in (paths.resources() / "icons").glob("*.svg"):
        assert not Icons(path.parent)(path.stem).pixmap(20, 20).isNull()

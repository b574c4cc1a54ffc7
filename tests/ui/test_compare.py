import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.canvas.comparison import KINDS, Comparison
from studio.core.geometry import Rect
from studio.core.piece import Piece
from studio.document.files.metadata import Recipe
from studio.ui.compare import Compare, difference
from studio.ui.takes_strip import Take

AREA = Rect(20, 16, 40, 30)


@pytest.fixture
def with_take(with_photo: Studio) -> Studio:
    """A studio with two takes, the first one chosen."""
    strip = with_photo.joins.bench.takes
    strip.set_original(QImage())
    for index in range(2):
        pixels = np.full((30, 40, 4), (200, 40 * index, 0, 255), np.uint8)
        strip.add(Take(1, index, (Piece(AREA, pixels),), Recipe("a house")), QImage())
    return with_photo


def compare(studio: Studio) -> Compare:
    """Its comparison."""
    return studio.joins.flows.compare


def shown(studio: Studio) -> Comparison:
    """What the canvas shows of it."""
    found = studio.joins.bench.canvas.exhibit.comparison
    assert found is not None
    return found


def press(studio: Studio, key: Qt.Key, shift: bool = False) -> None:
    canvas = studio.joins.bench.canvas
    canvas.setFocus()
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(canvas, key, modifier)


def test_a_key_opens_and_closes_it(with_take: Studio) -> None:
    bar = with_take.joins.bench.compare_bar
    press(with_take, Qt.Key.Key_Y)
    assert bar.isVisible()
    assert shown(with_take).kind == "wipe"
    press(with_take, Qt.Key.Key_Y)
    assert bar.isHidden()
    assert with_take.joins.bench.canvas.exhibit.comparison is None


def test_without_a_take_it_says_what_to_do(with_photo: Studio) -> None:
    press(with_photo, Qt.Key.Key_Y)
    assert "Choose a take" in with_photo.window.messages.text
    assert not with_photo.window.commands["compare"].isChecked()


def test_a_key_walks_the_ways(with_take: Studio) -> None:
    press(with_take, Qt.Key.Key_Y)
    seen = []
    for _ in KINDS:
        seen.append(shown(with_take).kind)
        press(with_take, Qt.Key.Key_Y, shift=True)
    assert tuple(seen) == KINDS


def test_the_figures_are_told(with_take: Studio, qtbot: QtBot) -> None:
    press(with_take, Qt.Key.Key_Y)
    bar = with_take.joins.bench.compare_bar
    qtbot.waitUntil(lambda: "PSNR" in bar.told)
    assert bar.told.startswith("outside the mask bit-identical")
    assert "seam" in bar.told
    assert "ring" in bar.told


def test_the_line_is_dragged_on_the_canvas_without_painting(with_take: Studio) -> None:
    canvas = with_take.joins.bench.canvas
    press(with_take, Qt.Key.Key_Y)
    steps = with_take.joins.document.history.count()

    def at(x: float) -> QPoint:
        left, top = canvas.viewport.to_device(x, 30)
        ratio = canvas.devicePixelRatioF()
        return QPoint(round(left / ratio), round(top / ratio))

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(40))
    QTest.mouseMove(canvas, at(50))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(50))
    assert shown(with_take).split == pytest.approx(0.75, abs=0.03)
    assert with_take.joins.document.history.count() == steps


def test_flicker_turns_by_itself_and_not_for_who_asked_for_calm(
    with_take: Studio, qtbot: QtBot
) -> None:
    compare(with_take).choose("flicker")
    press(with_take, Qt.Key.Key_Y)
    with_take.joins.bench.compare_bar.pace.set_value(200)
    qtbot.waitUntil(lambda: not shown(with_take).shown)
    with_take.window.commands["calm"].setChecked(True)
    compare(with_take).choose("difference")
    compare(with_take).choose("flicker")
    assert not compare(with_take)._turns.isActive()
    compare(with_take).choose("flicker")
    assert not shown(with_take).shown


def test_it_follows_the_chosen_take_and_closes_with_the_original(
    with_take: Studio, qtbot: QtBot
) -> None:
    press(with_take, Qt.Key.Key_Y)
    with_take.joins.bench.takes.walk(1)
    assert compare(with_take).open
    with_take.joins.bench.takes.choose_original()
    assert not compare(with_take).open


def test_a_difference_is_what_changed_amplified() -> None:
    before = np.full((4, 4, 4), (100, 100, 100, 255), np.uint8)
    after = before.copy()
    after[1, 1, 0] += np.uint8(20)
    made = difference(before, after, 4)
    assert made[1, 1].tolist() == [80, 0, 0, 255]
    assert made[0, 0].tolist() == [0, 0, 0, 255]

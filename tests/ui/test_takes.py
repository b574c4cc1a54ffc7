from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect
from studio.core.piece import Piece
from studio.document.files.metadata import Recipe
from studio.ui.takes_strip import MOST, Take, TakesStrip
from tests.ui.conftest import SCRIPTED, StudioOf, show, stroke

AREA = Rect(8, 8, 16, 16)


def take(index: int, job: int = 1) -> Take:
    """A take of one colour."""
    pixels = np.full((16, 16, 4), (index * 40, 0, 0, 255), np.uint8)
    return Take(job, index, (Piece(AREA, pixels),), Recipe("a house", seed=index))


@pytest.fixture
def with_takes(with_photo: Studio) -> Studio:
    """A studio with three takes, the first one chosen."""
    strip = with_photo.joins.bench.takes
    strip.set_original(QImage())
    for index in range(3):
        strip.add(take(index), QImage())
    return with_photo


def strip_of(studio: Studio) -> TakesStrip:
    """Its strip."""
    return studio.joins.bench.takes


def test_the_strip_shows_itself_with_the_first_take(with_takes: Studio, qtbot: QtBot) -> None:
    qtbot.waitUntil(strip_of(with_takes).isVisible)


def test_the_chosen_take_is_seen_in_place(with_takes: Studio) -> None:
    placed = with_takes.joins.bench.canvas.scene.shown.take
    assert placed is not None
    assert placed.area == AREA


def test_arrows_on_the_canvas_walk_the_takes(with_takes: Studio) -> None:
    canvas, strip = with_takes.joins.bench.canvas, strip_of(with_takes)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    seen = [strip.current]
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Left)
        seen.append(strip.current)
    assert seen == [strip.takes()[1], strip.takes()[0], None, None]
    assert canvas.scene.shown.take is None


def test_enter_keeps_a_take_as_a_layer_and_leaves_the_others(with_takes: Studio) -> None:
    canvas, document = with_takes.joins.bench.canvas, with_takes.joins.document
    strip_of(with_takes).walk(2)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert document.composite(AREA)[0, 0].tolist() == [80, 0, 0, 255]
    assert len(document.layers) == 2
    assert len(strip_of(with_takes).takes()) == 2
    assert strip_of(with_takes).current is None


def test_delete_drops_a_take_and_chooses_its_neighbour(with_takes: Studio) -> None:
    canvas, strip = with_takes.joins.bench.canvas, strip_of(with_takes)
    second = strip.takes()[1]
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert strip.current is second
    assert with_takes.joins.document.history.count() == 0


def test_painting_turns_back_to_the_picture_and_keeps_the_takes(with_takes: Studio) -> None:
    stroke(with_takes, (60, 40), (70, 44))
    assert strip_of(with_takes).current is None
    assert len(strip_of(with_takes).takes()) == 3


def test_enter_without_a_take_goes_to_the_prompt(with_photo: Studio) -> None:
    canvas = with_photo.joins.bench.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert with_photo.window.bar.prompt.hasFocus()


def test_more_takes_than_can_be_kept_push_out_the_oldest(with_photo: Studio) -> None:
    strip = strip_of(with_photo)
    strip.set_original(QImage())
    for index in range(MOST + 3):
        strip.add(take(index % 5, job=index), QImage())
    assert len(strip.takes()) == MOST
    assert strip.takes()[0].job == 3


def test_exporting_while_a_take_is_only_looked_at_asks(with_takes: Studio) -> None:
    with_takes.window.commands["export"].trigger()
    texts = [each.text() for each in with_takes.window.messages.choices]
    assert texts == ["Keep and export", "Export without"]


def test_a_run_streams_into_canvas_strip_and_bar(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    studio = studio_of(SCRIPTED)
    show(studio, photo, qtbot)
    studio.window.bar.prompt.set_text("wait for it")
    canvas = studio.joins.bench.canvas
    with qtbot.waitSignal(studio.joins.flows.generation.progressed):
        studio.joins.flows.generate()
    qtbot.waitUntil(lambda: canvas.scene.shown.preview is not None)
    assert canvas.scene.shown.running
    assert not studio.joins.bench.takes.takes()
    studio.joins.flows.generation.stop()
    assert canvas.scene.shown.preview is None
    assert not canvas.scene.shown.running


def test_a_take_that_is_looked_at_is_not_covered_by_the_next_one_forming(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    studio = studio_of(SCRIPTED)
    show(studio, photo, qtbot)
    strip, canvas = strip_of(studio), studio.joins.bench.canvas
    studio.window.bar.prompt.set_text("one")
    with qtbot.waitSignal(studio.joins.queue.finished):
        studio.joins.flows.generate()
    studio.window.bar.prompt.set_text("wait for it")
    studio.joins.flows.generate()
    strip.shown.emit(strip.takes()[0])
    qtbot.waitUntil(lambda: studio.joins.queue.line.jobs()[-1].step == 2)
    assert canvas.scene.shown.take is not None
    assert canvas.scene.shown.preview is None
    studio.joins.flows.generation.stop()


def test_an_engine_that_fails_is_told_with_a_hint(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    studio = studio_of(SCRIPTED)
    show(studio, photo, qtbot)
    studio.window.bar.prompt.set_text("fail")
    with qtbot.waitSignal(studio.joins.queue.failed):
        studio.joins.flows.generate()
    assert studio.window.messages.text == "The device ran out of memory. Take less."
    assert studio.window.bar.generate.text() == "Generate"

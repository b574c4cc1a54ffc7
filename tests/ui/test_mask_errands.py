"""Slow changes of the mask, in the desk's own thread."""

import threading

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.document.tiles import TileGrid
from studio.ui.mask_errands import AT_ONCE, MaskErrands
from tests.ui.conftest import stroke

SLOW = AT_ONCE + 1


@pytest.fixture
def errands(with_photo: Studio) -> MaskErrands:
    """Those of a window with a picture and a stroke on its mask."""
    stroke(with_photo, (40, 30), (50, 34))
    return with_photo.joins.flows.mask_work.errands


class Gate:
    """Work that waits to be let through."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.thread: threading.Thread | None = None

    def __call__(self, grid: TileGrid) -> TileGrid:
        self.thread = threading.current_thread()
        assert self.open.wait(10)
        after = grid.snapshot()
        after.fill(Rect(0, 0, 30, 30), (200,))
        return after


def test_it_becomes_one_step_and_runs_elsewhere(
    with_photo: Studio, errands: MaskErrands, qtbot: QtBot
) -> None:
    document, gate = with_photo.joins.document, Gate()
    errands.run("Fill", gate, SLOW)
    assert errands.running
    gate.open.set()
    qtbot.waitUntil(lambda: not errands.running)
    assert gate.thread is not threading.main_thread()
    assert document.masks.active.read(Rect(0, 0, 30, 30)).min() == 200
    assert document.history.names()[-1] == "Fill"
    document.history.undo()
    assert document.masks.active.read(Rect(0, 0, 5, 5)).max() == 0


def test_what_was_painted_meanwhile_is_kept_and_the_result_dropped(
    with_photo: Studio, errands: MaskErrands, qtbot: QtBot
) -> None:
    document, gate = with_photo.joins.document, Gate()
    errands.run("Fill", gate, SLOW)
    stroke(with_photo, (70, 50), (80, 54))
    painted = document.masks.active.read(document.bounds)
    gate.open.set()
    qtbot.waitUntil(lambda: not errands.running)
    assert np.array_equal(document.masks.active.read(document.bounds), painted)
    assert "changed meanwhile" in with_photo.window.messages.text


@pytest.mark.parametrize("way", ["button", "escape"])
def test_cancel_leaves_the_mask_as_it_is(
    with_photo: Studio, errands: MaskErrands, qtbot: QtBot, way: str
) -> None:
    document, gate = with_photo.joins.document, Gate()
    before, steps = document.masks.active.read(document.bounds), document.history.count()
    errands.run("Fill", gate, SLOW)
    qtbot.waitUntil(lambda: with_photo.window.messages.text == "Fill…")
    if way == "button":
        with_photo.window.messages.choices[0].click()
    else:
        with_photo.window.commands["stop"].trigger()
    gate.open.set()
    with_photo.joins.flows.desk.close()
    assert not errands.running
    assert np.array_equal(document.masks.active.read(document.bounds), before)
    assert document.history.count() == steps


def test_only_one_goes_on_at_a_time(with_photo: Studio, errands: MaskErrands, qtbot: QtBot) -> None:
    gate = Gate()
    errands.run("Fill", gate, SLOW)
    errands.run("Grow", gate, SLOW)
    assert "still being worked at" in with_photo.window.messages.text
    gate.open.set()
    qtbot.waitUntil(lambda: not errands.running)
    assert "Grow" not in with_photo.joins.document.history.names()


def test_a_refusal_is_said(with_photo: Studio, errands: MaskErrands, qtbot: QtBot) -> None:
    def refuse(_: TileGrid) -> TileGrid:
        raise UsageError("That is no mask.", "Take another.")

    errands.run("Import", refuse, SLOW)
    qtbot.waitUntil(lambda: "That is no mask." in with_photo.window.messages.text)
    assert not errands.running


def test_the_sampled_picture_is_that_of_the_moment(
    with_photo: Studio, errands: MaskErrands
) -> None:
    document = with_photo.joins.document
    area = Rect(0, 0, 20, 20)
    before, sample = document.composite(area), errands.sample()
    document.paint(document.layers[0], area, np.zeros((20, 20, 4), np.uint8))
    assert np.array_equal(sample(area), before)

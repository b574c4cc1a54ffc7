"""The overview beside a real view, with real mouse events."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.canvas.overview import Overview
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect, Size
from studio.document.document import Document
from tests.canvas.goldens import compare, rgb
from tests.canvas.hand import picture


@pytest.fixture
def overview(view: CanvasView, qtbot: QtBot) -> Overview:
    """An overview of 160 x 120 px: a quarter of the picture's size."""
    shown = Overview(view)
    qtbot.addWidget(shown)
    shown.resize(160, 120)
    shown.show()
    qtbot.waitUntil(lambda: not shown._dirty)
    return shown


def middle(view: CanvasView) -> tuple[float, float]:
    return view.viewport.to_document(view.viewport.size.width / 2, view.viewport.size.height / 2)


def test_it_shows_the_whole_picture(view: CanvasView, overview: Overview) -> None:
    view.set_zoom(0.2)
    shown = rgb(overview.grab().toImage()).astype(int)
    wanted = picture(640, 480)[2::4, 2::4, :3].astype(int)
    inner = np.abs(shown - wanted)[20:-20, 20:-20]
    assert np.median(inner) <= 4


@pytest.mark.parametrize("angle", [0, 30, 90])
@pytest.mark.parametrize("flipped", [False, True])
def test_a_click_looks_there_however_the_view_is_turned(
    view: CanvasView, overview: Overview, angle: int, flipped: bool
) -> None:
    view.set_zoom(4.0)
    view.rotate_view(angle)
    if flipped:
        view.flip_view()
    QTest.mouseClick(overview, Qt.MouseButton.LeftButton, pos=QPoint(40, 90))
    assert middle(view) == pytest.approx((160, 360), abs=4)


def test_what_is_seen_is_dragged_without_a_jump(view: CanvasView, overview: Overview) -> None:
    view.set_zoom(2.0)
    start = middle(view)
    grip = QPoint(round(start[0] / 4) + 5, round(start[1] / 4) + 5)
    QTest.mousePress(overview, Qt.MouseButton.LeftButton, pos=grip)
    assert middle(view) == pytest.approx(start, abs=1)
    QTest.mouseMove(overview, grip + QPoint(-20, 10))
    QTest.mouseRelease(overview, Qt.MouseButton.LeftButton, pos=grip + QPoint(-20, 10))
    assert middle(view) == pytest.approx((start[0] - 80, start[1] + 40), abs=4)


def test_arrow_keys_look_further(view: CanvasView, overview: Overview) -> None:
    view.set_zoom(4.0)
    before = middle(view)
    QTest.keyClick(overview, Qt.Key.Key_Right)
    assert middle(view)[0] == pytest.approx(before[0] + 400 / 8 / 4, abs=1)


def test_a_change_of_the_picture_is_seen(
    document: Document, overview: Overview, qtbot: QtBot
) -> None:
    white = np.full((200, 200, 4), 255, np.uint8)
    document.paint(document.layers[0], Rect(200, 100, 200, 200), white)
    qtbot.waitUntil(lambda: overview._picture.pixelColor(75, 50).lightness() > 250)


def test_the_longest_picture_fits(overview: Overview, document: Document) -> None:
    document.open_blank(Size(16384, 1), (9, 9, 9, 255), "line")
    placed = overview.placed
    assert placed.device_rect(document.bounds).width <= 161
    overview.grab()


def test_without_a_picture_a_click_does_nothing(
    overview: Overview, view: CanvasView, document: Document
) -> None:
    document.close()
    before = view.viewport
    QTest.mouseClick(overview, Qt.MouseButton.LeftButton, pos=QPoint(40, 90))
    assert view.viewport == before


def test_it_looks_as_it_did(
    view: CanvasView, overview: Overview, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    view.document.masks.write(Rect(100, 100, 150, 90), np.full((90, 150), 255, np.uint8))
    view.set_zoom(1.0)
    view.rotate_view(30, QPointF(200, 150))
    qtbot.waitUntil(lambda: not overview._dirty)
    update = bool(request.config.getoption("--update-goldens", default=False))
    compare(overview.grab().toImage(), "canvas-overview", update)

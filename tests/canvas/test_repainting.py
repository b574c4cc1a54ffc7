import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.canvas.surface import OVERHEAD, exposed_rects
from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from tests.canvas.hand import Hand


class Watched(CanvasView):
    """Remembers what it was asked to paint."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.painted: list[QRect] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(event.region().boundingRect())
        super().paintEvent(event)


@pytest.fixture
def watched(document: Document, qtbot: QtBot) -> Watched:
    view = Watched(document)
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.set_brush(BrushSettings(size=20))
    qtbot.waitUntil(lambda: bool(view.painted))
    hand = Hand(view)
    hand.move((100.0, 100.0))
    QApplication.processEvents()
    view.painted.clear()
    return view


def repainted(view: Watched) -> QRect:
    QApplication.processEvents()
    whole = QRect()
    for rect in view.painted:
        whole = whole.united(rect)
    return whole


def test_a_move_of_the_brush_repaints_the_brush_only(watched: Watched) -> None:
    hand = Hand(watched)
    hand.press((100.0, 100.0))
    hand.move((110.0, 100.0))
    touched = watched.to_view(Rect(100 - 10, 100 - 10, 30, 20)).adjusted(-12, -12, 12, 12)
    assert touched.contains(repainted(watched))
    hand.release((110.0, 100.0))


def test_the_end_of_a_stroke_repaints_nothing_again(watched: Watched) -> None:
    hand = Hand(watched)
    hand.press((100.0, 100.0))
    hand.move((400.0, 300.0), (410.0, 300.0))
    QApplication.processEvents()
    watched.painted.clear()
    hand.release((410.0, 300.0))
    assert repainted(watched).isNull()


def test_an_undo_repaints_the_stroke_only(document: Document, watched: Watched) -> None:
    Hand(watched).drag([(200.0, 200.0), (240.0, 200.0)])
    QApplication.processEvents()
    watched.painted.clear()
    document.history.undo()
    touched = watched.to_view(Rect(190, 190, 60, 20)).adjusted(-12, -12, 12, 12)
    assert touched.contains(repainted(watched))


def test_a_preview_repaints_its_area_only(watched: Watched) -> None:
    area = Rect(50, 60, 70, 80)
    watched.show_preview(area, np.zeros((8, 7, 3), np.uint8), None)
    assert watched.to_view(area).adjusted(-12, -12, 12, 12).contains(repainted(watched))


def test_progress_repaints_a_thin_strip(watched: Watched) -> None:
    watched.set_progress(0.5)
    assert 0 < repainted(watched).height() <= 24


def test_what_is_painted_piece_by_piece_is_what_is_painted_at_once(watched: Watched) -> None:
    hand = Hand(watched)
    watched.set_zoom(0.37)
    hand.drag([(100.0, 100.0), (300.0, 250.0), (500.0, 120.0)])
    watched.set_tool("frame")
    hand.drag([(640.0, 480.0), (500.0, 400.0), (420.0, 300.0)])
    QApplication.processEvents()
    pieces = watched.screen().grabWindow(watched.winId()).toImage()
    watched.repaint()
    assert watched.screen().grabWindow(watched.winId()).toImage() == pieces


def test_few_rectangles_stand_for_many() -> None:
    region = QRegion(5000, 5000, 10, 10)
    small = [QRect(index * 10, index * 10, 12, 12) for index in range(40)]
    for rect in small:
        region = region.united(rect)
    painted = [QRect(each.x, each.y, each.width, each.height) for each in exposed_rects(region)]
    assert len(painted) <= 10
    assert QRegion(painted[0]).united(QRegion(painted[-1])).boundingRect() == region.boundingRect()
    assert sum(rect.width() * rect.height() for rect in painted) < 10 * OVERHEAD

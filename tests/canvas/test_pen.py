import pytest
from PySide6.QtGui import QPointingDevice

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from tests.canvas.hand import Hand, tablet

LINE = [(100.0, 100.0), (160.0, 100.0), (220.0, 100.0)]
PEN = QPointingDevice.PointerType.Pen
ERASER = QPointingDevice.PointerType.Eraser


def height(document: Document) -> int:
    return document.masks.active.bounds().height


@pytest.fixture(autouse=True)
def hard_brush(view: CanvasView) -> None:
    view.set_brush(BrushSettings(size=60, hardness=1.0, pressure_size=1.0))


def test_pressure_rules_the_size(document: Document, hand: Hand) -> None:
    hand.write(LINE, 0.25)
    assert height(document) == pytest.approx(15, abs=3)


@pytest.mark.parametrize("pressure", [float("nan"), float("inf"), 7.0])
def test_a_pressure_that_makes_no_sense_counts_as_full(
    document: Document, hand: Hand, pressure: float
) -> None:
    hand.write(LINE, pressure)
    assert height(document) == pytest.approx(60, abs=3)


def test_a_tablet_without_pressure_paints_fully(document: Document, hand: Hand) -> None:
    hand.write(LINE, 0.0, tablet(PEN, pressure=False))
    assert height(document) == pytest.approx(60, abs=3)


def test_the_eraser_end_erases(document: Document, hand: Hand) -> None:
    hand.write(LINE, 1.0)
    hand.write(LINE, 1.0, tablet(ERASER))
    assert not document.masks.active.read(Rect(100, 80, 120, 40)).any()
    assert document.history.count() == 2

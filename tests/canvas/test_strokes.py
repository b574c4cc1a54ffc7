import pytest

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from tests.canvas.hand import Hand

LINE = [(100.0, 100.0), (160.0, 100.0), (220.0, 100.0)]


def density(document: Document, x: int, y: int) -> int:
    return int(document.mask.read(Rect(x, y, 1, 1))[0, 0])


@pytest.fixture(autouse=True)
def hard_brush(view: CanvasView) -> None:
    view.set_brush(BrushSettings(size=20, hardness=1.0))


@pytest.mark.parametrize(
    ("zoom", "pan"), [(0.25, (0, 0)), (1.0, (-31, 17)), (3.7, (-300, -200)), (16.0, (-900, -800))]
)
def test_a_stroke_paints_what_lies_under_the_pointer(
    document: Document, view: CanvasView, hand: Hand, zoom: float, pan: tuple[int, int]
) -> None:
    view.set_zoom(zoom)
    view.pan(*pan)
    hand.drag(LINE)
    grain = 1 + view.grain
    bounds = document.mask.bounds()
    assert density(document, 160, 100) == 255
    edges = (bounds.x, bounds.y, bounds.right, bounds.bottom)
    assert edges == pytest.approx((90, 90, 230, 110), abs=2 + grain)


def test_a_stroke_is_one_step_of_undo(document: Document, hand: Hand) -> None:
    hand.drag(LINE)
    assert document.history.count() == 1
    document.history.undo()
    assert document.mask.bounds().empty
    document.history.redo()
    assert density(document, 160, 100) == 255


def test_a_click_paints_a_dab(document: Document, hand: Hand) -> None:
    hand.drag([(50.0, 60.0)])
    assert density(document, 50, 60) == 255


def test_the_eraser_takes_away(document: Document, view: CanvasView, hand: Hand) -> None:
    hand.drag(LINE)
    view.set_tool("eraser")
    hand.drag([(160.0, 80.0), (160.0, 120.0)])
    assert density(document, 160, 100) == 0
    assert density(document, 110, 100) == 255

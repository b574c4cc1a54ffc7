import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt

from studio.canvas.tools.base import BrushSettings
from studio.canvas.tools.stabiliser import Stabiliser
from studio.canvas.tools.wand import WandSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.brush import Point
from studio.document.document import Document
from tests.canvas.hand import Hand

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
WHOLE = Rect(0, 0, 640, 480)
SQUARE = [(100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (100.0, 200.0)]
DOWN = QEvent.Type.KeyPress


def area(document: Document) -> float:
    return float(document.masks.active.read(WHOLE).sum()) / 255


def click(hand: Hand, *spots: tuple[float, float]) -> None:
    for spot in spots:
        hand.move(spot)
        hand.drag([spot])


@pytest.fixture(autouse=True)
def one_to_one(view: CanvasView) -> None:
    view.one_to_one()


def test_an_ellipse_fills_its_rectangle(document: Document, view: CanvasView, hand: Hand) -> None:
    view.set_tool("ellipse")
    hand.drag([(100.5, 100.5), (199.5, 149.5)])
    assert document.masks.active.bounds() == Rect(100, 100, 100, 50)
    assert area(document) == pytest.approx(math.pi * 50 * 25, rel=0.01)


@pytest.mark.parametrize("tool", ["rectangle", "ellipse", "lasso"])
def test_shift_and_alt_keep_what_both_hold(
    document: Document, view: CanvasView, hand: Hand, tool: str
) -> None:
    view.set_tool("rectangle")
    hand.drag([(100.5, 100.5), (199.5, 199.5)])
    view.set_tool(tool)
    hand.drag([(150.5, 100.5), (299.5, 110.5), (299.5, 199.5)], SHIFT | ALT)
    assert document.masks.active.bounds().x >= 150
    assert document.masks.active.bounds().right <= 200


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_closes_a_polygon(
    document: Document, view: CanvasView, hand: Hand, end: Qt.Key
) -> None:
    view.set_tool("polygon")
    click(hand, *SQUARE)
    assert document.history.count() == 0
    assert hand.key(DOWN, end)
    assert area(document) == 10000
    assert not view.scene.shown.path


def test_a_click_on_the_first_corner_closes_a_polygon(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_tool("polygon")
    click(hand, *SQUARE, (102.0, 101.0))
    assert area(document) == 10000


def test_a_double_click_closes_a_polygon(document: Document, view: CanvasView, hand: Hand) -> None:
    view.set_tool("polygon")
    click(hand, *SQUARE)
    hand.mouse(QEvent.Type.MouseButtonDblClick, SQUARE[-1])
    hand.release(SQUARE[-1])
    assert area(document) == 10000
    assert document.history.count() == 1


@pytest.mark.parametrize(
    ("key", "keys"),
    [(Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Z, CONTROL)],
)
def test_backspace_and_undo_take_a_corner_back(
    document: Document, view: CanvasView, hand: Hand, key: Qt.Key, keys: Qt.KeyboardModifier
) -> None:
    view.set_tool("polygon")
    click(hand, *SQUARE, (500.0, 400.0))
    assert hand.key(DOWN, key, keys)
    hand.key(DOWN, Qt.Key.Key_Return)
    assert area(document) == 10000


@pytest.mark.parametrize("end", ["escape", "tool", "undo"])
def test_an_interrupted_polygon_never_was(
    document: Document, view: CanvasView, hand: Hand, end: str
) -> None:
    hand.drag([(300.0, 300.0)])
    view.set_tool("polygon")
    click(hand, *SQUARE)
    if end == "escape":
        hand.key(DOWN, Qt.Key.Key_Escape)
    elif end == "tool":
        view.set_tool("brush")
    else:
        document.history.undo()
    assert not view.scene.shown.path
    hand.key(DOWN, Qt.Key.Key_Return)
    assert document.masks.active.read(Rect(100, 100, 100, 100)).max() == 0


def test_the_view_pans_between_the_corners_of_a_polygon(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_tool("polygon")
    click(hand, *SQUARE[:2])
    hand.key(DOWN, Qt.Key.Key_Space)
    hand.drag([(150.0, 150.0), (170.0, 160.0)])
    hand.key(QEvent.Type.KeyRelease, Qt.Key.Key_Space)
    click(hand, *SQUARE[2:])
    hand.key(DOWN, Qt.Key.Key_Return)
    assert area(document) == 10000


@pytest.mark.parametrize("contiguous", [True, False])
def test_the_wand_masks_what_is_alike(
    document: Document, view: CanvasView, hand: Hand, contiguous: bool
) -> None:
    for left in (100, 300):
        red = np.full((50, 50, 4), (255, 0, 0, 255), np.uint8)
        document.paint(document.layers[0], Rect(left, 100, 50, 50), red)
    view.set_tool("wand")
    view.set_wand(WandSettings(tolerance=2, contiguous=contiguous))
    click(hand, (120.5, 120.5))
    assert area(document) >= 2500
    assert (document.masks.active.read(Rect(300, 100, 50, 50)).max() == 0) == contiguous
    document.history.undo()
    assert area(document) == 0


@pytest.mark.parametrize("spot", [(-5.0, 5.0), (700.0, 470.0)])
def test_the_wand_beside_the_picture_changes_nothing(
    document: Document, view: CanvasView, hand: Hand, spot: tuple[float, float]
) -> None:
    view.set_tool("wand")
    click(hand, spot)
    assert document.history.count() == 0


def test_flow_adds_up_within_a_stroke(document: Document, view: CanvasView, hand: Hand) -> None:
    view.set_brush(BrushSettings(size=20, hardness=1.0, flow=0.1, spacing=0.5))
    line = [(100.0, 100.0), (200.0, 100.0)]
    hand.drag(line)
    once = int(document.masks.active.read(Rect(150, 100, 1, 1))[0, 0])
    document.history.undo()
    hand.drag([*line, *reversed(line)])
    assert 0 < once < document.masks.active.read(Rect(150, 100, 1, 1))[0, 0] < 255


def test_wide_spacing_leaves_gaps(document: Document, view: CanvasView, hand: Hand) -> None:
    view.set_brush(BrushSettings(size=10, hardness=1.0, spacing=2.0))
    hand.drag([(100.0, 100.0), (200.0, 100.0)])
    along = document.masks.active.read(Rect(100, 100, 100, 1))[0]
    assert along.max() == 255
    assert along.min() == 0


@pytest.mark.parametrize("smoothing", [0.3, 1.0])
def test_smoothing_calms_a_trembling_hand_and_arrives(smoothing: float) -> None:
    calm = Stabiliser(smoothing)
    points: list[Point] = []
    for i in range(60):
        points += calm.to(Point(i * 8.0, 10.0 * (-1) ** i))
    points += calm.end()
    middle = [abs(point.y) for point in points if 100 < point.x < 300]
    assert max(middle) < 8
    assert (points[-1].x, points[-1].y) == (59 * 8.0, -10.0)


def test_without_smoothing_the_hand_is_followed_as_it_is() -> None:
    plain = Stabiliser(0.0)
    assert plain.to(Point(3.0, 4.0)) == [Point(3.0, 4.0)]
    assert plain.end() == []


def test_a_smoothed_stroke_reaches_where_the_pen_was_lifted(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_brush(BrushSettings(size=10, hardness=1.0, smoothing=0.8))
    hand.drag([(100.0, 100.0), (150.0, 140.0), (200.0, 100.0), (250.0, 140.0)])
    assert document.masks.active.read(Rect(250, 140, 1, 1))[0, 0] == 255
    assert document.history.count() == 1


def test_quick_mask_says_what_the_brush_changes(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_quick_mask(False)
    hand.drag([(100.0, 100.0)])
    assert document.masks.active.bounds().empty
    view.set_quick_mask(True)
    hand.drag([(100.0, 100.0)])
    assert not document.masks.active.bounds().empty

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from tests.canvas.hand import Hand

LINE = [(100.0, 100.0), (160.0, 100.0), (220.0, 100.0)]


def density(document: Document, x: int, y: int) -> int:
    return int(document.masks.active.read(Rect(x, y, 1, 1))[0, 0])


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
    bounds = document.masks.active.bounds()
    assert density(document, 160, 100) == 255
    edges = (bounds.x, bounds.y, bounds.right, bounds.bottom)
    assert edges == pytest.approx((90, 90, 230, 110), abs=2 + grain)


def test_a_stroke_is_one_step_of_undo(document: Document, hand: Hand) -> None:
    hand.drag(LINE)
    assert document.history.count() == 1
    document.history.undo()
    assert document.masks.active.bounds().empty
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


def test_shift_draws_straight_from_the_end_of_the_last_stroke(
    document: Document, hand: Hand
) -> None:
    hand.drag([(100.0, 100.0)])
    hand.drag([(300.0, 200.0)], Qt.KeyboardModifier.ShiftModifier)
    assert density(document, 200, 150) == 255
    assert document.history.count() == 2


@pytest.mark.parametrize(("drag", "size", "hardness"), [((30, 0), 80, 1.0), ((0, 50), 20, 0.75)])
def test_control_drag_changes_the_brush_and_paints_nothing(
    document: Document,
    view: CanvasView,
    hand: Hand,
    drag: tuple[int, int],
    size: int,
    hardness: float,
) -> None:
    view.one_to_one()
    end = (100.0 + drag[0], 100.0 + drag[1])
    hand.drag([(100.0, 100.0), end], Qt.KeyboardModifier.ControlModifier)
    assert view.brush.size == pytest.approx(size, abs=2)
    assert view.brush.hardness == pytest.approx(hardness, abs=0.02)
    assert document.masks.active.bounds().empty


def test_opacity_is_of_the_whole_stroke(document: Document, view: CanvasView, hand: Hand) -> None:
    view.set_brush(BrushSettings(size=20, hardness=1.0, opacity=0.4))
    hand.drag([*LINE, *reversed(LINE)])
    assert density(document, 160, 100) == 102
    hand.drag(LINE)
    assert density(document, 160, 100) > 102


def test_layers_are_painted_when_they_are_the_target(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_brush(BrushSettings(size=20, hardness=1.0, target="layer", colour=(9, 8, 7)))
    hand.drag(LINE)
    assert document.composite(Rect(160, 100, 1, 1)).tolist() == [[[9, 8, 7, 255]]]
    assert document.masks.active.bounds().empty


def test_alt_takes_the_colour_under_the_pointer(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_brush(BrushSettings(target="layer"))
    hand.drag([(200.5, 100.5)], Qt.KeyboardModifier.AltModifier)
    assert view.brush.colour == (200, 100, 44)
    assert document.history.count() == 0


@pytest.mark.parametrize("tool", ["brush", "eraser", "rectangle", "lasso"])
def test_a_hidden_mask_is_not_changed_and_the_artist_is_told(
    document: Document, view: CanvasView, hand: Hand, qtbot: QtBot, tool: str
) -> None:
    document.masks.set_properties(visible=False)
    view.set_tool(tool)
    with qtbot.waitSignal(view.message):
        hand.drag([*LINE, (160.0, 200.0)])
    assert document.history.count() == 0


def test_a_locked_layer_is_not_painted_and_the_artist_is_told(
    document: Document, view: CanvasView, hand: Hand, qtbot: QtBot
) -> None:
    layer = document.layers[0]
    document.set_layer(layer, locked=True)
    view.set_brush(BrushSettings(target="layer"))
    with qtbot.waitSignal(view.message):
        hand.drag(LINE)
    assert document.history.count() == 0


def test_paint_stays_within_picture_and_frame(document: Document, hand: Hand) -> None:
    hand.drag([(-50.0, 100.0), (50.0, 100.0)])
    assert document.masks.active.bounds().x == 0
    document.set_frame(Rect(-100, 0, 200, 200))
    hand.drag([(-50.0, 100.0), (50.0, 100.0)])
    assert document.masks.active.bounds().x < -50


def test_without_a_picture_nothing_can_be_painted(document: Document, hand: Hand) -> None:
    document.close()
    hand.drag(LINE)
    assert document.masks.active.bounds().empty

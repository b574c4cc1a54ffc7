import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from studio.canvas.placement import Grip, Placement, rotated, scaled
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits import AddLayer
from studio.document.layer import Layer
from tests.canvas.goldens import rgb
from tests.canvas.hand import Hand

SHIFT = Qt.KeyboardModifier.ShiftModifier
SOURCE = Rect(200, 150, 120, 80)
MIDDLE = (260.0, 190.0)
ENTER = Qt.Key.Key_Return


@pytest.fixture
def layer(document: Document, view: CanvasView) -> Layer:
    """A layer of two colours above the picture, and the tool on it."""
    layer = Layer("patch")
    pixels = np.full((80, 120, 4), (255, 0, 0, 255), np.uint8)
    pixels[:, 60:] = (0, 0, 255, 255)
    layer.pixels.write(SOURCE, pixels)
    document.history.push(AddLayer(document, layer))
    view.one_to_one()
    view.set_tool("transform")
    return layer


def test_dragging_inside_moves_in_one_step(document: Document, layer: Layer, hand: Hand) -> None:
    hand.drag([MIDDLE, (300.0, 200.0), (310.0, 210.0)])
    assert layer.pixels.tight_bounds() == SOURCE.moved(50, 20)
    assert document.history.count() == 2
    document.history.undo()
    assert layer.pixels.tight_bounds() == SOURCE


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((320.0, 190.0), (380.0, 200.0), Rect(200, 150, 180, 80)),
        ((200.0, 150.0), (80.0, 70.0), Rect(80, 70, 240, 160)),
        ((260.0, 230.0), (260.0, 190.0), Rect(200, 150, 120, 40)),
    ],
)
def test_handles_scale(
    layer: Layer, hand: Hand, start: tuple[float, float], end: tuple[float, float], expected: Rect
) -> None:
    hand.drag([start, end])
    assert layer.pixels.tight_bounds() == expected


def test_a_handle_dragged_past_the_other_edge_flips(layer: Layer, hand: Hand) -> None:
    hand.drag([(320.0, 190.0), (80.0, 190.0)])
    assert layer.pixels.tight_bounds() == Rect(80, 150, 120, 80)
    assert layer.pixels.read(Rect(90, 160, 1, 1))[0, 0].tolist() == [0, 0, 255, 255]


def test_dragging_beside_the_box_rotates(layer: Layer, hand: Hand) -> None:
    hand.drag([(340.0, 190.0), (262.0, 270.0)], SHIFT)
    assert layer.pixels.tight_bounds() == Rect(220, 130, 80, 120)
    assert layer.pixels.read(Rect(260, 140, 1, 1))[0, 0].tolist() == [255, 0, 0, 255]


@pytest.mark.parametrize(
    ("held", "way", "expected"),
    [
        ((1, 1), (120.0, 0.0), Placement(SOURCE, Rect(200, 150, 240, 160))),
        ((-1, 0), (300.0, 0.0), Placement(SOURCE, Rect(320, 150, 180, 80), flip_across=True)),
        ((0, 1), (0.0, -80.0), Placement(SOURCE, Rect(200, 150, 120, 1))),
    ],
)
def test_edges_say_where_content_goes(
    held: Grip, way: tuple[float, float], expected: Placement
) -> None:
    assert scaled(SOURCE, held, way, even=True) == expected


def test_shift_rotates_in_steps() -> None:
    assert rotated(SOURCE, (360.0, 190.0), (360.0, 240.0), stepwise=True).degrees == 30


def test_the_preview_is_what_the_command_makes(
    document: Document, view: CanvasView, layer: Layer, hand: Hand
) -> None:
    hand.press((340.0, 190.0))
    hand.move((320.0, 240.0))
    preview = rgb(view.grab().toImage())
    assert layer.pixels.tight_bounds() == SOURCE
    hand.release((320.0, 240.0))
    view.set_tool("pan")
    view.show_plain(True)
    after = rgb(view.grab().toImage())
    differs = np.abs(preview.astype(int) - after).max(axis=2) > 48
    # Only the lines of box and frame and softened edges differ.
    assert differs.mean() < 0.03


@pytest.mark.parametrize("end", [QEvent.Type.KeyPress, None])
def test_an_interrupted_drag_never_was(
    document: Document, view: CanvasView, layer: Layer, hand: Hand, end: QEvent.Type | None
) -> None:
    hand.press(MIDDLE)
    hand.move((300.0, 220.0))
    if end is None:
        view.set_tool("brush")
    else:
        hand.key(end, Qt.Key.Key_Escape)
    assert view.scene.shown.lifted is None
    hand.release((300.0, 220.0))
    assert layer.pixels.tight_bounds() == SOURCE
    assert document.composite(SOURCE)[0, 0].tolist() == [255, 0, 0, 255]


def test_a_locked_layer_is_not_transformed(
    document: Document, view: CanvasView, layer: Layer, hand: Hand
) -> None:
    document.set_layer(layer, locked=True)
    hand.drag([MIDDLE, (300.0, 220.0)])
    assert layer.pixels.tight_bounds() == SOURCE


def test_handles_move_on_a_turned_view(view: CanvasView, layer: Layer, hand: Hand) -> None:
    view.rotate_view(90)
    view.flip_view()
    hand.drag([(320.0, 190.0), (380.0, 200.0)])
    assert layer.pixels.tight_bounds() == Rect(200, 150, 180, 80)


def test_enter_crops_to_what_was_drawn_and_adjusted(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_tool("crop")
    hand.drag([(100.0, 100.0), (300.0, 250.0)])
    hand.drag([(300.0, 170.0), (350.0, 170.0)])
    hand.drag([(200.0, 170.0), (210.0, 180.0)])
    assert document.history.count() == 0
    hand.key(QEvent.Type.KeyPress, ENTER)
    bounds = document.bounds
    edges = (bounds.x, bounds.y, bounds.right, bounds.bottom)
    assert edges == pytest.approx((110, 110, 360, 260), abs=3)
    document.history.undo()
    assert document.bounds == Rect(0, 0, 640, 480)


def test_the_pictures_edges_can_be_cropped_at_once(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_tool("crop")
    hand.drag([(640.0, 240.0), (500.0, 240.0)])
    hand.key(QEvent.Type.KeyPress, ENTER)
    assert document.bounds.x == 0
    assert document.bounds.right == pytest.approx(500, abs=3)


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Backspace])
def test_a_crop_can_be_left(document: Document, view: CanvasView, hand: Hand, key: Qt.Key) -> None:
    view.set_tool("crop")
    hand.drag([(100.0, 100.0), (300.0, 250.0)])
    hand.key(QEvent.Type.KeyPress, key)
    hand.key(QEvent.Type.KeyPress, ENTER)
    QApplication.processEvents()
    assert document.history.count() == 0
    assert view.scene.shown.crop.empty

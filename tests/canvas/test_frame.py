import pytest
from PySide6.QtCore import Qt

from studio.canvas.tools.base import Pointer
from studio.canvas.tools.frame import INSIDE, Grip, grip, moved, stretched
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from tests.canvas.hand import Hand

BOUNDS = Rect(0, 0, 640, 480)
FRAME = Rect(160, 120, 256, 256)


@pytest.fixture(autouse=True)
def framing(document: Document, view: CanvasView) -> None:
    document.set_frame(FRAME)
    view.set_tool("frame")


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (160, 120, (-1, -1)),
        (416, 376, (1, 1)),
        (165, 250, (-1, 0)),
        (300, 371, (0, 1)),
        (300, 250, INSIDE),
        (100, 250, None),
    ],
)
def test_a_press_takes_hold_of_what_is_within_six_view_px(
    x: float, y: float, expected: Grip | None
) -> None:
    assert grip(FRAME, Pointer(x, y)) == expected


@pytest.mark.parametrize(
    ("held", "way", "expected"),
    [
        ((1, 0), (13.0, 99.0), Rect(160, 120, 272, 256)),
        ((-1, 0), (13.0, 0.0), Rect(176, 120, 240, 256)),
        ((1, 1), (-999.0, -999.0), Rect(160, 120, 64, 64)),
        ((0, -1), (0.0, -300.0), Rect(160, -184, 256, 560)),
        ((1, 0), (221.0, 0.0), Rect(160, 120, 480, 256)),
        ((-1, -1), (-157.0, -118.0), Rect(0, 0, 416, 376)),
    ],
)
def test_edges_move_in_steps_and_are_drawn_to_the_pictures_edge(
    held: Grip, way: tuple[float, float], expected: Rect
) -> None:
    assert stretched(FRAME, held, way, BOUNDS, magnet=6) == expected


def test_moving_keeps_the_size() -> None:
    assert moved(FRAME, (-13.0, 5.0), BOUNDS, magnet=0) == Rect(144, 128, 256, 256)
    assert moved(FRAME, (221.0, 101.0), BOUNDS, magnet=6) == Rect(384, 224, 256, 256)


def test_a_drag_of_an_edge_beyond_the_picture_is_one_step(document: Document, hand: Hand) -> None:
    hand.drag([(160.0, 250.0), (20.0, 250.0), (-96.0, 250.0)])
    assert document.frame.x == pytest.approx(-96, abs=8)
    assert document.frame.right == FRAME.right
    document.history.undo()
    assert document.frame == FRAME


def test_two_drags_are_two_steps(document: Document, hand: Hand) -> None:
    hand.drag([(300.0, 250.0), (340.0, 250.0)])
    hand.drag([(300.0, 250.0), (340.0, 250.0)])
    assert document.history.count() == 2


def test_a_drag_outside_draws_a_new_frame(document: Document, hand: Hand) -> None:
    hand.drag([(480.0, 80.0), (560.0, 200.0), (608.0, 240.0)])
    assert document.frame == Rect(480, 80, 128, 160)


def test_shift_keeps_the_proportions(document: Document, hand: Hand) -> None:
    document.set_frame(Rect(160, 120, 256, 128))
    hand.drag([(416.0, 248.0), (544.0, 248.0)], Qt.KeyboardModifier.ShiftModifier)
    assert document.frame == Rect(160, 120, 384, 192)


def test_the_mouse_shows_what_a_press_would_do(view: CanvasView, hand: Hand) -> None:
    shapes = []
    for spot in ((160.0, 250.0), (300.0, 250.0), (600.0, 20.0)):
        hand.move(spot)
        shapes.append(view.cursor().shape())
    assert shapes == [
        Qt.CursorShape.SizeHorCursor,
        Qt.CursorShape.SizeAllCursor,
        Qt.CursorShape.CrossCursor,
    ]

import numpy as np
import pytest
from PySide6.QtCore import Qt

from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from tests.canvas.hand import Hand

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier
FIRST = [(100.5, 100.5), (199.5, 149.5)]
SECOND = [(150.5, 120.5), (249.5, 189.5)]
WHOLE = Rect(0, 0, 640, 480)


def area(document: Document) -> int:
    return int(np.count_nonzero(document.masks.active.read(WHOLE)))


@pytest.fixture(autouse=True)
def one_to_one(view: CanvasView) -> None:
    view.set_tool("rectangle")
    view.one_to_one()


def test_a_rectangle_masks_the_pixels_under_both_corners(document: Document, hand: Hand) -> None:
    hand.drag(FIRST)
    assert document.masks.active.bounds() == Rect(100, 100, 100, 50)
    assert document.masks.active.read(document.masks.active.bounds()).min() == 255


@pytest.mark.parametrize(
    ("keys", "expected"),
    [(PLAIN, 5000 + 7000 - 1500), (SHIFT, 5000 + 7000 - 1500), (ALT, 5000 - 1500), (CONTROL, 7000)],
)
def test_a_modifier_says_how_a_shape_joins_the_mask(
    document: Document, hand: Hand, keys: Qt.KeyboardModifier, expected: int
) -> None:
    hand.drag(FIRST)
    hand.drag(SECOND, keys)
    assert area(document) == expected
    document.history.undo()
    assert area(document) == 5000


@pytest.mark.parametrize(
    ("mode", "expected"), [("add", 10500), ("subtract", 3500), ("replace", 7000)]
)
def test_the_mode_holds_without_a_modifier(
    document: Document, view: CanvasView, hand: Hand, mode: str, expected: int
) -> None:
    hand.drag(FIRST)
    view.set_selection_mode(mode)
    hand.drag(SECOND)
    assert area(document) == expected


def test_a_click_with_the_rectangle_changes_nothing(document: Document, hand: Hand) -> None:
    hand.drag([(100.0, 100.0)])
    assert document.history.count() == 0


def test_a_rectangle_dragged_beyond_the_picture_ends_at_its_edge(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    hand.drag([(600.5, 400.5), (900.0, 900.0)])
    assert document.masks.active.bounds() == Rect(600, 400, 40, 80)


def test_the_lasso_masks_what_its_line_encloses(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_tool("lasso")
    hand.drag([(100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (100.0, 200.0)])
    assert document.masks.active.bounds() == Rect(100, 100, 100, 100)
    assert area(document) == 10000


def test_a_line_of_the_lasso_without_an_inside_changes_nothing(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.set_tool("lasso")
    hand.drag([(100.0, 100.0), (200.0, 100.0)])
    assert document.history.count() == 0


def test_the_shape_is_shown_while_it_is_drawn(view: CanvasView, hand: Hand) -> None:
    hand.press(FIRST[0])
    hand.move(FIRST[1])
    drawn = view.scene.shown.path
    hand.release(FIRST[1])
    assert list(drawn) == [(100, 100), (200, 100), (200, 150), (100, 150)]
    assert not view.scene.shown.path

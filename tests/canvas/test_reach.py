from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt

from studio.canvas.reach import Reach
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.inpaint.blend import effective_mask
from tests.canvas.hand import Hand

Change = Callable[[Document], None]
PLANE = Rect(-64, -64, 768, 640)


def with_hole(document: Document) -> None:
    document.paint(document.layers[0], Rect(300, 200, 40, 30), np.zeros((30, 40, 4), np.uint8))


def with_mask(document: Document) -> None:
    rows = np.arange(60, dtype=np.uint8)
    document.masks.write(Rect(500, 400, 50, 60), np.repeat(rows[:, None], 50, axis=1))


def beyond(document: Document) -> None:
    document.set_frame(Rect(-40, 100, 400, 300))


def part(document: Document) -> None:
    document.set_frame(Rect(16, 16, 256, 256))


def expected(document: Document) -> Pixels:
    """What the engine will be given, put back on the plane."""
    reached = np.zeros((PLANE.height, PLANE.width), np.uint8)
    masked = not document.masks.active.bounds().empty
    box = document.masks.active.bounds() if masked else document.frame
    mask = document.masks.active.read(box) if masked else None
    place = box.moved(-PLANE.x, -PLANE.y)
    reached[place.rows, place.columns] = effective_mask(document.composite(box), mask) > 0
    return reached * np.uint8(255)


@pytest.mark.parametrize("frame", [part, beyond])
@pytest.mark.parametrize("change", [with_hole, with_mask, None])
def test_reach_is_what_the_engine_is_given(
    document: Document, frame: Change, change: Change | None
) -> None:
    frame(document)
    if change is not None:
        change(document)
    assert np.array_equal(Reach(document).read(PLANE), expected(document))


def test_the_bar_shows_exactly_the_pixels_that_may_change(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    document.set_frame(Rect(0, 0, 0, 0))
    document.masks.write(Rect(200, 150, 3, 1), np.array([[1, 0, 255]], np.uint8))
    view.set_tool("pan")
    view.zoom_at(8, hand.at((200.0, 150.0)))
    hand.key(QEvent.Type.KeyPress, Qt.Key.Key_Bar, Qt.KeyboardModifier.ShiftModifier)
    image = view.grab().toImage()
    green = []
    for column in (199, 200, 201, 202, 203):
        at = hand.at((column + 0.5, 150.5)).toPoint()
        colour = image.pixelColor(at)
        green.append(colour.green() > colour.red() + 40 and colour.green() > 100)
    assert green == [False, True, False, True, False]


def test_what_may_change_follows_the_frame(document: Document, view: CanvasView) -> None:
    view.set_tool("pan")
    view.show_may_change(True)
    whole = view.grab().toImage()
    document.set_frame(Rect(0, 0, 64, 64))
    moved = view.grab().toImage()
    view.show_may_change(False)
    view.show_may_change(True)
    assert moved != whole
    assert moved == view.grab().toImage()


@pytest.mark.parametrize("zoom", [0.02, 0.06, 0.25, 0.7])
def test_a_single_pixel_is_seen_however_far_away(
    document: Document, view: CanvasView, zoom: float
) -> None:
    document.open_pixels(np.full((2000, 3000, 4), 128, np.uint8))
    document.masks.write(Rect(1111, 777, 1, 1), np.full((1, 1), 1, np.uint8))
    document.set_frame(Rect(0, 0, 0, 0))
    view.set_tool("pan")
    view.zoom_at(zoom, Hand(view).at((1111.0, 777.0)))
    view.show_may_change(True)
    one = view.grab().toImage()
    document.masks.write(Rect(1111, 777, 1, 1), np.zeros((1, 1), np.uint8))
    view.show_may_change(False)
    view.show_may_change(True)
    assert view.grab().toImage() != one

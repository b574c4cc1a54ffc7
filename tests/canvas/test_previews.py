import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document
from tests.canvas.hand import Hand

AREA = Rect(100, 60, 128, 96)
WHOLE = Rect(0, 0, 640, 480)


def seen(view: CanvasView) -> Pixels:
    """The view as uint8 `[h, w, 3]`."""
    image = view.grab().toImage()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), 2::-1].copy()


def inside(view: CanvasView, area: Rect) -> tuple[slice, slice]:
    place = view.viewport.device_rect(area)
    return place.rows, place.columns


@pytest.fixture(autouse=True)
def bare_view(document: Document, view: CanvasView, hand: Hand) -> None:
    document.set_frame(Rect(0, 0, 0, 0))
    view.set_tool("pan")
    view.zoom_at(1.0, hand.at((160.0, 100.0)))


def plain(colour: tuple[int, int, int], height: int = 12, width: int = 16) -> Pixels:
    return np.full((height, width, 3), colour, np.uint8)


def test_a_preview_is_shown_at_its_true_place_only(view: CanvasView) -> None:
    before = seen(view)
    view.show_preview(AREA, plain((250, 10, 20)), None)
    after = seen(view)
    changed = (before != after).any(axis=2)
    place = inside(view, AREA)
    assert (after[place] == (250, 10, 20)).all()
    assert changed.sum() == changed[place].sum()


def test_a_preview_is_clipped_to_its_mask(view: CanvasView) -> None:
    before = seen(view)[inside(view, AREA)]
    mask = np.zeros((96, 128), np.uint8)
    mask[:, 64:] = 255
    view.show_preview(AREA, plain((250, 10, 20)), mask)
    after = seen(view)[inside(view, AREA)]
    assert np.array_equal(after[:, :63], before[:, :63])
    assert (after[:, 65:] == (250, 10, 20)).all()


def test_a_partial_mask_mixes_preview_and_picture(view: CanvasView) -> None:
    before = seen(view)[inside(view, AREA)].astype(int)
    view.show_preview(AREA, plain((200, 200, 200)), np.full((96, 128), 128, np.uint8))
    after = seen(view)[inside(view, AREA)].astype(int)
    assert np.abs(after - (before + 200) / 2).max() <= 2


def test_clearing_shows_the_document_again(view: CanvasView) -> None:
    before = seen(view)
    view.show_preview(AREA, plain((1, 2, 3)), None)
    view.clear_preview()
    assert np.array_equal(seen(view), before)


def test_a_take_hovers_over_the_picture_with_its_own_alpha(view: CanvasView) -> None:
    before = seen(view)[inside(view, AREA)]
    take = np.zeros((96, 128, 4), np.uint8)
    take[:48] = (9, 99, 199, 255)
    view.show_take(AREA, take)
    after = seen(view)[inside(view, AREA)]
    assert (after[:48] == (9, 99, 199)).all()
    assert np.array_equal(after[48:], before[48:])
    view.show_take(AREA, None)
    assert np.array_equal(seen(view)[inside(view, AREA)], before)


def test_a_first_picture_forms_where_there_is_none(document: Document, view: CanvasView) -> None:
    document.close()
    document.set_frame(Rect(0, 0, 256, 256))
    view.fit()
    view.set_running(True)
    view.show_preview(document.frame, plain((250, 10, 20)), None)
    place = inside(view, document.frame.grown(-8))
    assert (seen(view)[place] == (250, 10, 20)).all()
    assert not document.has_picture


@pytest.mark.parametrize("zoom", [0.02, 0.3, 2.5, 9.0])
def test_previews_and_takes_never_change_the_document(
    document: Document, view: CanvasView, zoom: float
) -> None:
    before = document.composite(WHOLE)
    view.set_zoom(zoom)
    view.show_preview(AREA, plain((1, 2, 3)), np.full((9, 9), 77, np.uint8))
    view.show_take(Rect(-50, -50, 90, 90), np.full((90, 90, 4), 255, np.uint8))
    view.grab()
    assert np.array_equal(document.composite(WHOLE), before)
    assert document.history.count() == 0


def test_while_a_run_goes_on_the_tint_gives_way_to_an_outline(
    document: Document, view: CanvasView
) -> None:
    bare = seen(view)
    document.masks.write(AREA, np.full((96, 128), 255, np.uint8))
    middle = inside(view, AREA.grown(-8))
    assert (seen(view)[middle] != bare[middle]).any()
    view.set_running(True)
    running = seen(view)
    assert np.array_equal(running[middle], bare[middle])
    assert (running != bare).any()


def test_the_plain_picture_is_shown_while_backslash_is_held(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    bare = seen(view)
    document.masks.write(AREA, np.full((96, 128), 255, np.uint8))
    view.show_preview(AREA, plain((1, 2, 3)), None)
    hand.key(QEvent.Type.KeyPress, Qt.Key.Key_Backslash)
    assert np.array_equal(seen(view), bare)
    hand.key(QEvent.Type.KeyRelease, Qt.Key.Key_Backslash)
    assert not np.array_equal(seen(view), bare)


def test_painting_under_a_preview_still_paints(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    view.show_preview(AREA, plain((1, 2, 3)), None)
    view.set_tool("brush")
    view.set_brush(BrushSettings(size=10, hardness=1.0))
    hand.drag([(150.0, 100.0)])
    assert document.masks.active.read(Rect(150, 100, 1, 1))[0, 0] == 255

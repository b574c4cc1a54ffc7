import numpy as np
import pytest
from PySide6.QtGui import QColor

from studio.canvas.compose import TINT, premultiplied, tint_table
from studio.canvas.look import Look
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits import AddTake
from tests.canvas.goldens import rgb
from tests.canvas.hand import Hand, picture

ZOOMS = [0.02, 0.11, 0.37, 0.5, 0.93, 1.0, 1.7, 3.3, 5.5]


@pytest.fixture(autouse=True)
def bare_view(document: Document, view: CanvasView) -> None:
    view.set_tool("pan")


def white(document: Document, bounds: Rect) -> None:
    """One plain picture, somewhere on the plane."""
    document.close()
    take = np.full((bounds.height, bounds.width, 4), 255, np.uint8)
    document.history.push(AddTake(document, take, bounds))
    document.set_frame(Rect(0, 0, 0, 0))


@pytest.mark.parametrize("corner", [(0, 0), (-7, -5), (250, 300)])
def test_the_picture_has_no_fringe(
    document: Document, view: CanvasView, hand: Hand, corner: tuple[int, int]
) -> None:
    white(document, Rect(*corner, 333, 201))
    for zoom in ZOOMS:
        view.fit()
        view.zoom_at(zoom, hand.at((corner[0] + 20.0, corner[1] + 20.0)))
        seen = rgb(view.grab().toImage())
        screen = Rect(0, 0, seen.shape[1], seen.shape[0])
        place = view.viewport.device_rect(document.bounds).intersected(screen)
        assert not place.empty
        assert (seen[place.rows, place.columns] == 255).all(), zoom
        beyond = np.ones(seen.shape[:2], bool)
        around = place.grown(1).intersected(screen)
        beyond[around.rows, around.columns] = False
        assert (seen[beyond] == Look().surround[:3]).all(), zoom


def test_a_picture_that_grows_to_the_left_is_shown_whole(
    document: Document, view: CanvasView
) -> None:
    view.grab()
    take = np.zeros((100, 300, 4), np.uint8)
    take[:, :200] = (255, 0, 0, 255)
    document.history.push(AddTake(document, take, Rect(-200, 50, 300, 100)))
    view.zoom_at(1.0, Hand(view).at((-100.0, 100.0)))
    image = view.grab().toImage()
    assert image.pixelColor(Hand(view).at((-100.5, 100.5)).toPoint()) == QColor(255, 0, 0)
    document.history.undo()
    at = Hand(view).at((-100.5, 100.5)).toPoint()
    assert view.grab().toImage().pixelColor(at) == QColor(*Look().surround)


@pytest.mark.parametrize("zoom", [0.3, 1.0, 2.0])
def test_a_change_at_the_pictures_edge_is_seen(
    document: Document, view: CanvasView, hand: Hand, zoom: float
) -> None:
    document.open_pixels(picture(700, 500))
    view.zoom_at(zoom, hand.at((690.0, 490.0)))
    view.grab()
    document.paint(document.layers[0], Rect(660, 460, 40, 40), np.full((40, 40, 4), 255, np.uint8))
    document.set_frame(Rect(0, 0, 0, 0))
    seen = rgb(view.grab().toImage())
    place = view.viewport.device_rect(Rect(670, 470, 30, 30))
    place = place.intersected(Rect(0, 0, seen.shape[1], seen.shape[0]))
    assert not place.empty
    assert (seen[place.rows, place.columns] == 255).all()


def test_premultiplying_keeps_opaque_colours() -> None:
    pixels = picture(5, 3)
    packed = premultiplied(pixels).view(np.uint8).reshape(3, 5, 4)
    assert np.array_equal(packed[..., 2::-1], pixels[..., :3])


def test_the_tint_grows_with_density_up_to_its_share() -> None:
    table = tint_table((255, 64, 88), TINT)
    alpha = (table >> 24).astype(int)
    assert alpha[0] == 0
    assert alpha[255] == round(255 * TINT)
    assert (np.diff(alpha) >= 0).all()

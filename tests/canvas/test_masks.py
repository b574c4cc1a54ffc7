import numpy as np
import pytest

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits import AddMask
from tests.canvas.goldens import rgb
from tests.canvas.hand import Hand

PLACES = Rect(100, 100, 60, 60), Rect(300, 100, 60, 60)


def fill(document: Document, area: Rect) -> None:
    document.masks.write(area, np.full((area.height, area.width), 255, np.uint8))


def changed(view: CanvasView, before: np.ndarray, area: Rect) -> bool:
    """Whether the middle of that area looks otherwise than before."""
    place = view.to_view(area).center()
    after = rgb(view.grab().toImage())
    return bool((after[place.y(), place.x()] != before[place.y(), place.x()]).any())


@pytest.fixture
def plain(document: Document, view: CanvasView) -> np.ndarray:
    """What two masks are then painted over."""
    view.set_tool("pan")
    before = rgb(view.grab().toImage())
    fill(document, PLACES[0])
    document.history.push(AddMask(document))
    fill(document, PLACES[1])
    return before


def test_every_visible_mask_is_shown(
    document: Document, view: CanvasView, plain: np.ndarray
) -> None:
    assert [changed(view, plain, area) for area in PLACES] == [True, True]
    document.masks.set_properties(document.masks.all[0], visible=False)
    assert [changed(view, plain, area) for area in PLACES] == [False, True]
    document.history.undo()
    document.masks.set_properties(visible=True)
    assert [changed(view, plain, area) for area in PLACES] == [True, False]


def test_a_mask_is_shown_in_its_own_colour(
    document: Document, view: CanvasView, plain: np.ndarray
) -> None:
    colours = []
    for colour in ((255, 0, 0), (0, 255, 0)):
        document.masks.set_properties(colour=colour)
        place = view.to_view(PLACES[1]).center()
        colours.append(rgb(view.grab().toImage())[place.y(), place.x()])
    assert int(colours[0][0]) > int(colours[1][0])
    assert int(colours[0][1]) < int(colours[1][1])


def test_what_may_change_counts_every_visible_mask(
    document: Document, view: CanvasView, plain: np.ndarray
) -> None:
    view.show_may_change(True)
    reach = view.scene.shown.reach
    assert reach is not None
    assert [int(reach.read(area).min()) for area in PLACES] == [255, 255]
    document.masks.set_properties(document.masks.all[0], visible=False)
    reach = view.scene.shown.reach
    assert reach is not None
    assert [int(reach.read(area).max()) for area in PLACES] == [0, 255]


def test_alpha_lock_keeps_what_a_layer_covers(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    layer = document.layers[0]
    document.paint(layer, PLACES[0], np.zeros((60, 60, 4), np.uint8))
    document.set_layer(layer, alpha_locked=True)
    view.set_brush(BrushSettings(size=20, hardness=1.0, target="layer", colour=(9, 8, 7)))
    for tool in ("brush", "eraser"):
        view.set_tool(tool)
        hand.drag([(130.0, 130.0), (200.0, 130.0)])
    assert document.composite(Rect(130, 130, 1, 1))[0, 0, 3] == 0
    assert document.composite(Rect(190, 130, 1, 1)).tolist() == [[[9, 8, 7, 255]]]

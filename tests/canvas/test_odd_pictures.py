"""Pictures and masks that no painter would draw, in the real view with every tool."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from studio.canvas.overview import Overview
from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.document import edits
from studio.document.document import Document
from tests.canvas.hand import Hand, picture

SIZES = [Size(1, 1), Size(1, 700), Size(700, 1), Size(2, 3), Size(16384, 1), Size(1, 16384)]
TOOLS = (
    "brush",
    "eraser",
    "rectangle",
    "ellipse",
    "lasso",
    "polygon",
    "wand",
    "frame",
    "transform",
    "crop",
    "pan",
    "turn",
)


@pytest.fixture
def odd(request: pytest.FixtureRequest, qtbot: QtBot) -> CanvasView:
    """A view on a picture of that size, with rulers and pixel grid."""
    size: Size = request.param
    document = Document.from_pixels(picture(size.width, size.height), "odd")
    view = CanvasView(document)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.setFocus()
    view.set_rulers(True)
    view.set_pixel_grid(True)
    qtbot.waitUntil(lambda: view.isVisible())
    return view


def across(view: CanvasView) -> list[tuple[float, float]]:
    """A way over the whole picture, from beyond one corner to beyond the other."""
    bounds = view.document.bounds
    return [(-3.0, -3.0), (bounds.width / 2, bounds.height / 2), (bounds.width + 3.0, 3.0)]


@pytest.mark.parametrize("odd", SIZES, indirect=True, ids=str)
@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_works_or_does_nothing_and_is_undone(odd: CanvasView, tool: str) -> None:
    hand, document = Hand(odd), odd.document
    before = document.composite(document.bounds)
    for target in ("mask", "layer") if tool in ("brush", "eraser") else ("mask",):
        odd.set_brush(BrushSettings(size=30, target=target))
        odd.set_tool(tool)
        hand.drag(across(odd))
        odd.grab()
    while document.history.canUndo():
        document.history.undo()
    assert np.array_equal(document.composite(document.bounds), before)
    assert document.masks.active.bounds().empty


@pytest.mark.parametrize("odd", SIZES, indirect=True, ids=str)
def test_it_is_shown_at_every_zoom_and_turn_and_in_the_overview(
    odd: CanvasView, qtbot: QtBot
) -> None:
    overview = Overview(odd)
    qtbot.addWidget(overview)
    overview.resize(160, 100)
    overview.show()
    for zoom in (0.01, 0.5, 1.0, 8.0, 64.0):
        odd.zoom_at(zoom, QPointF(200, 150))
        odd.rotate_view(33)
        odd.flip_view()
        odd.grab()
        overview.grab()
    odd.fit()
    assert odd.zoom() > 0


@pytest.mark.parametrize("size", [Size(0, 0), Size(0, 9), Size(9, 0), Size(16385, 4)])
def test_a_picture_of_no_size_or_beyond_the_limit_is_refused_with_the_limit(
    document: Document, view: CanvasView, size: Size
) -> None:
    before = document.composite(document.bounds)
    with pytest.raises(UsageError) as refused:
        document.open_blank(size, None, "odd")
    assert "16384" in refused.value.hint
    assert np.array_equal(document.composite(document.bounds), before)


@pytest.fixture
def all_around(document: Document) -> Document:
    """A mask that touches every edge of the picture, and reaches beyond."""
    document.masks.write(Rect(-50, -50, 740, 580), np.full((580, 740), 255, np.uint8))
    document.masks.write(Rect(200, 150, 100, 100), np.zeros((100, 100), np.uint8))
    return document


Command = Callable[[Document], edits.MaskReplace]


@pytest.mark.parametrize(
    ("make", "inside", "hole"),
    [
        (lambda one: edits.MaskGrow(one, 30), 255, 0),
        (lambda one: edits.MaskShrink(one, 30), 255, 0),
        (lambda one: edits.MaskFeather(one, 12.0), 255, 0),
        (edits.MaskFillHoles, 255, 255),
        (edits.MaskInvert, 0, 255),
        (lambda one: edits.MaskBorder(one, 8), 0, 0),
    ],
    ids=["grow", "shrink", "feather", "fill holes", "invert", "border"],
)
def test_a_mask_that_touches_every_edge_stays_dense_there(
    all_around: Document, view: CanvasView, make: Command, inside: int, hole: int
) -> None:
    all_around.history.push(make(all_around))
    corners = [
        all_around.masks.active.read(Rect(x, y, 1, 1))[0, 0] for x in (0, 639) for y in (0, 479)
    ]
    assert corners == [inside] * 4
    assert all_around.masks.active.read(Rect(250, 200, 1, 1))[0, 0] == hole
    view.show_may_change(True)
    view.grab()


@pytest.mark.parametrize("target", ["mask", "layer"])
def test_painting_goes_on_when_the_memory_for_undo_is_spent(
    view: CanvasView, document: Document, hand: Hand, target: str
) -> None:
    document.set_history_budget(0)
    view.set_brush(BrushSettings(size=60, hardness=1.0, target=target, colour=(1, 2, 3)))
    for y in (100.0, 200.0, 300.0):
        hand.drag([(100.0, y), (400.0, y)])
    assert document.history.count() == 1
    shown = document.masks.active.read if target == "mask" else document.composite
    before = shown(Rect(0, 0, 640, 480))
    document.history.undo()
    after = shown(Rect(0, 0, 640, 480))
    changed = np.flatnonzero((before != after).reshape(480, -1).any(axis=1))
    assert 260 < changed.min() < changed.max() < 340

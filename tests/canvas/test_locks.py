"""Tools leave alone what is locked, and say why nothing happens."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.layer import Group, Layer
from tests.canvas.hand import Hand, picture

WHOLE = Rect(0, 0, 640, 480)
LINE = [(200.0, 200.0), (240.0, 220.0), (280.0, 240.0)]


@pytest.fixture
def patches(document: Document) -> list[Layer]:
    """Two small layers over the picture; the upper one is active."""
    layers = []
    for number, x in enumerate((150, 260)):
        layer = Layer(f"patch {number}")
        layer.pixels.write(Rect(x, 150, 100, 100), picture(100, 100))
        document.insert_layer(layer, number + 1)
        layers.append(layer)
    document.set_active(layers[1])
    return layers


STATES: list[tuple[str, dict[str, Any], str]] = [
    ("brush", {"locked": True}, "locked"),
    ("eraser", {"locked": True}, "locked"),
    ("transform", {"locked": True}, "locked"),
    ("eraser", {"alpha_locked": True}, "nothing can be erased"),
    ("transform", {"alpha_locked": True}, "cannot be moved"),
    ("brush", {"visible": False}, "hidden"),
    ("brush", {"groups": (Group("set", locked=True),)}, "group of this layer is locked"),
    ("transform", {"groups": (Group("set", visible=False),)}, "group of this layer is hidden"),
]


@pytest.mark.parametrize(("tool", "state", "words"), STATES)
def test_a_tool_says_why_nothing_happens(
    view: CanvasView,
    document: Document,
    hand: Hand,
    patches: list[Layer],
    tool: str,
    state: dict[str, Any],
    words: str,
) -> None:
    said: list[str] = []
    view.message.connect(said.append)
    view.set_brush(BrushSettings(target="layer"))
    document.set_layer(patches[1], **state)
    before = document.composite(WHOLE)
    view.set_tool(tool)
    hand.drag([(300.0, 200.0), (320.0, 220.0)])
    assert words in " ".join(said)
    assert np.array_equal(document.composite(WHOLE), before)
    assert document.history.count() == 0


def test_with_locked_alpha_the_brush_changes_colours_only(
    view: CanvasView, document: Document, hand: Hand, patches: list[Layer]
) -> None:
    view.set_brush(BrushSettings(target="layer", size=80, colour=(255, 0, 0), hardness=1.0))
    document.set_layer(patches[1], alpha_locked=True)
    before = patches[1].pixels.read(WHOLE)
    hand.drag([(300.0, 160.0), (300.0, 100.0)])
    after = patches[1].pixels.read(WHOLE)
    assert np.array_equal(after[..., 3], before[..., 3])
    assert (after != before).any()


def test_an_empty_layer_of_locked_alpha_says_that_no_paint_holds(
    view: CanvasView, document: Document, hand: Hand
) -> None:
    said: list[str] = []
    view.message.connect(said.append)
    layer = Layer("empty", alpha_locked=True)
    document.insert_layer(layer, 1)
    document.set_active(layer)
    view.set_brush(BrushSettings(target="layer"))
    hand.drag(LINE)
    assert "no paint would hold" in " ".join(said)


def test_the_mask_is_painted_whatever_is_locked(
    view: CanvasView, document: Document, hand: Hand, patches: list[Layer]
) -> None:
    document.set_layer(patches[1], locked=True)
    hand.drag(LINE)
    assert not document.masks.active.bounds().empty


def test_several_layers_are_dragged_as_one_step(
    view: CanvasView, document: Document, hand: Hand, patches: list[Layer]
) -> None:
    view.choose_layers_by(lambda: (patches[1], patches[0]))
    view.set_tool("transform")
    before = [each.pixels.tight_bounds() for each in patches]
    hand.drag([(200.0, 200.0), (220.0, 200.0), (240.0, 210.0)])
    after = [each.pixels.tight_bounds() for each in patches]
    away = after[0].x - before[0].x, after[0].y - before[0].y
    assert away[0] > 30
    assert after == [each.moved(*away) for each in before]
    assert document.history.count() == 1
    document.history.undo()
    assert [each.pixels.tight_bounds() for each in patches] == before


def test_one_locked_layer_among_several_keeps_all_in_place(
    view: CanvasView, document: Document, hand: Hand, patches: list[Layer]
) -> None:
    document.set_layer(patches[0], locked=True)
    view.choose_layers_by(lambda: tuple(patches))
    view.set_brush(replace(view.brush, target="layer"))
    view.set_tool("transform")
    hand.drag([(300.0, 200.0), (340.0, 220.0)])
    assert document.history.count() == 0

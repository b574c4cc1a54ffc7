"""Rewrite the goldens with `python -m pytest tests/canvas --update-goldens` and look at them."""

from collections.abc import Callable

import numpy as np
import pytest

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.layer import Group, Layer
from tests.canvas.goldens import compare
from tests.canvas.hand import Hand

WAVE = [(180.0 + i * 12, 250.0 + 60 * np.sin(i / 5)) for i in range(26)]


def landscape() -> Pixels:
    """Sky, sun and hills, soft and sharp edges: uint8 `[400, 600, 4]`."""
    y, x = np.mgrid[0:400, 0:600].astype(np.float32) / 400
    sky = np.stack([130 + 90 * y, 170 + 40 * y, 225 - 20 * y], axis=-1)
    land = np.stack([60 + 40 * x, 110 - 20 * x, 50 + 8 * x], axis=-1) * (1.5 - y)[..., None]
    hill = 0.62 + 0.06 * np.sin(x * 7) + 0.03 * np.sin(x * 17 + 1)
    pixels = np.where((y > hill)[..., None], land, sky)
    sun = np.clip((0.09 - np.hypot(x - 1.1, y - 0.25)) * 300, 0, 1)[..., None]
    pixels = pixels * (1 - sun) + np.array([255, 240, 200]) * sun
    pixels += (((x * 400) // 8 + (y * 400) // 8) % 2 * 8)[..., None]
    return np.dstack([pixels.clip(0, 255), np.full_like(x, 255)]).astype(np.uint8)


@pytest.fixture
def document() -> Document:
    """The landscape."""
    return Document.from_pixels(landscape(), "landscape")


def masked(view: CanvasView, hand: Hand) -> None:
    view.set_brush(BrushSettings(size=70, hardness=0.7))
    hand.drag(WAVE)
    view.set_brush(BrushSettings(size=50, hardness=1.0, opacity=0.4))
    hand.drag([(150.0, 100.0), (350.0, 110.0)])


def framed(view: CanvasView, hand: Hand) -> None:
    masked(view, hand)
    view.document.set_frame(Rect(-120, 80, 400, 256))
    view.set_tool("frame")
    view.fit()


def running(view: CanvasView, hand: Hand) -> None:
    masked(view, hand)
    view.set_tool("pan")
    view.set_running(True)
    view.set_progress(0.4)
    y, x = np.mgrid[0:32, 0:48]
    preview = np.stack([x * 5, y * 7, 255 - x * 5], axis=-1).astype(np.uint8)
    area = view.document.masks.active.bounds()
    view.show_preview(area, preview, view.document.masks.active.read(area))


def may_change(view: CanvasView, hand: Hand) -> None:
    masked(view, hand)
    view.set_tool("pan")
    view.show_may_change(True)


def lasso(view: CanvasView, hand: Hand) -> None:
    view.set_tool("lasso")
    hand.press((100.0, 100.0))
    hand.move((300.0, 80.0), (420.0, 200.0), (250.0, 330.0), (120.0, 260.0))


def pixels(view: CanvasView, hand: Hand) -> None:
    masked(view, hand)
    hole = np.zeros((20, 20, 4), np.uint8)
    view.document.paint(view.document.layers[0], Rect(190, 200, 20, 20), hole)
    view.set_tool("rectangle")
    view.zoom_at(8.0, hand.at((190.0, 220.0)))


def turned(view: CanvasView, hand: Hand) -> None:
    framed(view, hand)
    view.flip_view()
    view.rotate_view(25)


def transforming(view: CanvasView, hand: Hand) -> None:
    layer = Layer("patch")
    layer.pixels.write(Rect(150, 120, 160, 120), landscape()[150:270, 380:540].copy())
    view.document.insert_layer(layer, 1)
    view.document.set_active(layer)
    view.set_tool("transform")
    hand.press((330.0, 180.0))
    hand.move((315.0, 240.0))


def grouped(view: CanvasView, hand: Hand) -> None:
    dark = Group("shade", opacity=0.6, blend="multiply")
    for number, colour in enumerate(((255, 120, 60, 255), (60, 160, 255, 160))):
        layer = Layer("patch", groups=(dark,), blend=("normal", "screen")[number])
        layer.pixels.fill(Rect(120 + 110 * number, 90 + 70 * number, 220, 160), colour)
        view.document.insert_layer(layer, number + 1)
    view.set_tool("pan")


def cropping(view: CanvasView, hand: Hand) -> None:
    view.set_tool("crop")
    hand.drag([(120.0, 80.0), (420.0, 300.0)])


SCENES = [masked, framed, running, may_change, lasso, pixels, turned, transforming, cropping]
SCENES += [grouped]


@pytest.mark.parametrize("scene", SCENES)
def test_the_view_looks_as_it_did(
    view: CanvasView,
    hand: Hand,
    scene: Callable[[CanvasView, Hand], None],
    request: pytest.FixtureRequest,
) -> None:
    scene(view, hand)
    update = bool(request.config.getoption("--update-goldens", default=False))
    compare(view.grab().toImage(), f"canvas-{scene.__name__.replace('_', '-')}", update)

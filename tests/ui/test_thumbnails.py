from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.layer import Layer
from studio.ui.images import small
from studio.ui.panels import thumbnails
from studio.ui.panels.thumbnails import Thumbnails

BOUNDS = Rect(0, 0, 200, 100)


@pytest.fixture
def layer(qapp: QApplication) -> Layer:
    """Grey all over."""
    made = Layer("grey")
    made.pixels.fill(BOUNDS, (90, 90, 90, 255))
    return made


def test_it_is_made_once_until_the_pixels_change(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Rect] = []

    def counted(read: Callable[[Rect], Pixels], area: Rect, edge: int) -> Pixels:
        calls.append(area)
        return small(read, area, edge)

    monkeypatch.setattr(thumbnails, "small", counted)
    made = Thumbnails()
    for _ in range(3):
        made.of(layer, BOUNDS)
    assert len(calls) == 1
    layer.pixels.write(Rect(0, 0, 1, 1), np.zeros((1, 1, 4), np.uint8))
    made.of(layer, BOUNDS)
    made.of(layer, Rect(0, 0, 100, 100))
    assert len(calls) == 3


def test_undo_brings_the_earlier_one_back(qapp: QApplication) -> None:
    document = Document.from_pixels(np.full((100, 200, 4), 255, np.uint8), "white")
    made, layer = Thumbnails(), document.layers[0]
    before = layer.pixels.snapshot()
    document.paint(layer, BOUNDS, np.full((100, 200, 4), (0, 0, 0, 255), np.uint8))
    dark = made.of(layer, BOUNDS)
    document.replace_pixels(layer, before)
    light = made.of(layer, BOUNDS)
    assert dark is not None
    assert light is not None
    assert dark.pixelColor(9, 9).lightness() < 10 < light.pixelColor(9, 9).lightness()


def test_an_empty_layer_has_none_and_gone_layers_are_forgotten(layer: Layer) -> None:
    made = Thumbnails()
    assert made.of(Layer("empty"), BOUNDS) is None
    made.of(layer, BOUNDS)
    made.keep([])
    assert not made._made

from pathlib import Path

import numpy as np
import pytest

from studio.core.geometry import Rect, Size
from studio.document.document import Document
from studio.document.layer import Layer
from studio.document.masks import Mask
from tests.document.conftest import Noise


def test_an_empty_document_has_no_picture() -> None:
    document = Document()
    assert not document.has_picture
    assert document.active is None
    assert not document.composite(Rect(-5, -5, 20, 20)).any()


def test_opening_starts_over(document: Document, noise: Noise) -> None:
    document.masks.write(Rect(0, 0, 5, 5), np.full((5, 5), 255, np.uint8))
    pixels = noise(40, 30, 9)
    document.open_pixels(pixels, "new", Path("new.png"))
    assert (document.name, document.path) == ("new", Path("new.png"))
    assert document.bounds == document.frame == Rect(0, 0, 40, 30)
    assert document.masks.active.bounds().empty
    assert np.array_equal(document.composite(document.bounds), pixels)
    assert not document.dirty


def test_closing_leaves_no_picture(document: Document) -> None:
    document.close()
    assert not document.has_picture
    assert document.layers == ()


@pytest.mark.parametrize("colour", [(255, 255, 255, 255), (9, 8, 7, 128), None])
def test_a_new_canvas_is_plain(colour: tuple[int, int, int, int] | None) -> None:
    document = Document()
    document.open_blank(Size(300, 10), colour, "untitled")
    shown = document.composite(document.bounds)
    assert shown.shape == (10, 300, 4)
    assert (shown == (colour or (0, 0, 0, 0))).all()


def test_nothing_is_shown_outside_the_picture(document: Document, noise: Noise) -> None:
    layer = Layer("wide")
    layer.pixels.write(Rect(-50, -50, 400, 300), noise(400, 300, 3))
    document.insert_layer(layer, 1)
    shown = document.composite(Rect(-50, -50, 400, 300))
    assert shown[50:250, 50:350].any()
    shown[50:250, 50:350] = 0
    assert not shown.any()


def test_a_rectangle_wholly_outside_is_empty(document: Document) -> None:
    shown = document.composite(Rect(5000, 5000, 30, 20))
    assert shown.shape == (20, 30, 4)
    assert not shown.any()


def test_painting_tells_the_visible_rectangle(document: Document) -> None:
    seen: list[Rect] = []
    document.changed.connect(seen.append)
    layer = document.layers[0]
    document.paint(layer, Rect(-10, -10, 20, 20), np.full((20, 20, 4), 9, np.uint8))
    document.paint(layer, Rect(-90, -90, 20, 20), np.full((20, 20, 4), 9, np.uint8))
    assert seen == [Rect(0, 0, 10, 10)]


def test_growing_the_picture_tells_old_and_new(document: Document) -> None:
    seen: list[Rect] = []
    document.changed.connect(seen.append)
    document.set_bounds(Rect(-100, 0, 200, 100))
    assert seen == [Rect(-100, 0, 400, 200)]
    document.set_bounds(Rect(-100, 0, 200, 100))
    assert len(seen) == 1


def test_the_layer_below_a_removed_one_becomes_active(document: Document) -> None:
    for index, name in ((1, "middle"), (2, "top")):
        document.insert_layer(Layer(name), index)
    document.set_active(document.layers[2])
    for expected in ("middle", "photo", None):
        assert document.active is not None
        document.remove_layer(document.active)
        active = document.active
        assert (active.name if active else None) == expected


@pytest.mark.parametrize("name", ["id", "pixels", "made_up"])
def test_what_is_no_property_of_a_layer_is_refused(document: Document, name: str) -> None:
    with pytest.raises(TypeError, match=name):
        document.set_layer(document.layers[0], **{name: 1})


def test_what_is_no_property_of_a_mask_is_refused(document: Document) -> None:
    with pytest.raises(TypeError, match="pixels"):
        document.masks.set_properties(pixels=None)


def test_hiding_a_layer_repaints_it_and_renaming_does_not(document: Document) -> None:
    seen: list[Rect] = []
    document.changed.connect(seen.append)
    document.set_layer(document.layers[0], name="sky", locked=True)
    assert seen == []
    document.set_layer(document.layers[0], visible=False)
    assert seen == [Rect(0, 0, 300, 200)]


def test_the_mask_may_reach_beyond_the_picture(document: Document) -> None:
    document.masks.write(Rect(-40, 10, 20, 20), np.full((20, 20), 200, np.uint8))
    assert document.masks.active.bounds() == Rect(-40, 10, 20, 20)


@pytest.mark.parametrize(
    ("strength", "densities"),
    [(1.0, [0, 1, 100, 255]), (0.5, [0, 1, 50, 128]), (0.001, [0, 1, 1, 1]), (0.0, [0] * 4)],
)
def test_strength_scales_what_a_run_reads_and_keeps_the_masked_masked(
    strength: float, densities: list[int]
) -> None:
    mask = Mask("m", strength=strength)
    mask.pixels.write(Rect(0, 0, 4, 1), np.array([[0, 1, 100, 255]], np.uint8))
    assert mask.effective(Rect(0, 0, 4, 1)).tolist() == [densities]
    assert mask.read(Rect(0, 0, 4, 1)).tolist() == [[0, 1, 100, 255]]


def test_a_white_canvas_of_16384_px_costs_next_to_nothing() -> None:
    document = Document()
    document.open_blank(Size(16384, 16384), (255, 255, 255, 255), "large")
    assert document.layers[0].pixels.nbytes < 1 << 20

"""Large pictures appear in parts, and what is known is not computed again."""

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.canvas import compose
from studio.canvas.pyramid import Packed, Pyramid, halved_colours
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.document import Document
from tests.canvas.goldens import rgb
from tests.canvas.hand import picture

WITHIN = Rect(0, 0, 1024, 1024)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No repaint has more time than for its first tiles."""
    monkeypatch.setattr(compose, "PATIENCE", 0.0)


class Source:
    """A plane of one colour that counts what is read of it."""

    def __init__(self) -> None:
        self.value = 7
        self.read_px = 0

    def read(self, area: Rect) -> Packed:
        self.read_px += area.size.area
        return np.full((area.height, area.width), self.value, np.uint32)


def settle(view: CanvasView, qtbot: QtBot) -> None:
    """Until everything is there."""
    view.grab()
    qtbot.waitUntil(lambda: view.complete)


def test_what_there_is_no_time_for_is_told_and_left_out() -> None:
    pyramid = Pyramid(Source().read, halved_colours)
    turns = iter([False, False, False])
    partial = pyramid.read_partly(0, WITHIN, WITHIN, lambda: next(turns, True))
    assert len(partial.late) == 13
    assert partial.late == partial.missing
    assert partial.pixels is not None
    assert partial.pixels[0, :768].tolist() == [7] * 768


def test_a_change_shows_what_was_there_until_there_is_time() -> None:
    source = Source()
    pyramid = Pyramid(source.read, halved_colours)
    pyramid.read(1, Rect(0, 0, 512, 512), WITHIN)
    source.value = 9
    pyramid.invalidate(WITHIN)
    late = pyramid.read_partly(1, Rect(0, 0, 512, 512), WITHIN, lambda: True)
    assert late.late
    assert not late.missing
    assert late.pixels is not None
    assert late.pixels.max() == 7
    done = pyramid.read_partly(1, Rect(0, 0, 512, 512), WITHIN, lambda: False)
    assert not done.late
    assert done.pixels is not None
    assert done.pixels.min() == 9


def test_coarse_tiles_outlive_the_fine_ones_they_were_made_of() -> None:
    source = Source()
    pyramid = Pyramid(source.read, halved_colours, keep=24)
    pyramid.read(2, Rect(0, 0, 256, 256), WITHIN)
    for _ in range(3):
        pyramid.read(0, WITHIN, WITHIN)
    before = source.read_px
    pyramid.read(2, Rect(0, 0, 256, 256), WITHIN)
    assert source.read_px == before


@pytest.mark.usefixtures("impatient")
def test_a_large_picture_comes_in_parts_and_completes(
    open_view: Callable[[Document], CanvasView], qtbot: QtBot
) -> None:
    document = Document.from_pixels(picture(3000, 2000), "large")
    view = open_view(document)
    view.set_tool("pan")
    view.one_to_one()
    view.fit()
    settle(view, qtbot)
    shown = rgb(view.grab().toImage())
    fresh = open_view(document)
    fresh.set_tool("pan")
    settle(fresh, qtbot)
    assert np.array_equal(rgb(fresh.grab().toImage()), shown)


@pytest.mark.usefixtures("impatient")
def test_a_part_of_a_large_picture_is_not_held_for_transparent(
    open_view: Callable[[Document], CanvasView],
) -> None:
    white = np.full((2000, 3000, 4), 255, np.uint8)
    view = open_view(Document.from_pixels(white, "large"))
    view.set_tool("pan")
    view.scene.composer.picture_changed(Rect(0, 0, 3000, 2000))
    seen = rgb(view.grab().toImage()).reshape(-1, 3)
    checks = {view.scene.look.checks[0][:3], view.scene.look.checks[1][:3]}
    assert not checks & {tuple(int(c) for c in pixel) for pixel in np.unique(seen, axis=0)}


def reads(view: CanvasView, monkeypatch: pytest.MonkeyPatch) -> list[Rect]:
    """What is read of the document's picture from now on."""
    found: list[Rect] = []
    composite = view.document.composite

    def counted(area: Rect) -> Pixels:
        found.append(area)
        return composite(area)

    monkeypatch.setattr(view.document, "composite", counted)
    return found


@pytest.mark.parametrize("bounds", [Rect(-64, 0, 2112, 1536), Rect(0, 0, 2048, 1700)])
def test_growing_bounds_keep_what_is_known(
    open_view: Callable[[Document], CanvasView],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    bounds: Rect,
) -> None:
    view = open_view(Document.from_pixels(picture(2048, 1536), "large"))
    settle(view, qtbot)
    found = reads(view, monkeypatch)
    view.document.set_bounds(bounds)
    settle(view, qtbot)
    assert sum(area.size.area for area in found) < 0.35 * 2048 * 1536


@pytest.mark.parametrize(
    "bounds", [Rect(-64, -3, 1100, 900), Rect(100, 50, 300, 700), Rect(0, 0, 1000, 801)]
)
def test_other_bounds_look_as_if_opened_with_them(
    open_view: Callable[[Document], CanvasView], qtbot: QtBot, bounds: Rect
) -> None:
    view = open_view(Document.from_pixels(picture(1000, 800), "large"))
    view.set_tool("pan")
    settle(view, qtbot)
    view.document.set_bounds(bounds)
    view.fit()
    settle(view, qtbot)
    shown = rgb(view.grab().toImage())
    view.scene.composer.picture_changed(Rect(-9999, -9999, 20000, 20000))
    settle(view, qtbot)
    assert np.array_equal(rgb(view.grab().toImage()), shown)


def test_other_pixels_in_other_bounds_are_seen(
    open_view: Callable[[Document], CanvasView], qtbot: QtBot
) -> None:
    document = Document.from_pixels(picture(1000, 800), "large")
    view = open_view(document)
    view.set_tool("pan")
    settle(view, qtbot)
    document.open_pixels(np.full((900, 1100, 4), 255, np.uint8), "white")
    settle(view, qtbot)
    seen = rgb(view.grab().toImage())
    assert seen[150, 200].tolist() == [255, 255, 255]

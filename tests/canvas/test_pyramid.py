import numpy as np
import pytest

from studio.canvas.pyramid import (
    LEVELS,
    Pyramid,
    halved_colours,
    halved_mask,
    halved_reach,
    scaled_down,
)
from studio.core.geometry import Rect
from studio.core.pixels import Pixels

PLANE = Rect(0, 0, 1024, 1024)


class Plane:
    """A grey picture on the plane that counts how much of it was asked for."""

    def __init__(self) -> None:
        self.pixels = np.random.default_rng(3).integers(0, 256, (1024, 1024), np.uint8)
        self.asked: list[Rect] = []

    def read(self, area: Rect) -> Pixels | None:
        self.asked.append(area)
        inside = area.intersected(Rect(0, 0, 1024, 1024))
        if inside.empty:
            return None
        part = np.zeros((area.height, area.width), np.uint8)
        place = inside.moved(-area.x, -area.y)
        part[place.rows, place.columns] = self.pixels[inside.rows, inside.columns]
        return part

    def halved(self, level: int) -> Pixels:
        pixels = self.pixels
        for _ in range(level):
            pixels = halved_mask(pixels)
        return pixels


def read(pyramid: Pyramid, level: int, area: Rect) -> Pixels:
    """What must be there."""
    pixels = pyramid.read(level, area, PLANE)
    assert pixels is not None
    return pixels


@pytest.mark.parametrize("level", range(4))
def test_a_level_is_the_halved_level_below(level: int) -> None:
    plane = Plane()
    edge = 1024 >> level
    pixels = read(Pyramid(plane.read, halved_mask), level, Rect(0, 0, edge, edge))
    assert np.array_equal(pixels, plane.halved(level))


@pytest.mark.parametrize("level", range(3))
@pytest.mark.parametrize("area", [Rect(300, 301, 17, 3), Rect(255, 255, 2, 2), Rect(0, 0, 1, 1)])
def test_a_change_reaches_every_level(level: int, area: Rect) -> None:
    plane = Plane()
    pyramid = Pyramid(plane.read, halved_mask)
    whole = Rect(0, 0, 1024 >> level, 1024 >> level)
    pyramid.read(level, whole, PLANE)
    plane.pixels[area.rows, area.columns] = 0
    pyramid.invalidate(area)
    assert np.array_equal(read(pyramid, level, whole), plane.halved(level))


def test_a_change_costs_its_own_pixels_only() -> None:
    plane = Plane()
    pyramid = Pyramid(plane.read, halved_mask)
    pyramid.read(2, Rect(0, 0, 256, 256), PLANE)
    plane.asked.clear()
    pyramid.invalidate(Rect(101, 101, 10, 10))
    pyramid.read(2, Rect(0, 0, 256, 256), PLANE)
    assert plane.asked == [Rect(101, 101, 10, 10)]


def test_only_what_is_looked_at_is_computed() -> None:
    plane = Plane()
    Pyramid(plane.read, halved_mask).read(0, Rect(10, 10, 20, 20), PLANE)
    assert plane.asked == [Rect(0, 0, 256, 256)]


def test_where_there_is_nothing_none_comes_back() -> None:
    plane = Plane()
    pyramid = Pyramid(plane.read, halved_mask)
    assert pyramid.read(3, Rect(-64, -64, 32, 32), PLANE) is None


def test_nothing_is_looked_for_where_nothing_is() -> None:
    plane = Plane()
    pyramid = Pyramid(plane.read, halved_mask)
    assert pyramid.read(7, Rect(0, 0, 256, 256), Rect(300, 300, 4, 4)) is not None
    assert plane.asked == [Rect(256, 256, 256, 256)]


def test_negative_coordinates_join_without_a_gap() -> None:
    plane = Plane()
    pixels = Pyramid(plane.read, halved_mask).read(1, Rect(-10, -10, 20, 20), PLANE)
    assert pixels is not None
    assert not pixels[:10].any()
    assert np.array_equal(pixels[10:, 10:], plane.halved(1)[:10, :10])


def test_forgotten_tiles_are_computed_again() -> None:
    plane = Plane()
    pyramid = Pyramid(plane.read, halved_mask, keep=3)
    assert np.array_equal(read(pyramid, 2, Rect(0, 0, 256, 256)), plane.halved(2))
    assert np.array_equal(read(pyramid, 0, Rect(0, 0, 1024, 1024)), plane.pixels)


@pytest.mark.parametrize("level", range(3))
def test_something_can_come_up_where_nothing_was(level: int) -> None:
    plane = Plane()
    empty = True
    pyramid = Pyramid(lambda area: None if empty else plane.read(area), halved_mask)
    whole = Rect(0, 0, 1024 >> level, 1024 >> level)
    assert pyramid.read(level, whole, PLANE) is None
    empty = False
    pyramid.invalidate(Rect(300, 300, 8, 8))
    plane.asked.clear()
    part = scaled_down(Rect(300, 300, 8, 8), level)
    shown = read(pyramid, level, whole)
    assert np.array_equal(
        shown[part.rows, part.columns], plane.halved(level)[part.rows, part.columns]
    )
    assert sum(area.size.area for area in plane.asked) == 64


def test_a_corner_of_a_forgotten_tile_is_computed_alone() -> None:
    plane = Plane()
    pyramid = Pyramid(plane.read, halved_mask, keep=4)
    pyramid.read(2, Rect(0, 0, 256, 256), PLANE)
    plane.asked.clear()
    plane.pixels[600:604, 600:604] = 0
    pyramid.invalidate(Rect(600, 600, 4, 4))
    assert np.array_equal(read(pyramid, 2, Rect(0, 0, 256, 256)), plane.halved(2))
    assert plane.asked == [Rect(600, 600, 4, 4)]


def test_what_becomes_nothing_is_cleared() -> None:
    plane = Plane()
    gone = False
    pyramid = Pyramid(lambda area: None if gone else plane.read(area), halved_mask)
    pyramid.read(0, Rect(0, 0, 256, 256), PLANE)
    gone = True
    pyramid.invalidate(Rect(5, 5, 10, 10))
    pixels = pyramid.read(0, Rect(0, 0, 256, 256), PLANE)
    assert pixels is not None
    assert not pixels[5:15, 5:15].any()
    assert np.array_equal(pixels[20:], plane.pixels[20:256, :256])


def test_halved_colours_is_the_box_average_of_each_channel() -> None:
    channels = np.random.default_rng(5).integers(0, 256, (6, 8, 4), np.uint8)
    halved = halved_colours(channels.view(np.uint32)[..., 0]).view(np.uint8).reshape(3, 4, 4)
    blocks = channels.reshape(3, 2, 4, 2, 4).astype(np.int32).sum(axis=(1, 3))
    assert np.array_equal(halved, (blocks + 2) // 4)


def test_halved_reach_keeps_a_single_pixel() -> None:
    marked = np.zeros((256, 256), np.uint8)
    marked[77, 201] = 255
    for _ in range(LEVELS):
        marked = halved_reach(marked)
    assert marked.max() == 255


@pytest.mark.parametrize(
    ("area", "level", "expected"),
    [
        (Rect(3, 5, 4, 4), 1, Rect(1, 2, 3, 3)),
        (Rect(-3, -1, 4, 2), 1, Rect(-2, -1, 3, 2)),
        (Rect(0, 0, 1, 1), 7, Rect(0, 0, 1, 1)),
    ],
)
def test_scaled_down_holds_every_touched_pixel(area: Rect, level: int, expected: Rect) -> None:
    assert scaled_down(area, level) == expected

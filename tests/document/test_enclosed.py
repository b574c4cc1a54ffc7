"""Holes of tiled masks against a plain flood of one array."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.enclosed import LEVELS, filled
from studio.document.flood import touching
from studio.document.tiles import TileGrid

PLANE = Rect(-300, -280, 900, 820)
RINGS = st.tuples(
    st.integers(-290, 420), st.integers(-270, 330), st.integers(20, 300), st.integers(0, 4)
)


def holes(mask: Pixels) -> Pixels:
    """Level by level: what cannot be left is raised."""
    levels = np.unique(mask)
    levels = levels[levels > 0]
    if levels.size > LEVELS:
        levels = levels[np.linspace(0, levels.size - 1, LEVELS + 1).round().astype(np.intp)[1:]]
    border = np.zeros(mask.shape, np.bool_)
    border[[0, -1]] = border[:, [0, -1]] = True
    result = mask.copy()
    for level in levels:
        below = result < level
        result = np.maximum(result, (below & ~touching(below, border)) * np.uint8(level))
    return result


def ring(mask: Pixels, x: int, y: int, edge: int, kind: int) -> None:
    """A frame, whole or with a gap, or a full square, of one of several densities."""
    left, top = x - PLANE.x, y - PLANE.y
    part = mask[top : top + edge, left : left + edge]
    part[...] = (255, 255, 128, 90, 255)[kind]
    if kind < 4:
        part[4:-4, 4:-4] = 0
    if kind == 1:
        part[10:12, :4] = 0


@settings(max_examples=60, deadline=None)
@given(rings=st.lists(RINGS, min_size=1, max_size=6))
def test_holes_are_those_of_the_whole_array(rings: list[tuple[int, int, int, int]]) -> None:
    mask = np.zeros((PLANE.height, PLANE.width), np.uint8)
    for each in rings:
        ring(mask, *each)
    grid = TileGrid(1)
    grid.write(PLANE, mask)
    # One px of nothing around, so that what ends at the plane's edge is closed there as well.
    expected = holes(np.pad(mask, 1))[1:-1, 1:-1]
    assert np.array_equal(filled(grid, PLANE.grown(600)).read(PLANE), expected)


@pytest.mark.parametrize("edge", [256, 300, 1000])
def test_a_hole_of_whole_tiles_is_filled(edge: int) -> None:
    grid = TileGrid(1)
    grid.fill(Rect(-512, -512, 2048, 2048), (255,))
    grid.write(Rect(-256, -256, edge, edge), np.zeros((edge, edge), np.uint8))
    after = filled(grid, Rect(-512, -512, 2048, 2048))
    assert after.read(Rect(-512, -512, 2048, 2048)).min() == 255


def test_what_touches_the_limits_is_open_and_nothing_beyond_changes() -> None:
    grid, limits = TileGrid(1), Rect(0, 0, 400, 400)
    grid.fill(Rect(-50, 100, 600, 10), (255,))
    grid.fill(Rect(-50, 300, 600, 10), (255,))
    grid.fill(Rect(540, 100, 10, 210), (255,))
    grid.fill(Rect(-50, 100, 10, 210), (255,))
    before = grid.read(Rect(-60, 90, 620, 230))
    assert np.array_equal(filled(grid, limits).read(Rect(-60, 90, 620, 230)), before)


def test_an_empty_mask_stays_empty() -> None:
    assert not filled(TileGrid(1), Rect(0, 0, 100, 100)).keys()


def test_a_tile_that_does_not_change_is_shared() -> None:
    grid = TileGrid(1)
    grid.fill(Rect(0, 0, 1024, 1024), (255,))
    grid.write(Rect(300, 300, 20, 20), np.zeros((20, 20), np.uint8))
    after = filled(grid, Rect(0, 0, 1024, 1024))
    assert after.shares((0, 0), grid)
    assert not after.shares((1, 1), grid)

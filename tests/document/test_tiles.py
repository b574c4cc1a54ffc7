import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds
from studio.document.tiles import TILE, TileGrid, pieces

#: The plain array that stands for the plane: its own (0, 0) is document (-EDGE, -EDGE).
EDGE = 600

RECTS = st.builds(
    Rect,
    st.integers(-EDGE, EDGE - 1),
    st.integers(-EDGE, EDGE - 1),
    st.integers(0, 700),
    st.integers(0, 700),
).map(lambda rect: rect.intersected(Rect(-EDGE, -EDGE, 2 * EDGE, 2 * EDGE)))


def noise(rect: Rect, channels: int, seed: int) -> Pixels:
    shape = (rect.height, rect.width) + ((channels,) if channels > 1 else ())
    if seed == 0:
        return np.zeros(shape, np.uint8)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def on_plane(plane: Pixels, rect: Rect) -> Pixels:
    at = rect.moved(EDGE, EDGE)
    return plane[at.rows, at.columns]


@settings(max_examples=30, deadline=None)
@given(
    channels=st.sampled_from([1, 4]),
    writes=st.lists(st.tuples(RECTS, st.integers(0, 3)), max_size=6),
    where=RECTS,
)
def test_reading_gives_what_a_plain_array_would(
    channels: int, writes: list[tuple[Rect, int]], where: Rect
) -> None:
    grid = TileGrid(channels)
    plane = noise(Rect(0, 0, 2 * EDGE, 2 * EDGE), channels, 0)
    for rect, seed in writes:
        grid.write(rect, noise(rect, channels, seed))
        on_plane(plane, rect)[...] = noise(rect, channels, seed)
    assert np.array_equal(grid.read(where), on_plane(plane, where))
    flat = plane if channels == 1 else plane.max(axis=2)
    found = mask_bounds(flat)
    assert grid.tight_bounds() == (found if found.empty else found.moved(-EDGE, -EDGE))


@settings(max_examples=40, deadline=None)
@given(before=RECTS, after=RECTS, filled=RECTS)
def test_a_snapshot_never_sees_later_writes(before: Rect, after: Rect, filled: Rect) -> None:
    grid = TileGrid(1)
    grid.write(before, noise(before, 1, 1))
    kept = grid.snapshot()
    expected = kept.read(Rect(-EDGE, -EDGE, 2 * EDGE, 2 * EDGE))
    grid.write(after, noise(after, 1, 2))
    grid.fill(filled, (9,))
    assert np.array_equal(kept.read(Rect(-EDGE, -EDGE, 2 * EDGE, 2 * EDGE)), expected)


def test_writing_to_a_snapshot_leaves_the_original_alone() -> None:
    grid = TileGrid(1)
    grid.fill(Rect(0, 0, 10, 10), (7,))
    copy = grid.snapshot()
    copy.write(Rect(0, 0, 10, 10), noise(Rect(0, 0, 10, 10), 1, 0))
    assert copy.keys() == set()
    assert int(grid.read(Rect(0, 0, 10, 10)).min()) == 7


def test_a_snapshot_shares_every_tile() -> None:
    grid = TileGrid(4)
    grid.write(Rect(0, 0, 600, 300), noise(Rect(0, 0, 600, 300), 4, 1))
    copy = grid.snapshot()
    for key in sorted(grid.keys()):
        ours, theirs = grid.tile(key), copy.tile(key)
        assert ours is not None
        assert theirs is not None
        assert np.shares_memory(ours, theirs)


@pytest.mark.parametrize("area", [Rect(0, 0, 256, 256), Rect(-10, -10, 20, 20)])
def test_tiles_erased_to_zero_are_dropped(area: Rect) -> None:
    grid = TileGrid(4)
    grid.write(area, noise(area, 4, 1))
    grid.write(area, noise(area, 4, 0))
    assert grid.nbytes == 0


def test_a_plain_picture_of_16384_px_costs_one_tile_and_its_edges() -> None:
    grid = TileGrid(4)
    grid.fill(Rect(0, 0, 16384, 16384), (255, 255, 255, 255))
    assert grid.nbytes == TILE * TILE * 4
    assert len(grid.keys()) == 64 * 64


def test_writing_into_a_shared_plain_tile_changes_that_place_only() -> None:
    grid = TileGrid(1)
    grid.fill(Rect(0, 0, 512, 256), (5,))
    grid.write(Rect(0, 0, 1, 1), np.full((1, 1), 9, np.uint8))
    assert grid.read(Rect(0, 0, 1, 1))[0, 0] == 9
    assert grid.read(Rect(256, 0, 1, 1))[0, 0] == 5


def test_a_tile_is_handed_out_read_only() -> None:
    grid = TileGrid(1)
    grid.fill(Rect(0, 0, 1, 1), (1,))
    tile = grid.tile((0, 0))
    assert tile is not None
    with pytest.raises(ValueError, match="read-only"):
        tile[0, 0] = 3


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((2, 2, 4), np.uint8),
        np.zeros((3, 2), np.uint8),
        np.zeros((2, 2), np.float32),
    ],
)
def test_an_array_that_does_not_fit_is_refused(pixels: Pixels) -> None:
    with pytest.raises(ValueError, match="does not fill"):
        TileGrid(1).write(Rect(0, 0, 2, 2), pixels)


@pytest.mark.parametrize("rect", [Rect(0, 0, 0, 5), Rect(3, 3, -2, 4)])
def test_an_empty_rectangle_has_no_pieces_and_reads_as_nothing(rect: Rect) -> None:
    assert list(pieces(rect)) == []
    assert TileGrid(1).read(rect).size == 0


def test_a_read_only_array_is_kept_uncopied_and_never_written() -> None:
    pixels = noise(Rect(0, 0, 600, 600), 4, 1)
    pixels.flags.writeable = False
    grid = TileGrid(4)
    grid.write(Rect(0, 0, 600, 600), pixels)
    kept = grid.tile((1, 1))
    assert kept is not None
    assert np.shares_memory(kept, pixels)
    grid.write(Rect(300, 300, 5, 5), np.zeros((5, 5, 4), np.uint8))
    assert np.array_equal(pixels, noise(Rect(0, 0, 600, 600), 4, 1))
    assert not grid.read(Rect(300, 300, 5, 5)).any()


def test_an_array_that_may_still_be_written_is_copied() -> None:
    pixels = noise(Rect(0, 0, 256, 256), 4, 1)
    grid = TileGrid(4)
    grid.write(Rect(0, 0, 256, 256), pixels)
    pixels[...] = 0
    assert np.array_equal(grid.read(Rect(0, 0, 256, 256)), noise(Rect(0, 0, 256, 256), 4, 1))

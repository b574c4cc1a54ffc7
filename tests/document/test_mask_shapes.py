from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays
from PySide6.QtGui import QUndoCommand

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document import edits, mask_grids, mask_ops
from studio.document.document import Document
from studio.document.enclosed import filled
from studio.document.flood import Flags, touching
from studio.document.layer import Layer
from studio.document.selection import by_colour, from_point, similar
from studio.document.tiles import TileGrid
from tests.document.test_enclosed import holes

LIMITS = Rect(-30, -20, 900, 700)
FLAGS = arrays.arrays(np.bool_, (9, 11))


def spots(seed: int = 1) -> TileGrid:
    """A few rectangles of several densities, across tile edges and one at the limits' corner."""
    grid, rng = TileGrid(1), np.random.default_rng(seed)
    for _ in range(6):
        x, y, width, height = rng.integers(0, 500, 4) % [500, 500, 200, 150]
        area = Rect(int(x), int(y), int(width) + 1, int(height) + 1)
        grid.fill(area, (int(rng.integers(1, 256)),))
    grid.fill(Rect(-30, -20, 15, 15), (255,))
    return grid


@pytest.mark.parametrize(
    ("by_blocks", "whole"),
    [
        (lambda grid: mask_grids.grown(grid, LIMITS, 21), lambda mask: mask_ops.grow(mask, 21)),
        (lambda grid: mask_grids.shrunk(grid, LIMITS, 9), lambda mask: mask_ops.shrink(mask, 9)),
        (lambda grid: mask_grids.bordered(grid, LIMITS, 7), lambda mask: mask_ops.border(mask, 7)),
        (
            lambda grid: mask_grids.feathered(grid, LIMITS, 6.5),
            lambda mask: mask_ops.feather(mask, 6.5),
        ),
        (lambda grid: filled(grid, LIMITS), holes),
    ],
    ids=["grow", "shrink", "border", "feather", "fill holes"],
)
def test_blocks_give_what_the_whole_would(
    by_blocks: Callable[[TileGrid], TileGrid],
    whole: Callable[[Pixels], Pixels],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mask_grids, "_BLOCK", 2)
    grid = spots()
    assert np.array_equal(by_blocks(grid).read(LIMITS), whole(grid.read(LIMITS)))


def test_what_lies_outside_the_limits_stays() -> None:
    grid = TileGrid(1)
    grid.fill(Rect(-100, 0, 300, 50), (255,))
    shrunk = mask_grids.shrunk(grid, Rect(0, 0, 400, 400), 10)
    assert shrunk.tight_bounds() == Rect(-100, 0, 290, 50)
    assert shrunk.read(Rect(0, 0, 200, 50)).sum() == 190 * 40 * 255


def test_far_apart_spots_cost_their_own_tiles() -> None:
    grid = TileGrid(1)
    for at in (0, 16000):
        grid.fill(Rect(at, at, 20, 20), (255,))
    feathered = mask_grids.feathered(grid, Rect(0, 0, 16384, 16384), 30)
    assert len(feathered.keys()) <= 8


def flooded(inside: Flags, seeds: Flags) -> Flags:
    """By its definition, a ring of pixels at a time."""
    found: Flags = seeds & inside
    while True:
        wider = found.copy()
        wider[1:] |= found[:-1]
        wider[:-1] |= found[1:]
        wider[:, 1:] |= found[:, :-1]
        wider[:, :-1] |= found[:, 1:]
        wider &= inside
        if np.array_equal(wider, found):
            return found
        found = wider


@settings(max_examples=200, deadline=None)
@given(FLAGS, FLAGS)
def test_a_region_is_all_that_steps_can_reach(inside: Flags, seeds: Flags) -> None:
    assert np.array_equal(touching(inside, seeds), flooded(inside, seeds))


def test_holes_are_raised_to_what_encloses_them() -> None:
    mask, area = np.zeros((9, 20), np.uint8), Rect(3, 5, 20, 9)
    mask[1:8, 1:8], mask[2:7, 2:7] = 255, 0
    mask[1:8, 10:18], mask[3:5, 12:15] = 90, 0
    grid = TileGrid(1)
    grid.write(area, mask)
    raised = filled(grid, LIMITS).read(area)
    assert raised[1:8, 1:8].min() == 255
    assert raised[1:8, 10:18].min() == raised[1:8, 10:18].max() == 90
    assert raised.sum() == 49 * 255 + 56 * 90


def test_a_gap_at_the_edge_is_no_hole() -> None:
    mask, grid = np.full((5, 5), 255, np.uint8), TileGrid(1)
    mask[2, :3] = 0
    grid.write(Rect(0, 0, 5, 5), mask)
    assert np.array_equal(filled(grid, LIMITS).read(Rect(0, 0, 5, 5)), mask)


@pytest.mark.parametrize(
    ("colour", "tolerance", "row"),
    [
        ((10, 20, 30, 255), 0, [1, 0, 0, 0]),
        ((10, 20, 30, 255), 5, [1, 1, 0, 0]),
        ((255, 255, 255, 255), 200, [0, 0, 1, 0]),
        ((9, 9, 9, 0), 0, [0, 0, 0, 1]),
        ((0, 0, 0, 255), 255, [1, 1, 1, 1]),
    ],
)
def test_similar_means_no_channel_is_far(
    colour: tuple[int, int, int, int], tolerance: int, row: list[int]
) -> None:
    pixels = [[(10, 20, 30, 255), (15, 15, 30, 255), (250, 240, 245, 255), (1, 2, 3, 0)]]
    flags = similar(np.array(pixels, np.uint8), colour, tolerance)
    assert flags.tolist() == [[bool(each) for each in row]]


def maze() -> Pixels:
    """White ways through black, one of them round a corner three tiles away, and an island."""
    picture = np.zeros((700, 900, 4), np.uint8)
    picture[..., 3] = 255
    for rows, columns in ((5, slice(0, 880)), (slice(5, 690), 870), (688, slice(100, 870))):
        picture[rows, columns, :3] = 255
    picture[300:310, 300:310, :3] = 255
    return picture


@pytest.mark.parametrize("seed", [(0, 5), (870, 400), (100, 688)])
def test_the_wand_follows_a_region_through_tiles(seed: tuple[int, int]) -> None:
    document = Document.from_pixels(maze())
    chosen = from_point(document.composite, document.bounds, seed, 30)
    picture = maze()
    picture[300:310, 300:310, :3] = 0
    assert np.array_equal(chosen.read(document.bounds), picture[..., 0])


def test_the_wand_looks_at_no_tile_that_the_region_does_not_reach() -> None:
    document = Document()
    document.open_pixels(maze())
    looked: list[Rect] = []

    def sample(area: Rect) -> Pixels:
        looked.append(area)
        return document.composite(area)

    from_point(sample, document.bounds, (305, 305), 0)
    assert looked == [Rect(305, 305, 1, 1), Rect(256, 256, 256, 256)]


def test_colour_range_takes_islands_too() -> None:
    document = Document.from_pixels(maze())
    chosen = by_colour(document.composite, document.bounds, (255, 255, 255, 255), 0)
    assert np.array_equal(chosen.read(document.bounds), maze()[..., 0])


def test_an_ellipse_covers_its_area_and_touches_its_sides() -> None:
    area = Rect(-10, -10, 300, 200)
    mask = mask_ops.filled_ellipse(Rect(0, 0, 200, 100), area)
    assert mask.sum() / 255 == pytest.approx(np.pi * 100 * 50, rel=0.002)
    assert mask[60, 10] > 200 < mask[60, 209]
    assert mask[9].max() == 0
    assert not mask_ops.filled_ellipse(Rect(0, 0, 0, 9), area).any()


SHAPES: dict[str, Callable[[Document], QUndoCommand]] = {
    "grow": lambda document: edits.MaskGrow(document, 4),
    "shrink": lambda document: edits.MaskShrink(document, 4),
    "feather": lambda document: edits.MaskFeather(document, 2.5),
    "border": lambda document: edits.MaskBorder(document, 4),
    "holes": edits.MaskFillHoles,
    "alpha": lambda document: edits.MaskFromAlpha(document, document.layers[1], "add"),
    "range": lambda document: edits.MaskColourRange(document, (0, 0, 0, 255), 40, "intersect"),
    "wand": lambda document: edits.MagicWand(document, (250, 30), 9),
    "loose wand": lambda document: edits.MagicWand(document, (250, 30), 9, contiguous=False),
    "import": lambda document: edits.MaskImport(document, np.eye(20, dtype=np.uint8) * 255),
}


@pytest.fixture
def ringed(document: Document) -> Document:
    """A mask with a hole, and a layer with an opaque spot."""
    ring = np.full((60, 70), 255, np.uint8)
    ring[20:30, 20:30] = 0
    document.masks.write(Rect(30, 30, 70, 60), ring)
    layer = Layer("spot")
    layer.pixels.fill(Rect(200, 20, 90, 40), (0, 0, 0, 255))
    document.insert_layer(layer, 1)
    return document


@pytest.mark.parametrize("make", SHAPES.values(), ids=list(SHAPES))
def test_each_way_to_shape_a_mask_is_one_step(
    ringed: Document, make: Callable[[Document], QUndoCommand]
) -> None:
    wide = ringed.bounds.grown(50)
    before = ringed.masks.active.read(wide)
    ringed.history.push(make(ringed))
    after = ringed.masks.active.read(wide)
    assert not np.array_equal(before, after)
    assert ringed.history.undoText()
    ringed.history.undo()
    assert np.array_equal(ringed.masks.active.read(wide), before)
    ringed.history.redo()
    assert np.array_equal(ringed.masks.active.read(wide), after)


def test_the_wand_takes_the_spot(ringed: Document) -> None:
    ringed.history.push(edits.MagicWand(ringed, (250, 30), 0))
    assert ringed.masks.active.bounds() == Rect(200, 20, 90, 40)
    ringed.history.push(edits.MagicWand(ringed, (250, 30), 0, "subtract", layer=ringed.layers[1]))
    assert ringed.masks.active.bounds().empty


def test_a_wand_outside_the_picture_changes_nothing(ringed: Document) -> None:
    ringed.history.push(edits.MagicWand(ringed, (-5, 30), 0, "add"))
    assert ringed.history.count() == 0


def test_a_block_without_an_edge_fares_as_one_pixel() -> None:
    grid, limits = TileGrid(1), Rect(0, 0, 2048, 300)
    grid.fill(limits, (255,))
    for same in (
        mask_grids.grown(grid, limits, 9),
        mask_grids.shrunk(grid, limits, 9),
        mask_grids.feathered(grid, limits, 9),
    ):
        assert same.read(limits).min() == 255
    assert not mask_grids.bordered(grid, limits, 9).keys()


@pytest.mark.parametrize("shape", [(0, 5), (5, 0, 4), (16385, 1)])
def test_a_mask_file_of_an_impossible_size_is_refused(
    document: Document, shape: tuple[int, ...]
) -> None:
    with pytest.raises(UsageError, match="16384"):
        edits.MaskImport(document, np.zeros(shape, np.uint8))


def test_a_mask_file_needs_a_picture() -> None:
    with pytest.raises(UsageError, match="no picture"):
        edits.MaskImport(Document(), np.zeros((5, 5), np.uint8))


@pytest.mark.parametrize("how", mask_ops.COMBINATIONS)
def test_grids_combine_as_arrays_do(how: str) -> None:
    base, other = spots(1), spots(2)
    expected = mask_ops.combine(base.read(LIMITS), other.read(LIMITS), how)
    assert np.array_equal(mask_grids.combined(base, other, how).read(LIMITS), expected)


@pytest.mark.parametrize(
    ("colour", "density"),
    [((255, 255, 255, 255), 255), ((255, 255, 255, 128), 128), ((0, 0, 0, 255), 0)],
)
def test_white_repaints_and_black_and_transparent_keep(
    document: Document, colour: tuple[int, ...], density: int
) -> None:
    picture = np.empty((10, 15, 4), np.uint8)
    picture[...] = colour
    document.history.push(edits.MaskImport(document, picture))
    image = edits.mask_image(document)
    assert image.shape == (200, 300)
    assert (image == density).all()

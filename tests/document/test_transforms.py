from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtGui import QUndoCommand

from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels
from studio.document import edits, resample
from studio.document.document import Document
from studio.document.layer import Layer
from studio.document.tiles import TileGrid
from tests.document.conftest import Noise

SPOT = Rect(-30, 40, 301, 150)


def grid_of(pixels: Pixels, area: Rect) -> TileGrid:
    grid = TileGrid(4)
    grid.write(area, pixels)
    return grid


@pytest.fixture
def spotted(document: Document, noise: Noise) -> Document:
    """A layer of noise across tiles and beyond the picture, a mask, and a frame of its own."""
    layer = Layer("spot")
    layer.pixels.write(SPOT, noise(301, 150, 5, opaque=False))
    document.insert_layer(layer, 1)
    document.set_active(layer)
    document.masks.write(Rect(10, 20, 31, 40), np.full((40, 31), 99, np.uint8))
    document.set_frame(Rect(20, 10, 64, 48))
    return document


@pytest.mark.parametrize(("dx", "dy"), [(256, -512), (3, -7), (-300, 256)])
def test_moving_is_exact(noise: Noise, dx: int, dy: int) -> None:
    pixels = noise(301, 150, opaque=False)
    moved = resample.moved(grid_of(pixels, SPOT), dx, dy)
    assert np.array_equal(moved.read(SPOT.moved(dx, dy)), pixels)
    assert SPOT.moved(dx, dy).contains(moved.tight_bounds())


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        ("right", [[4, 1], [5, 2], [6, 3]]),
        ("left", [[3, 6], [2, 5], [1, 4]]),
        ("half", [[6, 5, 4], [3, 2, 1]]),
        ("across", [[3, 2, 1], [6, 5, 4]]),
        ("down", [[4, 5, 6], [1, 2, 3]]),
    ],
)
def test_turns_keep_the_corner(turn: str, expected: list[list[int]]) -> None:
    about = Rect(255, -1, 3, 2)
    grid = TileGrid(1)
    grid.write(about, np.array([[1, 2, 3], [4, 5, 6]], np.uint8))
    turned = resample.turned(grid, turn, about)
    place = resample.turned_rect(about, turn, about)
    assert (place.x, place.y) == (255, -1)
    assert turned.read(place).tolist() == expected
    back = resample.turned(turned, resample.TURNS[turn], place)
    assert np.array_equal(back.read(about), grid.read(about))


def scaling_error(width: int, height: int, how: str) -> int:
    """The largest difference from scaling the whole picture at one time."""
    pixels = np.random.default_rng(3).integers(0, 256, (150, 301, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    target = Rect(-200, 17, width, height)
    scaled = resample.scaled(grid_of(pixels, SPOT), SPOT, target, how).read(target)
    filters = resample.FILTERS[how][0]
    whole = resample.in_passes(pixels, (width, height), filters, (0, 0, 301, 150))
    return int(np.abs(scaled.astype(int) - whole).max())


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 900), st.integers(1, 700), st.sampled_from(["bilinear", "bicubic", "lanczos"])
)
@example(310, 149, "lanczos")
@example(201, 46, "lanczos")
def test_blocks_scale_as_one_picture_does(width: int, height: int, how: str) -> None:
    # Pillow scales in two passes of 8 bits and places its box in single precision: each pass may
    # round the other way, by 1, and the second multiplies what the first did by the sum of its
    # weights without their signs, which for Lanczos is up to 1.6.
    assert scaling_error(width, height, how) <= (3 if how == "lanczos" else 2)


def test_the_nearest_pixel_keeps_its_colour_however_transparent() -> None:
    pixels = np.random.default_rng(4).integers(0, 256, (20, 30, 4), dtype=np.uint8)
    kept = resample.in_passes(pixels, (30, 20), Image.Resampling.NEAREST, (0, 0, 30, 20))
    assert np.array_equal(kept, pixels)


@pytest.mark.parametrize("how", ["bilinear", "bicubic", "lanczos"])
def test_a_smooth_picture_scales_as_pillow_alone_would(how: str) -> None:
    ramp = np.linspace(40, 200, 301).astype(np.uint8)
    pixels = np.dstack([np.tile(ramp, (150, 1))] * 3 + [np.full((150, 301), 255, np.uint8)])
    filters = resample.FILTERS[how][0]
    ours = resample.in_passes(pixels, (310, 149), filters, (0, 0, 301, 150))
    theirs = np.asarray(Image.fromarray(pixels).resize((310, 149), filters))
    assert np.abs(ours.astype(int) - theirs).max() <= 1


@pytest.mark.parametrize(("width", "height"), [(900, 700), (450, 20), (301, 333), (1, 1)])
def test_the_nearest_pixel_is_taken_across_blocks(width: int, height: int) -> None:
    assert scaling_error(width, height, "nearest") == 0


@pytest.mark.parametrize("how", sorted(resample.FILTERS))
def test_colours_under_transparency_do_not_bleed(how: str) -> None:
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[...] = (255, 0, 0, 0)
    pixels[10:30, 10:30] = (0, 80, 0, 255)
    area = Rect(0, 0, 40, 40)
    for grid in (
        resample.scaled(grid_of(pixels, area), area, Rect(0, 0, 57, 23), how),
        resample.rotated(grid_of(pixels, area), 30, (20, 20), how),
    ):
        shown = grid.read(Rect(-20, -20, 100, 100))
        assert shown[shown[..., 3] > 16][:, 0].max() <= 8


def test_a_rotation_by_90_is_the_exact_turn(noise: Noise) -> None:
    area = Rect(0, 0, 100, 100)
    grid = grid_of(noise(100, 100), area)
    rotated = resample.rotated(grid, 90, (50, 50), "nearest")
    assert np.array_equal(rotated.read(area), resample.turned(grid, "right", area).read(area))


def test_a_disc_stays_where_it_is_when_rotated(spotted: Document) -> None:
    layer = Layer("disc")
    layer.pixels.fill(Rect(200, 200, 200, 200), (9, 9, 9, 255))
    spotted.insert_layer(layer, 2)
    spotted.history.push(edits.TransformLayer(spotted, layer, degrees=45))
    bounds = layer.pixels.tight_bounds()
    assert abs(bounds.x + bounds.right - 600) <= 2
    assert 281 <= bounds.width <= 287


COMMANDS: dict[str, Callable[[Document], QUndoCommand]] = {
    "shift": lambda document: edits.ShiftLayer(document, document.layers[1], -7, 300),
    "scale": lambda document: edits.TransformLayer(
        document, document.layers[1], Rect(10, 10, 77, 400), how="lanczos"
    ),
    "flip": lambda document: edits.TransformLayer(document, document.layers[1], flip_across=True),
    "rotate": lambda document: edits.TransformLayer(document, document.layers[1], degrees=-33.5),
    "quarter": lambda document: edits.TransformLayer(document, document.layers[1], degrees=90),
    "crop": lambda document: edits.Crop(document, Rect(20, 20, 100, 100)),
    "canvas": lambda document: edits.ResizeCanvas(document, Size(400, 150), (1, 0)),
    "image": lambda document: edits.ResizeImage(document, Size(150, 411)),
    "right": lambda document: edits.TurnPicture(document, "right"),
    "half": lambda document: edits.TurnPicture(document, "half"),
    "across": lambda document: edits.TurnPicture(document, "across"),
}


def state(document: Document) -> tuple[object, ...]:
    wide = Rect(-700, -700, 1500, 1500)
    return (
        document.bounds,
        document.frame,
        [layer.pixels.read(wide).tobytes() for layer in document.layers],
        document.masks.active.read(wide).tobytes(),
    )


@pytest.mark.parametrize("make", COMMANDS.values(), ids=list(COMMANDS))
def test_each_is_one_step_and_comes_back(
    spotted: Document, make: Callable[[Document], QUndoCommand]
) -> None:
    before = state(spotted)
    spotted.history.push(make(spotted))
    after = state(spotted)
    assert after != before
    assert spotted.history.undoText()
    spotted.history.undo()
    assert state(spotted) == before
    spotted.history.redo()
    assert state(spotted) == after


@pytest.mark.parametrize("turn", list(resample.TURNS))
def test_turning_the_picture_turns_what_is_seen(spotted: Document, turn: str) -> None:
    seen = spotted.composite(spotted.bounds)
    expected = {
        "right": np.rot90(seen, -1),
        "left": np.rot90(seen),
        "half": np.rot90(seen, 2),
        "across": seen[:, ::-1],
        "down": seen[::-1],
    }[turn]
    spotted.history.push(edits.TurnPicture(spotted, turn))
    assert np.array_equal(spotted.composite(spotted.bounds), expected)
    assert spotted.history_bytes == 0


def test_an_opaque_picture_stays_opaque_when_it_is_scaled(spotted: Document) -> None:
    spotted.history.push(edits.ResizeImage(spotted, Size(101, 333)))
    assert spotted.bounds == Rect(0, 0, 101, 333)
    assert spotted.composite(spotted.bounds)[..., 3].min() == 255
    assert spotted.frame == Rect(7, 17, 22, 80)


@pytest.mark.parametrize(
    ("anchor", "corner"), [((0, 0), (0, 0)), ((0.5, 0.5), (-50, -100)), ((1, 1), (-100, -200))]
)
def test_the_anchor_says_where_room_is_added(
    document: Document, anchor: tuple[float, float], corner: tuple[int, int]
) -> None:
    document.history.push(edits.ResizeCanvas(document, Size(400, 400), anchor))
    assert document.bounds == Rect(*corner, 400, 400)


def test_moves_of_one_drag_are_one_step(spotted: Document) -> None:
    layer = spotted.layers[1]
    start = layer.pixels.tight_bounds()
    for _ in range(3):
        spotted.history.push(edits.ShiftLayer(spotted, layer, 5, 1, gesture=1))
    assert spotted.history.count() == 1
    assert layer.pixels.tight_bounds() == start.moved(15, 3)
    spotted.history.push(edits.ShiftLayer(spotted, layer, -15, -3, gesture=1))
    assert spotted.history.count() == 0


@pytest.mark.parametrize("size", [Size(0, 5), Size(5, 0), Size(16385, 1), Size(1, 99999)])
@pytest.mark.parametrize(
    "make",
    [
        edits.ResizeImage,
        edits.ResizeCanvas,
        lambda document, size: edits.Crop(document, Rect.of(size)),
        lambda document, size: edits.TransformLayer(document, document.active, Rect.of(size)),
        lambda _, size: Document().open_blank(size, None, "x"),
        lambda _, size: Document.from_pixels(np.zeros((size.height, size.width, 4), np.uint8)),
    ],
)
def test_impossible_sizes_are_refused_with_the_limit(
    document: Document, size: Size, make: Callable[[Document, Size], object]
) -> None:
    with pytest.raises(UsageError, match="16384"):
        make(document, size)


def test_without_a_picture_there_is_nothing_to_scale_or_turn() -> None:
    document = Document()
    with pytest.raises(UsageError, match="no picture"):
        edits.ResizeImage(document, Size(5, 5))
    document.history.push(edits.TurnPicture(document, "right"))
    assert document.history.count() == 0


@pytest.mark.parametrize(("width", "height"), [(1, 700), (700, 1), (1, 1)])
def test_one_pixel_wide_pictures_can_be_worked_on(noise: Noise, width: int, height: int) -> None:
    document = Document.from_pixels(noise(width, height))
    layer = document.layers[0]
    document.history.push(edits.MagicWand(document, (0, 0), 255))
    assert document.masks.active.bounds() == document.bounds
    document.history.push(edits.MaskGrow(document, 3))
    document.history.push(edits.MaskFeather(document, 2.0))
    document.history.push(edits.TurnPicture(document, "right"))
    document.history.push(edits.ResizeImage(document, Size(3, 5)))
    document.history.push(edits.TransformLayer(document, layer, degrees=20))
    document.history.setIndex(0)
    assert np.array_equal(document.composite(document.bounds), noise(width, height))


def test_an_empty_layer_is_left_alone(document: Document) -> None:
    document.history.push(edits.AddPaintLayer(document))
    layer = document.layers[1]
    document.history.push(edits.TransformLayer(document, layer, degrees=20))
    assert document.history.count() == 1


@pytest.mark.parametrize("change", [{"degrees": 90.0}, {"flip_across": True}, {"dx": 3}])
def test_what_reaches_farther_than_a_picture_can_still_be_moved(
    document: Document, change: dict[str, int]
) -> None:
    layer = document.layers[0]
    layer.pixels.fill(Rect(-100, 0, 16_500, 4), (1, 2, 3, 255))
    about = layer.pixels.tight_bounds()
    how = {"to": about.moved(3, 0)} if "dx" in change else change
    document.history.push(edits.TransformLayers(document, [layer], **how))
    after = layer.pixels.tight_bounds()
    assert {after.width, after.height} == {about.width, about.height}

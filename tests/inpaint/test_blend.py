import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.errors import UsageError
from studio.core.pixels import Pixels
from studio.inpaint.blend import effective_mask, finished


def picture(high: int, wide: int, seed: int = 0) -> Pixels:
    """Soft random colours, opaque."""
    dice = np.random.default_rng(seed)
    pixels = np.full((high, wide, 4), 255, np.uint8)
    slope = np.linspace(0, 60, wide)[None, :, None] + np.linspace(0, 60, high)[:, None, None]
    pixels[..., :3] = slope + dice.integers(20, 120, 3) + dice.integers(0, 4, (high, wide, 3))
    return pixels


def disc(edge: int, radius: float) -> Pixels:
    rows, columns = np.indices((edge, edge)) - (edge - 1) / 2
    return np.where(np.hypot(rows, columns) <= radius, np.uint8(255), np.uint8(0))


def layered(below: Pixels, above: Pixels) -> Pixels:
    """`above` over an opaque picture."""
    part = above[..., 3:].astype(np.uint16)
    result = below.copy()
    mixed = (above[..., :3] * part + below[..., :3] * (255 - part) + 127) // 255
    result[..., :3] = mixed
    return result


@st.composite
def masks(draw: st.DrawFn, high: int, wide: int) -> Pixels:
    kind = draw(st.sampled_from(["empty", "full", "pixel", "box", "soft", "dust"]))
    mask = np.zeros((high, wide), np.uint8)
    row, column = draw(st.integers(0, high - 1)), draw(st.integers(0, wide - 1))
    if kind == "full":
        mask[:] = 255
    elif kind == "pixel":
        mask[row, column] = draw(st.integers(1, 255))
    elif kind == "box":
        mask[row:, : column + 1] = 255
    elif kind == "soft":
        mask[row:, column:] = np.linspace(0, 255, wide - column).astype(np.uint8)
    elif kind == "dust":
        dice = np.random.default_rng(row * wide + column)
        mask[:] = dice.integers(0, 256, mask.shape) * (dice.random(mask.shape) < 0.3)
    return mask


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 99), st.data())
def test_pixels_outside_the_mask_stay_bit_identical(
    high: int, wide: int, seed: int, data: st.DataObject
) -> None:
    below, mask = picture(high, wide, seed), data.draw(masks(high, wide))
    answer = np.random.default_rng(seed).integers(0, 256, (high, wide, 3), np.uint8)
    layer = finished(below, answer, mask)
    assert not layer[mask == 0].any()
    assert (layer[mask > 0, 3] == 255).all()
    assert np.array_equal(layered(below, layer)[mask == 0], below[mask == 0])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 99), st.data())
def test_transparent_pictures_keep_what_is_not_masked(
    high: int, wide: int, seed: int, data: st.DataObject
) -> None:
    below, mask = picture(high, wide, seed), data.draw(masks(high, wide))
    below[..., 3] = np.random.default_rng(seed).integers(0, 256, (high, wide), np.uint8)
    layer = finished(below, below[..., :3].copy(), mask)
    assert not layer[mask == 0].any()
    assert (layer[mask == 255, 3] == 255).all()


def test_an_answer_equal_to_the_picture_changes_nothing() -> None:
    below, mask = picture(64, 64), disc(64, 20)
    assert np.array_equal(finished(below, below[..., :3], mask)[mask > 0], below[mask > 0])


@pytest.mark.parametrize("tint", [(8, 8, 8), (8, 0, -8), (-8, 8, 8), (0, 8, 0)])
def test_a_tint_is_taken_back(tint: tuple[int, int, int]) -> None:
    below, mask = picture(96, 96), disc(96, 30)
    answer = (below[..., :3].astype(int) + tint).astype(np.uint8)
    layer = finished(below, answer, mask)[mask > 0, :3].astype(int)
    off = np.abs(layer - below[mask > 0, :3])
    assert off.mean() < 1.0
    assert off.max() <= 3


def test_the_middle_of_the_mask_is_all_new() -> None:
    below, mask = picture(96, 96), disc(96, 30)
    answer = below[..., :3].copy()
    answer[38:58, 38:58] = (250, 30, 30)
    layer = finished(below, answer, mask)
    assert np.abs(layer[48, 48, :3].astype(int) - (250, 30, 30)).max() <= 2


def test_the_step_over_the_edge_is_no_larger_than_in_the_picture() -> None:
    below, mask = picture(96, 96), disc(96, 30)
    layer = finished(below, np.full((96, 96, 3), 200, np.uint8), mask)
    result = layered(below, layer).astype(int)
    step = np.abs(np.diff(result, axis=1))[np.diff(mask.astype(int), axis=1) != 0]
    assert step.mean() < 12


def test_one_masked_pixel_is_changed() -> None:
    below, mask = picture(32, 32), np.zeros((32, 32), np.uint8)
    mask[10, 10] = 255
    answer = below[..., :3].copy()
    answer[10, 10] = (255, 0, 255)
    assert finished(below, answer, mask)[10, 10, 1] < 10


def test_outpainting_does_not_fade_into_nothing() -> None:
    below = picture(64, 64)
    below[:, 40:] = 0
    answer = np.full((64, 64, 3), 120, np.uint8)
    layer = finished(below, answer, effective_mask(below, None))
    assert (layer[:, 40:, 3] == 255).all()
    assert layer[:, 40:, :3].min() > 30


def test_outpainting_joins_on_to_the_picture() -> None:
    whole = picture(64, 64)
    below = whole.copy()
    below[:, 40:] = 0
    answer = np.clip(np.add(whole[..., :3], (12, -6, 9)), 0, 255).astype(np.uint8)
    layer = finished(below, answer, effective_mask(below, None))
    assert np.abs(layer[:, 40, :3].astype(int) - whole[:, 39, :3]).mean() < 4


def test_a_soft_mask_over_nothing_is_as_opaque_as_the_mask() -> None:
    below, mask = np.zeros((16, 16, 4), np.uint8), np.full((16, 16), 77, np.uint8)
    layer = finished(below, np.full((16, 16, 3), 200, np.uint8), mask)
    assert (layer == (200, 200, 200, 77)).all()


def test_a_thin_stroke_does_not_fade_as_a_whole() -> None:
    below, mask = picture(128, 128), disc(128, 40)
    mask[:, 3:6] = 255
    answer = below[..., :3].copy()
    answer[:, 4] = (0, 250, 0)
    layer = finished(below, answer, mask)
    assert layer[64, 4, 1] > 235


@pytest.mark.parametrize(
    ("alpha", "mask", "expected"),
    [
        ([[255, 255]], [[0, 9]], [[0, 9]]),
        ([[255, 0]], [[0, 9]], [[0, 9]]),
        ([[255, 0]], None, [[0, 255]]),
        ([[255, 90]], None, [[0, 255]]),
        ([[255, 254]], None, [[255, 255]]),
        ([[0, 0]], None, [[255, 255]]),
    ],
)
def test_what_may_change(
    alpha: list[list[int]], mask: list[list[int]] | None, expected: list[list[int]]
) -> None:
    below = np.zeros((1, 2, 4), np.uint8)
    below[..., 3] = alpha
    given_mask = None if mask is None else np.array(mask, np.uint8)
    assert effective_mask(below, given_mask).tolist() == expected


def test_sizes_that_differ_are_refused() -> None:
    with pytest.raises(UsageError):
        finished(picture(8, 8), np.zeros((8, 9, 3), np.uint8), np.zeros((8, 8), np.uint8))


def test_an_answer_that_follows_the_densities_is_not_thinned_by_them_again() -> None:
    picture = np.full((64, 64, 4), 255, np.uint8)
    picture[:, 50:, 3] = 0
    mask = np.zeros((64, 64), np.uint8)
    mask[8:56, 8:60] = 100
    answer = np.full((64, 64, 3), 255, np.uint8)
    answer[24:40, 24:40] = 0
    layer = finished(picture, answer, mask, graded=False)
    assert layer[32, 32, :3].max() == 0, "the new colour alone, deep inside"
    assert (layer[8:56, 52:60, 3] == 100).all(), "a transparent picture keeps its soft edge"
    assert not layer[mask == 0].any()


def test_a_hard_mask_is_blended_alike_in_both_ways() -> None:
    dice = np.random.default_rng(2)
    picture, answer = (dice.integers(0, 256, (64, 64, c), np.uint8) for c in (4, 3))
    mask = np.zeros((64, 64), np.uint8)
    mask[10:40, 20:50] = 255
    assert np.array_equal(
        finished(picture, answer, mask), finished(picture, answer, mask, graded=False)
    )


def test_detail_that_the_answer_lost_is_not_taken_for_a_shift_of_tone() -> None:
    rows, columns = np.mgrid[0:96, 0:96]
    stripes = np.where((rows + columns) % 6 < 3, np.uint8(150), np.uint8(100))
    picture = np.dstack([stripes, stripes, stripes, np.full_like(stripes, 255)])
    mask = np.zeros((96, 96), np.uint8)
    mask[24:72, 24:72] = 255
    answer = np.full((96, 96, 3), 125, np.uint8)
    made = finished(picture, answer, mask)
    assert np.abs(made[40:56, 40:56, :3].astype(int) - 125).max() <= 1

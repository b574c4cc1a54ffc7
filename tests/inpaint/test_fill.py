import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.errors import UsageError
from studio.core.pixels import Pixels
from studio.core.request import FILLS
from studio.inpaint.fill import OPAQUE, choose, filled
from tests.inpaint.fill_sheet import sheet, stored

WAYS = [one for one in FILLS if one != "auto"]


def picture(high: int, wide: int, seed: int = 0) -> Pixels:
    """Random colours, opaque."""
    pixels = np.random.default_rng(seed).integers(0, 256, (high, wide, 4), np.uint8)
    pixels[..., 3] = 255
    return pixels


def slope(edge: int = 64) -> Pixels:
    """Grey rising evenly from left to right."""
    pixels = np.full((edge, edge, 4), 255, np.uint8)
    pixels[..., :3] = np.linspace(40, 200, edge)[None, :, None]
    return pixels


def centre(edge: int = 64, hole: int = 24) -> Pixels:
    mask = np.zeros((edge, edge), np.uint8)
    start = (edge - hole) // 2
    mask[start : start + hole, start : start + hole] = 255
    return mask


@pytest.mark.parametrize("how", WAYS)
@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 9), st.data())
def test_what_is_not_masked_is_kept(
    how: str, high: int, wide: int, seed: int, data: st.DataObject
) -> None:
    pixels = picture(high, wide, seed)
    mask = np.zeros((high, wide), np.uint8)
    mask[data.draw(st.integers(0, high - 1)), : data.draw(st.integers(0, wide))] = 200
    made = filled(pixels, mask, how, seed)
    assert made.dtype == np.uint8
    assert made.shape == (high, wide, 3)
    assert np.array_equal(made[mask == 0], pixels[mask == 0, :3])


@pytest.mark.parametrize("how", WAYS)
def test_a_full_mask_over_nothing_known_is_filled_all_the_same(how: str) -> None:
    assert filled(picture(9, 7), np.full((9, 7), 255, np.uint8), how, 1).shape == (9, 7, 3)


@pytest.mark.parametrize("how", [one for one in WAYS if one != "keep"])
def test_nothing_of_what_was_masked_shows_through(how: str) -> None:
    pixels, mask = slope(), centre()
    other = pixels.copy()
    other[mask > 0, :3] = (255, 0, 0)
    assert np.array_equal(filled(pixels, mask, how, 3), filled(other, mask, how, 3))


def test_keep_shows_the_picture_under_the_mask() -> None:
    pixels = picture(20, 20)
    assert np.array_equal(filled(pixels, centre(20, 8), "keep", 0), pixels[..., :3])


@pytest.mark.parametrize("how", WAYS)
def test_transparent_pixels_are_filled_from_what_is_there(how: str) -> None:
    pixels = slope()
    pixels[:, 32:] = (255, 0, 0, OPAQUE - 200)
    made = filled(pixels, np.zeros((64, 64), np.uint8), how, 0)
    assert np.array_equal(made[:, :32], pixels[:, :32, :3])
    assert np.ptp(made[:, 32:].astype(int).mean(axis=(0, 1))) < 8, "no red came through"


@pytest.mark.parametrize(("how", "error"), [("blur", 30), ("smooth", 8), ("border", 45)])
def test_surroundings_are_carried_on(how: str, error: int) -> None:
    pixels, mask = slope(), centre()
    made = filled(pixels, mask, how, 0).astype(int)
    assert np.abs(made - pixels[..., :3])[mask > 0].max() < error


def test_plain_is_the_mean_of_what_is_known() -> None:
    pixels = picture(8, 8)
    pixels[..., :3] = (10, 20, 30)
    assert filled(pixels, centre(8, 4), "plain", 0)[4, 4].tolist() == [10, 20, 30]


def test_noise_follows_the_seed() -> None:
    pixels, mask = slope(), centre()
    first, again, other = (filled(pixels, mask, "noise", seed) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_half_dense_mask_fills_half() -> None:
    pixels = picture(8, 8)
    pixels[..., :3] = 100
    pixels[2:6, 2:6, :3] = 200
    half = np.where(centre(8, 4) > 0, np.uint8(128), np.uint8(0))
    assert filled(pixels, half, "plain", 0)[4, 4, 0] == 150


@pytest.mark.parametrize(
    ("strength", "outpaint", "inpainting", "how"),
    [
        (0.3, False, False, "keep"),
        (0.75, True, True, "keep"),
        (0.9, False, False, "blur"),
        (0.9, True, False, "smooth"),
        (1.0, True, False, "blur"),
        (1.0, False, True, "blur"),
    ],
)
def test_the_fill_is_chosen_by_task(
    strength: float, outpaint: bool, inpainting: bool, how: str
) -> None:
    assert choose(strength, outpaint, inpainting) == how


def test_an_unknown_fill_is_refused() -> None:
    with pytest.raises(UsageError, match="magic"):
        filled(picture(4, 4), centre(4, 2), "magic", 0)


@pytest.mark.parametrize("how", WAYS)
def test_fills_look_as_they_did_when_last_looked_at(how: str) -> None:
    """Rewrite with `python -m tests.inpaint.fill_sheet`, and look at the picture."""
    apart = np.abs(sheet()[how].astype(int) - stored()[how])
    # The search for patches may take another of two equal ones on another processor.
    assert apart.mean() < (4 if how == "patch" else 0.5)

import math

import numpy as np
import pytest

from studio.core.pixels import Pixels
from studio.inpaint.measure import (
    changed_outside,
    drift,
    psnr,
    ring_colour_shift,
    seam_ratio,
    seam_visibility,
    ssim,
    untouched_hash,
)


def picture(edge: int = 64, seed: int = 0) -> Pixels:
    dice = np.random.default_rng(seed)
    pixels = np.full((edge, edge, 4), 255, np.uint8)
    pixels[..., :3] = 100 + dice.integers(0, 9, (edge, edge, 3))
    return pixels


def box(edge: int = 64) -> Pixels:
    mask = np.zeros((edge, edge), np.uint8)
    mask[20:44, 20:44] = 255
    return mask


def pasted(shift: int) -> Pixels:
    pixels = picture()
    pixels[20:44, 20:44, :3] += np.uint8(shift)
    return pixels


def test_the_reference_itself_has_a_seam_of_one() -> None:
    assert seam_ratio(picture(), picture(), box()) == 1.0


def test_a_pasted_tint_shows_as_a_seam() -> None:
    assert seam_ratio(pasted(30), picture(), box()) > 5
    assert seam_visibility(pasted(30), box()) > 5


def test_an_untouched_picture_has_no_visible_seam() -> None:
    assert seam_visibility(picture(), box()) == pytest.approx(1, abs=0.15)


def test_the_seam_is_the_mean_step_over_the_edge_of_the_mask() -> None:
    mask = np.array([[0, 255, 255]], np.uint8)
    result = np.array([[[0] * 3, [30] * 3, [90] * 3]], np.uint8)
    reference = np.array([[[0] * 3, [10] * 3, [255] * 3]], np.uint8)
    assert seam_ratio(result, reference, mask) == 3.0


@pytest.mark.parametrize("value", [0, 255])
def test_without_an_edge_there_is_no_seam_to_measure(value: int) -> None:
    mask = np.full((64, 64), value, np.uint8)
    assert math.isnan(seam_ratio(picture(), picture(), mask))
    assert math.isnan(seam_visibility(picture(), mask))


def test_a_tint_is_a_shift_of_colour_and_lost_grain_is_not() -> None:
    flat = picture()
    flat[..., :3] = 104
    assert ring_colour_shift(pasted(8), picture(), box()).median > 1.5
    assert ring_colour_shift(flat, picture(), box()).median < 0.5


def test_the_hash_sees_every_kept_pixel_and_no_other() -> None:
    before, mask = picture(), box()
    inside, outside = before.copy(), before.copy()
    inside[30, 30] = 0
    outside[0, 0, 3] = 254
    assert untouched_hash(inside, mask) == untouched_hash(before, mask)
    assert untouched_hash(outside, mask) != untouched_hash(before, mask)
    assert changed_outside(before, outside, mask) == 1


def test_drift_is_zero_while_only_masked_pixels_change() -> None:
    assert drift(picture(), pasted(40), box()).p95 == 0
    assert drift(picture(), picture(seed=1), box()).median > 0


def test_psnr_and_ssim_of_equal_pictures() -> None:
    assert psnr(picture(), picture()) == math.inf
    assert ssim(picture(), picture()) == pytest.approx(1)


def test_psnr_of_a_known_error() -> None:
    assert psnr(np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 255, np.uint8)) == 0


def test_ssim_of_two_plain_pictures_is_the_term_of_their_means() -> None:
    one, other = (np.full((20, 20, 3), value, np.uint8) for value in (100, 150))
    constant = (0.01 * 255) ** 2
    expected = (2 * 100 * 150 + constant) / (100**2 + 150**2 + constant)
    assert ssim(one, other) == pytest.approx(expected)


def test_ssim_of_unrelated_noise_is_about_nothing() -> None:
    dice = np.random.default_rng(0)
    one, other = dice.integers(0, 256, (2, 64, 64, 3), np.uint8)
    assert abs(ssim(one, other)) < 0.05

import numpy as np
import pytest

from studio.core.pixels import Pixels
from studio.inpaint.erase import erased
from studio.inpaint.measure import seam_visibility


def stripes() -> tuple[Pixels, Pixels]:
    """Stripes of 8 px with a red spot, and a mask over the spot."""
    picture = np.full((96, 96, 4), 255, np.uint8)
    picture[..., :3] = np.where(np.arange(96) // 8 % 2, 90, 160)[:, None, None]
    mask = np.zeros((96, 96), np.uint8)
    mask[42:59, 42:59] = 255
    picture[44:56, 44:56, :3] = (250, 20, 20)
    return picture, mask


def layered(picture: Pixels, layer: Pixels) -> Pixels:
    return np.where(layer[..., 3:] > 0, layer, picture)


@pytest.mark.parametrize("how", ["patch", "smooth", "border"])
def test_what_was_masked_is_gone(how: str) -> None:
    picture, mask = stripes()
    result = layered(picture, erased(picture, mask, how)).astype(int)
    assert (result[..., 0] - result[..., 1]).max() < 12, "no red is left"
    assert seam_visibility(result.astype(np.uint8), mask) < 1.5


def test_patches_carry_a_pattern_on() -> None:
    picture, mask = stripes()
    result = layered(picture, erased(picture, mask, "patch"))
    whole = np.where(np.arange(96) // 8 % 2, 90, 160)[:, None, None]
    assert np.abs(result[..., :3] - whole).mean(where=mask[..., None] > 0) < 6


def test_nothing_is_made_up_where_the_picture_is_transparent() -> None:
    picture, mask = stripes()
    picture[:, 50:] = 0
    assert not erased(picture, mask, "smooth")[:, 50:, 3].any()

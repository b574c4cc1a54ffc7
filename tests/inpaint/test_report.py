import numpy as np
import pytest

from studio.core.errors import UsageError
from studio.core.pixels import Pixels
from studio.inpaint.report import report


def scene() -> tuple[Pixels, Pixels]:
    picture = np.random.default_rng(0).integers(90, 120, (40, 40, 4), np.uint8)
    mask = np.zeros((40, 40), np.uint8)
    mask[10:20, 10:20] = 255
    return picture, mask


def test_an_edit_inside_the_mask_keeps_the_promise() -> None:
    before, mask = scene()
    after = before.copy()
    after[12, 12:16] ^= 1
    made = report(before, after, mask)
    assert made.kept
    assert (made.changed_inside, made.changed_outside) == (4, 0)


def test_one_pixel_outside_breaks_it() -> None:
    before, mask = scene()
    after = before.copy()
    after[0, 0, 2] ^= 1
    made = report(before, after, mask)
    assert not made.kept
    assert made.changed_outside == 1


def test_a_visible_edge_is_told() -> None:
    before, mask = scene()
    after = before.copy()
    after[mask > 0, :3] += np.uint8(100)
    assert report(before, after, mask).seam > 5


def test_pictures_of_different_sizes_are_refused() -> None:
    before, mask = scene()
    with pytest.raises(UsageError):
        report(before, before[:20], mask)


def test_colours_and_likeness_are_told_of_the_area_around_the_mask() -> None:
    before, mask = scene()
    after = before.copy()
    after[mask > 0, :3] += np.uint8(8)
    made = report(before, after, mask)
    assert 1 < made.ring < made.ring_p95 < 6
    assert 20 < made.psnr < 50
    assert 0.5 < made.ssim < 1


def test_without_a_change_nothing_differs() -> None:
    before, mask = scene()
    told = report(before, before, mask).as_dict()
    assert (told["ring"], told["psnr"], told["ssim"]) == (0.0, None, 1.0)


def test_without_a_mask_there_is_nothing_to_measure() -> None:
    before, mask = scene()
    told = report(before, before, np.zeros_like(mask)).as_dict()
    assert (told["seam"], told["ring"], told["kept"]) == (None, None, True)

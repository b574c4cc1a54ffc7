import numpy as np
import pytest

from studio.inpaint.colour import linear, srgb


def test_every_code_survives_linear_light() -> None:
    codes = np.arange(256, dtype=np.uint8)
    assert np.array_equal(srgb(linear(codes)), codes)


@pytest.mark.parametrize(("code", "light"), [(0, 0.0), (10, 0.003035), (188, 0.502886), (255, 1.0)])
def test_linear_light_of_known_codes(code: int, light: float) -> None:
    assert linear(np.array(code, np.uint8)) == pytest.approx(light, abs=1e-5)


def test_light_out_of_range_is_clipped() -> None:
    assert srgb(np.array([-0.5, 1.5], np.float32)).tolist() == [0, 255]

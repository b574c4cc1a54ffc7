import numpy as np
import pytest

from studio.canvas.outline import outline
from studio.core.pixels import Pixels


def edge(value: int) -> Pixels:
    """Nothing on the left, that density on the right."""
    densities = np.zeros((9, 20), np.uint8)
    densities[:, 10:] = value
    return densities


@pytest.mark.parametrize("value", [0, 40, 255])
def test_what_is_flat_has_no_outline(value: int) -> None:
    assert outline(np.full((8, 8), value, np.uint8)) is None


@pytest.mark.parametrize("value", [40, 128, 255])
def test_an_edge_is_light_inside_and_dark_outside(value: int) -> None:
    found = outline(edge(value))
    assert found is not None
    place, line = found
    assert (place.x, place.width) == (9, 2)
    outside, inside = int(line[3, 0]), int(line[3, 1])
    assert outside >> 24 > 100
    assert inside >> 24 > 100
    assert inside & 255 > (outside & 255) + 60


def test_colours_never_exceed_their_alpha() -> None:
    densities = np.random.default_rng(2).integers(0, 256, (40, 40), np.uint8)
    found = outline(densities)
    assert found is not None
    channels = found[1].view(np.uint8).reshape(*found[1].shape, 4)
    assert (channels[..., :3] <= channels[..., 3:]).all()

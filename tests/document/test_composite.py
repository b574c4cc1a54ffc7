import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.blends import BLENDS
from studio.document.composite import flatten, over
from studio.document.layer import Layer
from tests.document.conftest import Noise

PICTURES = arrays.arrays(np.uint8, (3, 5, 4))
ALPHAS = arrays.arrays(np.uint8, (3, 5, 4), elements=st.sampled_from([0, 1, 128, 254, 255]))


@settings(max_examples=200, deadline=None)
@given(
    target=PICTURES | ALPHAS,
    source=PICTURES | ALPHAS,
    opacity=st.sampled_from([1.0, 0.999, 0.3]),
    blend=st.sampled_from(sorted(BLENDS)),
)
def test_a_pixel_without_alpha_leaves_the_backdrop_bit_identical(
    target: Pixels, source: Pixels, opacity: float, blend: str
) -> None:
    source[::2, :, 3] = 0
    before = target.copy()
    over(target, source, opacity, blend)
    assert np.array_equal(target[::2], before[::2])


@settings(max_examples=100, deadline=None)
@given(target=PICTURES | ALPHAS, source=PICTURES)
def test_an_opaque_pixel_replaces_bit_for_bit(target: Pixels, source: Pixels) -> None:
    source[..., 3] = 255
    over(target, source)
    assert np.array_equal(target, source)


def expected_over(back: Pixels, source: Pixels, opacity: float) -> Pixels:
    """W3C simple alpha compositing in float64, rounded once."""
    share = np.rint(source[..., 3:] * opacity) / 255
    below = back[..., 3:] / 255
    total = share + below * (1 - share)
    mixed = source[..., :3] * share + back[..., :3] * below * (1 - share)
    colour = mixed / np.where(total == 0, 1, total)
    return np.concatenate([colour, total * 255], axis=2)


@settings(max_examples=200, deadline=None)
@given(target=PICTURES | ALPHAS, source=PICTURES | ALPHAS, opacity=st.sampled_from([1.0, 0.5, 0.1]))
def test_every_pixel_is_the_formula_rounded(target: Pixels, source: Pixels, opacity: float) -> None:
    exact = expected_over(target, source, opacity)
    over(target, source, opacity)
    shown = target[..., 3] > 0
    assert np.abs(target - exact)[shown].max(initial=0) <= 0.5 + 1e-3


def soft_light(cb: float, cs: float) -> float:
    if cs <= 0.5:
        return cb - (1 - 2 * cs) * cb * (1 - cb)
    d = ((16 * cb - 12) * cb + 4) * cb if cb <= 0.25 else cb**0.5
    return cb + (2 * cs - 1) * (d - cb)


#: B(cb, cs) of W3C Compositing and Blending Level 1, section 10.1, written out once more.
SEPARABLE: dict[str, Callable[[float, float], float]] = {
    "normal": lambda _, cs: cs,
    "multiply": lambda cb, cs: cb * cs,
    "screen": lambda cb, cs: 1 - (1 - cb) * (1 - cs),
    "overlay": lambda cb, cs: 2 * cb * cs if cb <= 0.5 else 1 - 2 * (1 - cb) * (1 - cs),
    "darken": min,
    "lighten": max,
    "soft light": soft_light,
}


@pytest.mark.parametrize("blend", SEPARABLE)
def test_a_channel_by_channel_mode_follows_its_formula(blend: str) -> None:
    levels = [0, 1, 37, 63, 64, 127, 128, 200, 254, 255]
    pairs = np.array(list(itertools.product(levels, levels)), np.uint8)
    target = np.full((len(pairs), 1, 4), 255, np.uint8)
    source = target.copy()
    target[..., :3], source[..., :3] = pairs[:, :1, None], pairs[:, 1:, None]
    over(target, source, blend=blend)
    wanted = [SEPARABLE[blend](cb / 255, cs / 255) * 255 for cb, cs in pairs.tolist()]
    assert np.abs(target[:, 0, 0] - np.array(wanted)).max() <= 0.51


def set_lum(colour: list[float], light: float) -> list[float]:
    """SetLum and ClipColor of section 10.2, one pixel at a time."""
    lum = 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]
    moved = [one + light - lum for one in colour]
    middle, low, high = light, min(moved), max(moved)
    if low < 0:
        moved = [middle + (one - middle) * middle / (middle - low) for one in moved]
    if high > 1:
        moved = [middle + (one - middle) * (1 - middle) / (high - middle) for one in moved]
    return moved


@pytest.mark.parametrize("blend", ["colour", "luminosity"])
def test_a_whole_colour_mode_follows_its_formula(blend: str, noise: Noise) -> None:
    target, source = noise(20, 20, 1), noise(20, 20, 2)
    wanted = np.empty((20, 20, 3))
    for y, x in np.ndindex(20, 20):
        below, above = (target[y, x, :3] / 255).tolist(), (source[y, x, :3] / 255).tolist()
        hue, light = (above, below) if blend == "colour" else (below, above)
        lum = 0.3 * light[0] + 0.59 * light[1] + 0.11 * light[2]
        wanted[y, x] = set_lum(hue, lum)
    over(target, source, blend=blend)
    assert np.abs(target[..., :3] - wanted * 255).max() <= 0.51


@pytest.mark.parametrize("blend", ["colour", "luminosity"])
@pytest.mark.parametrize("level", [0, 1, 85, 254, 255])
def test_greys_over_greys_take_or_keep_the_light(blend: str, level: int) -> None:
    target, source = np.full((1, 256, 4), 255, np.uint8), np.full((1, 256, 4), 255, np.uint8)
    target[..., :3] = np.arange(256)[None, :, None]
    source[..., :3] = level
    wanted = target.copy() if blend == "colour" else source.copy()
    over(target, source, blend=blend)
    assert np.array_equal(target, wanted)


def test_layers_are_laid_from_bottom_to_top(noise: Noise) -> None:
    layers, pixels = [], []
    for seed in range(3):
        pixels.append(noise(300, 260, seed, opaque=seed == 0))
        layers.append(Layer(str(seed)))
        layers[-1].pixels.write(Rect(-10, -10, 300, 260), pixels[-1])
    wanted = pixels[0].copy()
    over(wanted, pixels[1])
    over(wanted, pixels[2])
    assert np.array_equal(flatten(layers, Rect(-10, -10, 300, 260)), wanted)


def test_an_untouched_picture_comes_out_as_it_went_in(noise: Noise) -> None:
    pixels = noise(300, 260, opaque=False)
    pixels[:50, :, 3] = 0
    photo, paint = Layer("photo"), Layer("paint")
    photo.pixels.write(Rect(0, 0, 300, 260), pixels)
    paint.pixels.write(Rect(0, 0, 9, 9), np.full((9, 9, 4), (1, 2, 3, 0), np.uint8))
    assert np.array_equal(flatten([photo, paint], Rect(0, 0, 300, 260)), pixels)


@pytest.mark.parametrize("hidden", [{"visible": False}, {"opacity": 0.0}])
def test_a_layer_that_is_not_shown_does_not_count(noise: Noise, hidden: dict[str, float]) -> None:
    photo, paint = Layer("photo"), Layer("paint", **hidden)  # type: ignore[arg-type]
    photo.pixels.write(Rect(0, 0, 20, 20), noise(20, 20))
    paint.pixels.write(Rect(0, 0, 20, 20), noise(20, 20, 2))
    assert np.array_equal(flatten([photo, paint], Rect(0, 0, 20, 20)), noise(20, 20))

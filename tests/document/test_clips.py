import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.clips import of_layer, of_picture, without
from studio.document.files.image import open_bytes
from studio.document.layer import Layer
from studio.document.layered import Layered, grid_of
from studio.document.masks import Mask

AREA = Rect(10, 20, 40, 30)


def noise(seed: int) -> Pixels:
    pixels = np.random.default_rng(seed).integers(1, 256, (30, 40, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


def picture(*masked: tuple[Rect, int]) -> Layered:
    """Two layers at the same place; a mask of those densities."""
    mask = Mask("mask")
    for area, density in masked:
        mask.pixels.fill(area, (density,))
    layers = tuple(Layer(f"{seed}", grid_of(noise(seed), AREA.x, AREA.y)) for seed in (1, 2))
    return Layered(Rect(0, 0, 100, 100), layers, (mask,), active=0)


def test_without_a_mask_the_whole_layer_is_copied() -> None:
    clip = of_layer(picture())
    assert clip is not None
    assert clip.area == AREA
    assert np.array_equal(clip.pixels, noise(1))


def test_only_what_is_masked_is_copied_as_much_as_it_is() -> None:
    clip = of_layer(picture((Rect(12, 22, 5, 4), 255), (Rect(17, 22, 3, 4), 128)))
    assert clip is not None
    assert clip.area == Rect(12, 22, 8, 4)
    assert np.array_equal(clip.pixels[:, :5], noise(1)[2:6, 2:7])
    assert (clip.pixels[:, 5:, 3] == 128).all()


def test_merged_takes_what_is_seen() -> None:
    clip = of_picture(picture((AREA, 255)))
    assert clip is not None
    assert np.array_equal(clip.pixels, noise(2))


def test_nothing_under_the_mask_is_nothing() -> None:
    assert of_layer(picture((Rect(80, 80, 5, 5), 255))) is None


def test_what_is_cut_and_what_was_copied_make_the_layer_again() -> None:
    whole = picture((Rect(12, 22, 5, 4), 255))
    left, clip = without(whole, whole.layers[0]), of_layer(whole)
    assert clip is not None
    assert not left.read(clip.area).any()
    left.write(clip.area, clip.pixels)
    assert np.array_equal(left.read(AREA), noise(1))


def test_a_clip_is_a_png_with_its_transparency() -> None:
    clip = of_layer(picture((Rect(12, 22, 5, 4), 90), (Rect(17, 22, 3, 9), 255)))
    assert clip is not None
    assert np.array_equal(open_bytes(clip.png(), "clip").pixels, clip.pixels)

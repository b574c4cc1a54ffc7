from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.errors import FileError
from studio.core.pixels import Pixels
from studio.document.files import profiles
from studio.document.files.encode import Choices
from studio.document.files.image import export_image, open_image
from studio.document.files.metadata import Recipe
from tests.document.conftest import Noise
from tests.document.files.conftest import swapped_profile


@pytest.mark.parametrize(("suffix", "quality"), [("png", 1), ("PNG", 92), ("webp", 100)])
@pytest.mark.parametrize("opaque", [True, False])
def test_a_lossless_export_comes_back_bit_for_bit(
    tmp_path: Path, noise: Noise, suffix: str, quality: int, opaque: bool
) -> None:
    pixels = noise(61, 47, opaque=opaque)
    path = tmp_path / f"x.{suffix}"
    assert export_image(path, pixels, choices=Choices(quality=quality)) == ()
    assert np.array_equal(open_image(path).pixels, pixels)


def smooth() -> Pixels:
    ramp = np.linspace(0, 255, 64, dtype=np.uint8)
    return np.dstack(
        [*np.meshgrid(ramp, ramp), np.full((64, 64), 90), np.full((64, 64), 255)]
    ).astype(np.uint8)


@pytest.mark.parametrize("suffix", ["jpg", "jpeg", "webp"])
def test_a_lossy_export_stays_near(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    export_image(path, smooth())
    difference = open_image(path).pixels.astype(int) - smooth()
    assert np.abs(difference).mean() < 2


def test_jpeg_lies_on_white_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    notes = export_image(path, np.zeros((16, 16, 4), np.uint8))
    assert "white" in notes[0]
    assert (open_image(path).pixels > 250).all()


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_the_recipe_travels_with_the_picture(tmp_path: Path, suffix: str, recipe: Recipe) -> None:
    path = tmp_path / f"x.{suffix}"
    assert export_image(path, smooth(), recipe) == ()
    assert open_image(path).recipe == recipe


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_without_a_recipe_nothing_is_said_about_one(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    export_image(path, smooth())
    assert open_image(path).recipe is None


def test_a_png_carries_the_text_that_the_web_uis_read(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    export_image(path, smooth(), Recipe("a house", "fog", steps=20, sampler="euler_a", seed=7))
    with Image.open(path) as image:
        text = image.info["parameters"]
    assert text == (
        "a house\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, Seed: 7, Version: Sfumato"
    )


def test_a_prompt_too_long_for_jpeg_is_left_out_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    notes = export_image(path, smooth(), Recipe("x" * 32_000, "y" * 32_000))
    assert "too long" in notes[0]
    assert open_image(path).pixels.shape == (64, 64, 4)


@pytest.mark.parametrize(
    ("name", "shape", "word"),
    [
        ("x.gif", (4, 4, 4), "does not write '.gif' files"),
        ("x", (4, 4, 4), "without an ending"),
        ("x.webp", (1, 16384, 4), "too large for WEBP"),
        ("x.jpg", (65501, 1, 4), "too large for JPEG"),
        ("x.png", (0, 4, 4), "no picture"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is_left(
    tmp_path: Path, name: str, shape: tuple[int, ...], word: str
) -> None:
    with pytest.raises(FileError, match=word):
        export_image(tmp_path / name, np.zeros(shape, np.uint8))
    assert list(tmp_path.iterdir()) == []


SUFFIXES = ["png", "jpg", "webp", "tif"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_export_carries_the_srgb_profile_that_every_program_reads(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"x.{suffix}"
    export_image(path, smooth())
    with Image.open(path) as image:
        assert image.info["icc_profile"] == profiles.srgb()
    assert open_image(path).notes == ()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_resolution_stays(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    export_image(path, smooth(), choices=Choices(resolution=(300.0, 150.0)))
    found = open_image(path).origin.resolution
    assert found is not None
    assert found == pytest.approx((300, 150), abs=0.1)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_metadata_no_prompt_leaves_the_studio(
    tmp_path: Path, suffix: str, recipe: Recipe
) -> None:
    path = tmp_path / f"x.{suffix}"
    export_image(path, smooth(), recipe, Choices(metadata=False))
    assert open_image(path).recipe is None
    assert b"red house" not in path.read_bytes()


@pytest.mark.parametrize("opaque", [True, False])
def test_16_bits_hold_the_same_picture(
    tmp_path: Path, noise: Noise, opaque: bool, recipe: Recipe
) -> None:
    pixels, path = noise(61, 300, opaque=opaque), tmp_path / "x.png"
    export_image(path, pixels, recipe, Choices(deep=True, resolution=(300.0, 300.0)))
    found = open_image(path)
    assert path.read_bytes()[24] == 16
    assert np.array_equal(found.pixels, pixels)
    assert found.recipe == recipe
    assert found.origin.resolution == pytest.approx((300, 300), abs=0.1)


def test_a_tiff_is_lossless_and_tells_its_prompt(tmp_path: Path, noise: Noise) -> None:
    pixels, path = noise(61, 47, opaque=False), tmp_path / "x.tiff"
    export_image(path, pixels, Recipe("ein Häuschen", "fog", steps=20, sampler="euler_a", seed=7))
    found = open_image(path)
    assert np.array_equal(found.pixels, pixels)
    assert found.recipe == Recipe("ein Häuschen", "fog", steps=20, sampler="euler_a", seed=7)


def test_a_picture_goes_back_into_the_profile_it_came_from(tmp_path: Path, noise: Noise) -> None:
    path, profile = tmp_path / "x.png", swapped_profile()
    pixels = noise(40, 300, opaque=False)
    export_image(path, pixels, None, Choices(profile="own"), profile)
    with Image.open(path) as image:
        raw = np.asarray(image)
        assert image.info["icc_profile"] == profile
    assert np.abs(raw[..., [2, 1, 0, 3]].astype(int) - pixels).max() <= 2
    found = open_image(path)
    assert np.abs(found.pixels.astype(int) - pixels).max() <= 3
    assert found.origin.profile == profile


def test_a_profile_that_cannot_be_written_into_gives_srgb_and_a_note(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    notes = export_image(path, smooth(), None, Choices(profile="own"), b"junk" * 99)
    assert "cannot be used" in notes[0]
    assert np.array_equal(open_image(path).pixels, smooth())


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        export_image(tmp_path / name, smooth())
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.errors import FileError
from studio.core.pixels import Pixels
from studio.document.files.image import export_image, open_image
from studio.document.files.metadata import Recipe
from tests.document.conftest import Noise


@pytest.mark.parametrize(("suffix", "quality"), [("png", 1), ("PNG", 92), ("webp", 100)])
@pytest.mark.parametrize("opaque", [True, False])
def test_a_lossless_export_comes_back_bit_for_bit(
    tmp_path: Path, noise: Noise, suffix: str, quality: int, opaque: bool
) -> None:
    pixels = noise(61, 47, opaque=opaque)
    path = tmp_path / f"x.{suffix}"
    assert export_image(path, pixels, quality=quality) == ()
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

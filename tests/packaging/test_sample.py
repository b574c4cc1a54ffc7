"""The sample edit that runs without a window."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from setup_parts import sample
from setup_parts.console import Trouble
from setup_parts.place import ROOT


@pytest.mark.parametrize(("width", "height"), [(256, 256), (7, 5), (640, 31)])
def test_the_hand_written_mask_is_a_picture_of_that_size(width: int, height: int) -> None:
    with Image.open(BytesIO(sample.ellipse(width, height))) as mask:
        mask.load()
        assert (mask.mode, mask.size) == ("L", (width, height))


def test_the_mask_is_white_in_the_middle_and_black_at_the_edge() -> None:
    with Image.open(BytesIO(sample.ellipse(300, 200))) as mask:
        pixels = np.asarray(mask)
    assert pixels[100, 150] == 255
    assert not pixels[0].any()
    assert not pixels[:, 0].any()


def test_the_first_sample_that_is_no_mask_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "resources" / "samples"
    folder.mkdir(parents=True)
    for name in ("b.png", "a-mask.png", "c.png"):
        (folder / name).touch()
    assert sample.picture(tmp_path).name == "b.png"


def test_a_copy_without_samples_is_called_not_whole(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="not whole"):
        sample.picture(tmp_path)


def test_the_size_is_read_from_the_header(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    Image.new("RGB", (123, 45)).save(path)
    assert sample.size(path) == (123, 45)


def test_the_project_ships_a_sample() -> None:
    assert sample.picture(ROOT).is_file()

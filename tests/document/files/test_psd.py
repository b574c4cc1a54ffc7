import io
from pathlib import Path

import numpy as np
import pytest
from psd_tools import PSDImage

from studio.core.errors import FileError
from studio.core.geometry import Rect
from studio.document.blends import BLENDS
from studio.document.files import psd
from studio.document.files.psd_modes import KEYS
from studio.document.layered import Layered
from tests.document.files.pictures import described, rich, same_pixels


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("psd") / "rich.psd"
    with path.open("wb") as file:
        psd.write(rich(), file)
    return path


def opened(path: Path) -> Layered:
    with path.open("rb") as file:
        return psd.read(file, path.name)


@pytest.fixture(scope="module")
def read(path: Path) -> Layered:
    return opened(path)


def test_every_layer_comes_back_bit_for_bit(read: Layered) -> None:
    assert same_pixels(rich(), read)


def test_names_modes_groups_and_locks_come_back(read: Layered) -> None:
    def coarse(picture: Layered) -> list[tuple[object, ...]]:
        return [
            (each[0], each[1], round(float(str(each[2])) * 255), *each[3:5])
            for each in described(picture)
        ]

    assert coarse(read) == coarse(rich())
    groups = [tuple(one.name for one in each.groups) for each in read.layers]
    assert groups == [tuple(one.name for one in each.groups) for each in rich().layers]
    assert [each.alpha_locked for each in read.layers] == [
        each.alpha_locked for each in rich().layers
    ]


def test_resolution_comes_back(read: Layered) -> None:
    assert read.dpi == (300.0, 300.0)
    assert read.bounds == Rect(0, 0, 320, 300)


def test_the_merged_picture_is_what_is_seen(path: Path) -> None:
    merged = PSDImage.open(path).topil(apply_icc=False)
    assert merged is not None
    seen, expected = np.asarray(merged).astype(int), rich().flat().astype(int)
    opaque = expected[..., 3] == 255
    assert np.array_equal(seen[..., 3], expected[..., 3])
    assert np.array_equal(seen[opaque], expected[opaque])


def test_every_blend_mode_has_a_key() -> None:
    assert KEYS.keys() == BLENDS.keys()


def test_what_the_format_cannot_hold_is_said() -> None:
    notes = psd.write(rich(), io.BytesIO())
    assert any("masks" in each for each in notes)
    assert any("prompt" in each for each in notes)


@pytest.mark.parametrize("keep", [0, 4, 26, 100, 3000, 40000])
def test_a_file_that_was_cut_short_is_refused(path: Path, tmp_path: Path, keep: int) -> None:
    cut = tmp_path / "cut.psd"
    cut.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(FileError, match=r"cut\.psd"):
        opened(cut)


def test_a_name_of_half_a_character_is_written_all_the_same(tmp_path: Path) -> None:
    picture = rich()
    picture.layers[0].name = "half \ud83d"
    with (tmp_path / "half.psd").open("w+b") as file:
        psd.write(picture, file)
    assert opened(tmp_path / "half.psd").layers[0].name == "half \N{REPLACEMENT CHARACTER}"

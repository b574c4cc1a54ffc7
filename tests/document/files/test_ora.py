import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from studio.core.errors import FileError
from studio.core.geometry import Rect
from studio.document.blends import BLENDS
from studio.document.files import ora
from studio.document.files.exchange import open_picture
from studio.document.files.image import open_bytes
from studio.document.files.ora_stack import OPERATORS
from studio.document.layer import Layer
from studio.document.layered import Layered
from studio.document.tiles import TileGrid
from tests.document.files.pictures import described, rich, same_pixels


def packed(picture: Layered) -> bytes:
    buffer = io.BytesIO()
    ora.write(picture, buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def written() -> bytes:
    return packed(rich())


@pytest.fixture(scope="module")
def read(written: bytes) -> Layered:
    return ora.read(io.BytesIO(written), "rich.ora")


def test_every_layer_comes_back_bit_for_bit(read: Layered) -> None:
    assert same_pixels(rich(), read)


def test_names_modes_groups_and_locks_come_back(read: Layered) -> None:
    assert described(read) == described(rich())
    assert read.active == 3


def test_masks_come_back_with_strength_and_colour(read: Layered) -> None:
    mask, second = read.masks
    expected = rich().masks[0].pixels.read(Rect(-30, 5, 100, 90))
    assert np.array_equal(mask.pixels.read(Rect(-10, 15, 100, 90)), expected)
    assert (mask.name, mask.strength, mask.colour, mask.visible) == ("mask", 0.4, (1, 2, 3), True)
    assert (second.name, second.visible, read.active_mask) == ("second ♥", False, 1)


def test_frame_resolution_and_recipe_come_back(read: Layered) -> None:
    assert read.frame == Rect(-30, -30, 256, 192)
    assert read.dpi == (300.0, 300.0)
    assert read.recipe == rich().recipe
    assert [each.kind for each in read.layers] == [each.kind for each in rich().layers]


def test_the_picture_looks_the_same(read: Layered, written: bytes) -> None:
    assert np.array_equal(read.flat(), rich().flat())
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        merged = open_bytes(archive.read("mergedimage.png"), "merged").pixels
    assert np.array_equal(merged, rich().flat())


def test_the_archive_is_laid_out_as_the_standard_says(written: bytes) -> None:
    assert written[30:54] == b"mimetypeimage/openraster"
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        names = archive.namelist()
        thumbnail = open_bytes(archive.read("Thumbnails/thumbnail.png"), "thumbnail").pixels
    assert {"stack.xml", "mergedimage.png", "data/layer-000.png"} <= set(names)
    assert max(thumbnail.shape[:2]) == 256


def test_every_blend_mode_has_a_name_in_openraster() -> None:
    assert OPERATORS.keys() == BLENDS.keys()
    assert len(set(OPERATORS.values())) == len(BLENDS)


def test_equal_pictures_make_equal_files(written: bytes) -> None:
    assert packed(rich()) == written


def test_no_picture_is_refused() -> None:
    with pytest.raises(FileError, match="no picture"):
        packed(Layered(Rect(0, 0, 0, 0), ()))


def test_reading_writes_nothing(
    written: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ora.read(io.BytesIO(written), "rich.ora")
    assert list(tmp_path.iterdir()) == []


def plain(area: Rect) -> TileGrid:
    grid = TileGrid(4)
    grid.fill(area, (10, 20, 30, 255))
    return grid


def test_what_a_crop_has_left_beside_the_picture_comes_back() -> None:
    layer = Layer("cropped", plain(Rect(0, 0, 8192, 4608)))
    file = packed(Layered(Rect(100, 100, 64, 64), (layer,)))
    (back,) = ora.read(io.BytesIO(file), "cropped.ora").layers
    assert back.pixels.tight_bounds() == Rect(-100, -100, 8192, 4608)


def test_a_layer_that_reaches_too_far_is_cut_to_the_picture() -> None:
    layer = Layer("far", plain(Rect(-5, 0, 16_400, 8)))
    buffer = io.BytesIO()
    notes = ora.write(Layered(Rect(0, 0, 16_384, 64), (layer,)), buffer)
    (back,) = ora.read(buffer, "far.ora").layers
    assert back.pixels.tight_bounds() == Rect(0, 0, 16_384, 8)
    assert notes == ("Of 'far' only what lies inside the picture was written.",)


def test_endless_names_do_not_make_a_file_unreadable() -> None:
    layer = Layer("x" * 5000, plain(Rect(0, 0, 8, 8)))
    (back,) = ora.read(io.BytesIO(packed(Layered(Rect(0, 0, 8, 8), (layer,)))), "x.ora").layers
    assert back.name == "x" * 1024


@pytest.mark.skipif(sys.platform == "win32", reason="there a hole in a file takes its room")
@pytest.mark.parametrize("gap", [(2 << 30) + 1, 5 << 30])
def test_what_was_written_beyond_2_gib_is_read_again(tmp_path: Path, gap: int) -> None:
    path = tmp_path / "large.ora"
    with path.open("wb") as file:
        file.write(b"PK\3\4")
        file.seek(gap)  # as if members lay there; it takes no room on the disk
        ora.write(rich(), file)
    read = open_picture(path)
    assert described(read) == described(rich())

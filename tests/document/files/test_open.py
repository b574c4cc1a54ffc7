import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from studio.core.errors import FileError
from studio.core.pixels import Pixels
from studio.document.files.decode import decode
from studio.document.files.decoded import Decoded
from studio.document.files.image import open_image
from tests.document.conftest import Noise
from tests.document.files.conftest import Packed, swapped_profile

#: Pillow marks what it does not support by warnings of its own; the decoder process shows them
#: to nobody.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def open_bytes(data: bytes, name: str) -> Decoded:
    """As the decoder process does it, but here."""
    return decode(io.BytesIO(data), name)


LOSSLESS = {"PNG": {}, "WEBP": {"lossless": True, "exact": True}}
SMALL = np.random.default_rng(5).integers(0, 256, (40, 60, 3), dtype=np.uint8)


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize("opaque", [True, False])
def test_a_lossless_picture_comes_bit_for_bit(
    noise: Noise, packed: Packed, kind: str, opaque: bool
) -> None:
    pixels = noise(70, 50, opaque=opaque)
    opened = open_bytes(packed(pixels, kind, **LOSSLESS[kind]), "x")
    assert np.array_equal(opened.pixels, pixels)
    assert (opened.notes, opened.recipe) == ((), None)


def test_the_ending_does_not_matter_and_the_name_is_the_stem(
    tmp_path: Path, packed: Packed
) -> None:
    path = tmp_path / "my photo ü.png"
    path.write_bytes(packed(SMALL, "JPEG"))
    opened = open_image(path)
    assert (opened.name, opened.pixels.shape) == ("my photo ü", (40, 60, 4))


def grey(values: Pixels) -> Pixels:
    return np.dstack([values, values, values, np.full_like(values, 255)])


LEVELS = np.arange(0, 250, 10, dtype=np.uint8).reshape(5, 5)
WIDE = LEVELS.astype(np.uint16) * 257


@pytest.mark.parametrize(
    "image",
    [
        Image.fromarray(LEVELS),
        Image.fromarray(LEVELS).convert("LA"),
        Image.fromarray(LEVELS).convert("RGB").quantize(256, dither=Image.Dither.NONE),
        Image.fromarray(WIDE),
    ],
    ids=["L", "LA", "P", "I;16"],
)
def test_every_kind_of_grey_becomes_the_same_rgba(image: Image.Image, packed: Packed) -> None:
    assert np.array_equal(open_bytes(packed(image), "x").pixels, grey(LEVELS))


def test_black_and_white_bits_are_0_and_255(packed: Packed) -> None:
    bits = Image.fromarray((LEVELS > 100).astype(np.uint8) * 255).convert("1")
    assert set(open_bytes(packed(bits), "x").pixels[..., 0].ravel().tolist()) == {0, 255}


@pytest.mark.parametrize("mode", ["P", "RGB", "L", "1"])
def test_a_colour_that_stands_for_transparent_is_transparent(mode: str, packed: Packed) -> None:
    image = Image.new(mode, (4, 4), 0)
    opened = open_bytes(packed(image, transparency=(0, 0, 0) if mode == "RGB" else 0), "x")
    assert int(opened.pixels[..., 3].max()) == 0


def png(depth: int, colour: int, rows: bytes, *extra: tuple[bytes, bytes]) -> bytes:
    """A 1 x 1 PNG made by hand."""
    head = struct.pack(">IIBBBBB", 1, 1, depth, colour, 0, 0, 0)
    chunks = [(b"IHDR", head), *extra, (b"IDAT", zlib.compress(b"\0" + rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@pytest.mark.parametrize(
    ("data", "pixel"),
    [
        (png(16, 2, bytes.fromhex("ff0040401020")), (254, 64, 16, 255)),
        (png(16, 6, bytes.fromhex("ff00404010208000")), (254, 64, 16, 128)),
        (png(16, 4, bytes.fromhex("40408000")), (64, 64, 64, 128)),
    ],
)
def test_16_bits_become_8_and_it_is_said(data: bytes, pixel: tuple[int, ...]) -> None:
    opened = open_bytes(data, "x")
    near = np.abs(opened.pixels[0, 0].astype(int) - pixel)
    assert near.max() <= 1
    assert opened.pixels[0, 0, 3] == pixel[3]
    assert "16 bits" in opened.notes[0]


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_taken_on_its_side_stands_upright(turn: int, packed: Packed) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    data = packed(SMALL, exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        upright = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(open_bytes(data, "x").pixels[..., :3], upright)


def test_a_picture_of_many_bands_is_whole(packed: Packed) -> None:
    tall = np.random.default_rng(2).integers(0, 256, (1000, 3, 3), dtype=np.uint8)
    assert np.array_equal(open_bytes(packed(tall), "x").pixels[..., :3], tall)


@pytest.mark.parametrize("kind", LOSSLESS)
def test_a_foreign_colour_profile_is_converted_and_it_is_said(
    kind: str, noise: Noise, packed: Packed
) -> None:
    pixels = noise(40, 300, opaque=False)
    data = packed(pixels, kind, icc_profile=swapped_profile(), **LOSSLESS[kind])
    opened = open_bytes(data, "x")
    assert np.abs(opened.pixels[..., [2, 1, 0, 3]].astype(int) - pixels).max() <= 2
    assert "from test" in opened.notes[0]


def test_a_profile_that_does_not_fit_is_said_and_the_picture_opens(packed: Packed) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    opened = open_bytes(packed(SMALL, icc_profile=lab), "x")
    assert "cannot be used" in opened.notes[0]
    assert np.array_equal(opened.pixels[..., :3], SMALL)


def test_an_srgb_profile_changes_no_pixel(packed: Packed) -> None:
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    opened = open_bytes(packed(SMALL, icc_profile=own), "x")
    assert np.array_equal(opened.pixels[..., :3], SMALL)
    assert opened.notes == ()


@pytest.mark.parametrize("profile", [b"junk", b"\0" * 200])
def test_a_broken_profile_is_said_and_the_picture_opens(profile: bytes, packed: Packed) -> None:
    opened = open_bytes(packed(SMALL, icc_profile=profile), "x")
    assert "cannot be used" in opened.notes[0]
    assert np.array_equal(opened.pixels[..., :3], SMALL)


def test_print_colours_are_converted_and_it_is_said(packed: Packed) -> None:
    opened = open_bytes(packed(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"), "x")
    red = opened.pixels[4, 4]
    assert red[0] > 200
    assert red[1:3].max() < 60
    assert "CMYK" in opened.notes[0]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_opens_and_it_is_said(kind: str, packed: Packed) -> None:
    frames = [Image.new("RGB", (8, 8), (each, 0, 0)) for each in (200, 90, 10)]
    data = packed(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    opened = open_bytes(data, "x")
    assert abs(int(opened.pixels[0, 0, 0]) - 200) < 5
    assert "first of its 3 frames" in opened.notes[0]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"hello, I am a text", "not a picture"),
        (b"\0" * 500, "not a picture"),
        (b"GIF89a" + b"\0" * 100, "damaged"),
        (b"8BPS\0\1" + b"\0" * 100, "Photoshop"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"\xff\xd8\xff\xe0", "damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "damaged"),
        (png(8, 2, b"\0\0\0")[:-30], "damaged"),
    ],
)
def test_bytes_that_are_no_whole_picture_are_refused(data: bytes, word: str) -> None:
    with pytest.raises(FileError, match=word) as refusal:
        open_bytes(data, "drop.png")
    assert "drop.png" in refusal.value.message
    assert refusal.value.hint


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_cut_short_is_refused_and_never_shown_by_half(kind: str, packed: Packed) -> None:
    data = packed(SMALL, kind)
    whole = open_bytes(data, "x").pixels
    for end in range(1, len(data), max(1, len(data) // 60)):
        try:
            opened = open_bytes(data[:end], "x")
        except FileError:
            continue
        assert np.array_equal(opened.pixels, whole), f"{end} of {len(data)} bytes"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 255)), min_size=1, max_size=8),
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_flipped_bits_open_or_are_refused_and_nothing_else(
    kind: str, flips: list[tuple[int, int]], packed: Packed
) -> None:
    data = bytearray(packed(SMALL, kind))
    for at, bits in flips:
        data[at % len(data)] ^= bits
    try:
        opened = open_bytes(bytes(data), "x")
    except FileError:
        return
    assert opened.pixels.dtype == np.uint8
    assert opened.pixels.ndim == 3
    assert opened.pixels.shape[2] == 4


def huge_png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in [
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(1000))),
            (b"IEND", b""),
        ]
    )


@pytest.mark.parametrize(
    "size", [(16385, 16384), (1, 16385), (65535, 65535), (65536, 1), (1, 2**31 - 1)]
)
def test_a_huge_picture_is_refused_with_the_limit_before_it_is_decoded(
    size: tuple[int, int],
) -> None:
    with pytest.raises(FileError, match="at most 16384 px a side"):
        open_bytes(huge_png(*size), "x")


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_text_that_unpacks_to_a_flood_is_left_out_and_it_is_said(kind: bytes) -> None:
    packed = zlib.compress(b"a" * (1 << 25))
    head = b"parameters\0\0" if kind == b"zTXt" else b"parameters\0\1\0\0\0"
    opened = open_bytes(png(8, 2, b"\7\7\7", (kind, head + packed)), "x")
    assert opened.pixels[0, 0].tolist() == [7, 7, 7, 255]
    assert opened.recipe is None
    assert "text was left out" in opened.notes[0]


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda folder: folder / "none.png", "There is no file"),
        (lambda folder: folder / "none" / "none.png", "There is no file"),
        (lambda folder: folder, "is a folder"),
        (lambda folder: folder / ("x" * 300 + ".png"), "cannot be the name"),
        (lambda folder: folder / "a\0b.png", "cannot be the name"),
        (lambda _: Path(os.devnull), "is not a file"),
    ],
)
def test_a_path_without_a_picture_is_refused(tmp_path: Path, make: object, word: str) -> None:
    assert callable(make)
    with pytest.raises(FileError, match=word):
        open_image(make(tmp_path))


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(b"x")

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    # The tests may run as root, whom no mode bits stop.
    monkeypatch.setattr("studio.document.files.image.os.open", denied)
    with pytest.raises(FileError, match="may not be read"):
        open_image(path)

"""Bytes of a PNG, JPEG or WebP file to sRGB pixels; whatever is wrong with them is said."""

from __future__ import annotations

import io
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageCms, UnidentifiedImageError, WebPImagePlugin

from studio.core.errors import FileError
from studio.core.geometry import Size
from studio.core.pixels import Pixels
from studio.core.request import MAX_EDGE
from studio.document.files.metadata import EXIF_POINTER, USER_COMMENT, Recipe, recipe_of

# Pillow registers PNG and JPEG by itself; WebP comes with the import of its plugin.
FORMATS = ("PNG", "JPEG", WebPImagePlugin.WebPImageFile.format)

_PNG = b"\x89PNG\r\n\x1a\n"
_ORIENTATION = 0x0112
#: Rows converted at a time, so that a 16k picture is never in memory three times.
_BAND = 256
#: What Pillow's decoders were seen to raise over broken bytes (fuzzed, see the tests).
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)
#: First bytes of what artists drop by mistake, so that the refusal can name it.
_OTHERS = (
    (b"GIF8", "a GIF"),
    (b"8BPS", "a Photoshop file"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"BM", "a BMP"),
    (b"%PDF", "a PDF"),
    (b"PK\3\4", "a zip archive or a project of another program"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML or SVG file"),
    (b"gimp xcf", "a GIMP project"),
)

Convert = Callable[[Image.Image], Image.Image]

_limit = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture as the studio works on it.

    Attributes:
        pixels: uint8 `[h, w, 4]` sRGB straight alpha, read-only: a document keeps it uncopied.
        recipe: What it was made with, if it says.
        notes: What had to be changed, in sentences for the artist.
    """

    pixels: Pixels
    recipe: Recipe | None
    notes: tuple[str, ...]


def decode(data: bytes, name: str) -> Decoded:
    """The picture in these bytes.

    Raises:
        FileError: They are no whole PNG, JPEG or WebP of at most `MAX_EDGE` px a side.
    """
    if not data:
        raise FileError(f"'{name}' is empty: there is no picture in it.", "Copy it again.")
    try:
        try:
            return _decoded(data, name)
        except ValueError:
            # Pillow refuses texts that unpack to more than a megabyte; the picture may be sound.
            bare = _without_packed_texts(data)
            if bare == data:
                raise
            decoded = _decoded(bare, name)
            note = "Its text was left out: it is far longer than a picture's text should be."
            return replace(decoded, notes=(*decoded.notes, note))
    except MemoryError as error:
        raise FileError(
            f"There is not enough memory to open '{name}'.", "Close other programs, or scale it."
        ) from error
    except FileError:
        raise
    except BROKEN as error:
        raise FileError(
            f"'{name}' is damaged or was cut short: it cannot be read to its end.",
            "Nothing was opened. Copy or download the file again.",
        ) from error


def _decoded(data: bytes, name: str) -> Decoded:
    with _opened(data, name) as image:
        _check_size(Size(*image.size), name)
        image.load()
        notes = list(_said(image, data))
        recipe = recipe_of(image.info.get, _comment(image))
        pixels = _upright(_rgba(image, notes), _exif_value(image, _ORIENTATION))
    pixels.flags.writeable = False
    return Decoded(pixels, recipe, tuple(notes))


def _without_packed_texts(data: bytes) -> bytes:
    """A PNG without its chunks zTXt and iTXt; anything else as it is."""
    if not data.startswith(_PNG):
        return data
    parts, at = [data[:8]], 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind not in (b"zTXt", b"iTXt"):
            parts.append(data[at : at + 12 + length])
        at += 12 + length
    parts.append(data[at:])
    return b"".join(parts)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Image.Image]:
    # Pillow refuses from 179 MP on by a global of the module; our own limit is checked instead, on
    # the size that the header tells, before anything is decoded.
    with _limit:
        usual, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        except UnidentifiedImageError as error:
            raise _not_ours(data, name) from error
        finally:
            Image.MAX_IMAGE_PIXELS = usual
    with image:
        yield image


def _not_ours(data: bytes, name: str) -> FileError:
    hint = "The studio opens PNG, JPEG and WebP."
    head = data[:16].lstrip()
    if head[:8] == _PNG or head[:3] == b"\xff\xd8\xff" or data[8:12] == b"WEBP":
        return FileError(
            f"'{name}' is damaged: it begins like a picture but cannot be read.",
            "Copy or download the file again.",
        )
    for magic, what in _OTHERS:
        if head.startswith(magic):
            return FileError(f"'{name}' is {what}.", f"{hint} Export it as one of these.")
    return FileError(f"'{name}' is not a picture.", hint)


def _check_size(size: Size, name: str) -> None:
    if max(size.width, size.height) > MAX_EDGE:
        raise FileError(
            f"'{name}' has {size.width} x {size.height} px.",
            f"The studio works on at most {MAX_EDGE} px a side: scale or cut it in another program "
            "first.",
        )


def _said(image: Image.Image, data: bytes) -> Iterator[str]:
    if image.format == "PNG" and data[24:25] == b"\x10":
        yield "It had 16 bits per channel; the studio works with 8."
    if image.mode in ("CMYK", "YCCK"):
        yield "Its print colours (CMYK) were converted to sRGB."
    frames = getattr(image, "n_frames", 1)
    if image.format in ("PNG", "WEBP") and frames > 1:
        yield f"Only the first of its {frames} frames was opened."


def _rgba(image: Image.Image, notes: list[str]) -> Pixels:
    convert = _in_srgb(image, notes)
    pixels = np.empty((image.height, image.width, 4), np.uint8)
    for top in range(0, image.height, _BAND):
        bottom = min(image.height, top + _BAND)
        band = _plain(image.crop((0, top, image.width, bottom)))
        alpha = band.getchannel("A") if band.mode in ("RGBA", "LA") else None
        result = (band if convert is None else convert(_bare(band))).convert("RGBA")
        if convert is not None and alpha is not None:
            result.putalpha(alpha)
        pixels[top:bottom] = np.asarray(result)
    return pixels


def _bare(image: Image.Image) -> Image.Image:
    return image.convert(image.mode[:-1]) if image.mode in ("RGBA", "LA") else image


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """Undo the turn of the camera: EXIF 2.32, tag Orientation, 1 to 8."""
    turned = pixels.swapaxes(0, 1) if orientation in (5, 6, 7, 8) else pixels
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    if orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    return np.ascontiguousarray(turned)


def _plain(image: Image.Image) -> Image.Image:
    """L, LA, RGB, RGBA or CMYK; palettes, bits, 16-bit greys and keyed-out colours resolved."""
    if image.mode.startswith("I"):
        grey = np.asarray(image).astype(np.uint32)
        return Image.fromarray(((grey.clip(0, 65535) + 128) // 257).astype(np.uint8))
    if "transparency" in image.info or image.mode in ("P", "PA"):
        return image.convert("RGBA")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGBA")


def _in_srgb(image: Image.Image, notes: list[str]) -> Convert | None:
    """What brings bands of that picture into sRGB; None when they are in it already."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or not profile:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        title = ImageCms.getProfileDescription(source).strip()
        if "srgb" in title.lower():
            return None
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            _bare(_plain(image.crop((0, 0, 1, 1)))).mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (*BROKEN, ImageCms.PyCMSError):
        notes.append("Its colour profile cannot be used; colours may look different.")
        return None
    notes.append(f"Its colours were converted from {title or 'its own profile'} to sRGB.")
    return transform.apply


def _exif_value(image: Image.Image, tag: int) -> int:
    try:
        value = image.getexif().get(tag)
    except BROKEN:
        return 0
    return value if isinstance(value, int) else 0


def _comment(image: Image.Image) -> object:
    try:
        return image.getexif().get_ifd(EXIF_POINTER).get(USER_COMMENT)
    except BROKEN:
        return None

"""Which files the studio opens, told by their content; everything else is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from studio.core.errors import FileError

PNG = b"\x89PNG\r\n\x1a\n"
#: So much of the beginning of a file tells what it is.
HEAD = 32

Opener = Callable[[BinaryIO], ImageFile.ImageFile]

HINT = "The studio opens PNG, JPEG, WebP, TIFF, GIF and BMP."
#: First bytes of what artists drop by mistake, so that the refusal can name it.
_OTHERS = (
    (b"8BPS", "a Photoshop file"),
    (b"%PDF", "a PDF"),
    (b"%!PS", "an EPS or PostScript file"),
    (b"\xc5\xd0\xd3\xc6", "an EPS file"),
    (b"PK\3\4", "a zip archive or a project of another program"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML or SVG file"),
    (b"gimp xcf", "a GIMP project"),
    (b"SQLite format 3", "a database, or a project of the studio"),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance picture"),
    (b"SIMPLE  =", "a FITS picture"),
    (b"\0\0\1\0", "an icon"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"icns", "an icon"),
    (b"DDS ", "a texture (DDS)"),
    (b"FUJIFILMCCD-RAW", "a camera's raw file"),
    (b"IIRO", "a camera's raw file"),
    (b"II*\0\x10\0\0\0CR", "a camera's raw file"),
)
_BRANDS = {b"avif": "an AVIF picture", b"heic": "a HEIC picture", b"mif1": "a HEIC picture"}


def opener_of(head: bytes, name: str) -> Opener:
    """What opens a file that begins like this.

    The openers are called themselves and not through `Image.open`, so that none of Pillow's other
    formats can come into play, whatever is registered.

    Args:
        head: The first `HEAD` bytes, or all of a shorter file.
        name: For messages.

    Raises:
        FileError: It is not one of the formats that the studio opens.
    """
    if head.startswith(b"II*\0\x10\0\0\0CR"):
        raise _refused(head, name)
    if head.startswith(PNG):
        return PngImagePlugin.PngImageFile
    if head.startswith(b"\xff\xd8\xff"):
        return JpegImagePlugin.JpegImageFile
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WebPImagePlugin.WebPImageFile
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TiffImagePlugin.TiffImageFile
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GifImagePlugin.GifImageFile
    if head.startswith(b"BM") and head[14:18] in _BMP_HEADERS:
        return BmpImagePlugin.BmpImageFile
    raise _refused(head, name)


#: Lengths of the header behind that of the file, by which 'BM' is more than two letters of a text.
_BMP_HEADERS = tuple(each.to_bytes(4, "little") for each in (12, 16, 40, 52, 56, 64, 108, 124))


def webp_size(head: bytes) -> tuple[int, int] | None:
    """Width and height that the head of a WebP file tells; None: it is none.

    Its decoder takes the memory of two whole pictures before it says how large they are.

    Source: RFC 9649, sections 2.5 to 2.7 (VP8, VP8L, VP8X).
    """
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:
        return None
    kind = head[12:16]
    if kind == b"VP8X":
        edges = (int.from_bytes(head[24:27], "little"), int.from_bytes(head[27:30], "little"))
        return edges[0] + 1, edges[1] + 1
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        across = int.from_bytes(head[26:28], "little")
        return across & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    return None


def _refused(head: bytes, name: str) -> FileError:
    begin = head.lstrip()
    what = next((what for magic, what in _OTHERS if begin.startswith(magic)), None)
    if head[4:8] == b"ftyp":
        what = _BRANDS.get(head[8:12], "a film or a picture of another kind")
    if what is None:
        return FileError(f"'{name}' is not a picture that the studio knows.", HINT)
    return FileError(f"'{name}' is {what}.", f"{HINT} Export it as one of these.")

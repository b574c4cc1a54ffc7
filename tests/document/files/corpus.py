"""Hostile pictures, made here: bombs, lies about sizes, junk in every corner, other formats."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageCms

from studio.core.pixels import Pixels

PNG = b"\x89PNG\r\n\x1a\n"
OURS = {"PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP"}
NOISE = np.random.default_rng(5).integers(0, 256, (48, 64, 3), dtype=np.uint8)
#: Of Pillow's formats that it reads and does not write: how their files begin.
MAGIC = {
    "PSD": b"8BPS\0\1\0\0\0\0\0\0\0\3\0\0\0\4\0\0\0\4\0\x08\0\3",
    "FITS": b"SIMPLE  =                    T",
    "FLI": b"\0\0\0\0\x11\xaf\1\0\x40\1\xc8\0\x08\0",
    "XPM": b"/* XPM */\nstatic char *x[] = {",
    "DCX": b"\xb1\x68\xde\x3a\0\0\0\0",
    "CUR": b"\0\0\2\0\1\0",
    "FPX": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "GBR": b"\0\0\0\x20\0\0\0\2\0\0\0\4\0\0\0\4\0\0\0\1GIMP",
    "IMT": b"*\n",
    "IPTC": b"\x1c\x01\x5a\x00\x02",
    "MCIDAS": b"\0\0\0\0\0\0\0\4",
    "PCD": b"\0" * 2048 + b"PCD_",
    "PIXAR": b"\x80\xe8\0\0",
    "SUN": b"\x59\xa6\x6a\x95",
    "WMF": b"\xd7\xcd\xc6\x9a",
    "EMF": b"\1\0\0\0" + b"\0" * 36 + b" EMF",
    "XVTHUMB": b"P7 332",
    "HDF5": b"\x89HDF\r\n\x1a\n",
    "GRIB": b"GRIB\0\0\0\1",
    "BUFR": b"BUFR\0\0\0\1",
    "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0",
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "EPS with a head": b"\xc5\xd0\xd3\xc6" + bytes(28),
    "PDF": b"%PDF-1.7\n1 0 obj\n",
    "XCF": b"gimp xcf v011\0",
    "EXR": b"\x76\x2f\x31\x01\2\0\0\0",
    "raw": b"II*\0\x10\0\0\0CR\2\0",
    "zip": b"PK\3\4\x14\0\0\0",
    "program": b"\x7fELF\2\1\1\0",
}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, depth: int, colour: int, *more: bytes, data: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = (*more, chunk(b"IDAT", data or zlib.compress(bytes(9))))
    return b"".join((PNG, chunk(b"IHDR", head), *body, chunk(b"IEND", b"")))


def flat(width: int, height: int, bits: int, colour: int) -> bytes:
    """A whole picture of nothing, as small as it can be packed."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width * bits + 7) // 8)
    data = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    return png(width, height, min(bits, 8), colour, data=data)


def packed(kind: str, pixels: Pixels = NOISE, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def others() -> Iterator[tuple[str, bytes]]:
    """A file of every format that Pillow or anybody else has and the studio has not."""
    Image.init()
    picture = Image.fromarray(NOISE[:32, :32])
    for kind in sorted(set(Image.SAVE) - OURS - {"MPO"}):
        for mode in ("RGB", "L", "1"):
            buffer = io.BytesIO()
            try:
                picture.convert(mode).save(buffer, kind)
            except (OSError, ValueError, KeyError, AttributeError, RuntimeError):
                continue  # the next mode, or a format that this build cannot write
            yield kind, buffer.getvalue()
            break
    for name, magic in MAGIC.items():
        yield name, magic + bytes(3000)


def _tiff(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    body = b"".join(struct.pack("<HHII", *each) for each in entries)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    return head + body + struct.pack("<I", following) + bytes(64)


def _bare_tiff(width: int, height: int, strips: int = 1) -> list[tuple[int, int, int, int]]:
    tags = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 64}
    counts = {273: strips, 279: strips}
    return [(tag, 4, counts.get(tag, 1), value) for tag, value in tags.items()]


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files of our formats that mean harm."""
    bomb = zlib.compress(bytes(200 << 20), 9)
    yield "a size of 2^31", png(2**31 - 1, 2**31 - 1, 8, 6)
    yield "a size of nothing", png(0, 0, 8, 6)
    yield "16k and no data", png(16384, 16384, 8, 6)
    yield "an unknown depth", png(9, 9, 99, 77)
    for kind in (b"zTXt", b"iTXt"):
        head = b"parameters\0\0" if kind == b"zTXt" else b"parameters\0\1\0\0\0"
        yield f"a text bomb {kind!r}", png(1, 1, 8, 2, chunk(kind, head + bomb))
        many = [chunk(kind, head + zlib.compress(bytes(900_000)))] * 200
        yield f"200 texts {kind!r}", png(1, 1, 8, 2, *many)
    yield "a profile bomb", png(1, 1, 8, 2, chunk(b"iCCP", b"x\0\0" + bomb))
    yield "a profile of junk", packed("PNG", icc_profile=b"junk" * 50_000)
    yield "a million chunks", png(4, 4, 8, 2, chunk(b"tEXt", b"a\0b") * 300_000)
    yield "data that never ends", png(4, 4, 8, 2, data=bomb)
    yield "a palette of one", png(64, 64, 8, 3, chunk(b"PLTE", b"\1\2\3"))
    yield "a film of a billion frames", png(4, 4, 8, 2, chunk(b"acTL", b"\x3f\xff\xff\xff\0\0\0\0"))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for cut in (10, 128, 200, len(lab) - 1):
        yield f"a profile cut at {cut}", packed("JPEG", icc_profile=lab[:cut])
    yield "EXIF of junk", packed("JPEG", exif=b"Exif\0\0" + bytes(range(256)) * 200)
    loop = struct.pack("<2sHIH", b"II", 42, 8, 1) + struct.pack("<HHII", 0x8769, 4, 1, 8)
    yield "EXIF in a circle", packed("JPEG", exif=b"Exif\0\0" + loop + struct.pack("<I", 8))
    yield "a TIFF in a circle", _tiff(_bare_tiff(9, 9), following=8)
    yield "a TIFF of 2^31", _tiff(_bare_tiff(2**31 - 1, 2**31 - 1))
    yield "a TIFF of a billion strips", _tiff(_bare_tiff(9, 9, strips=2**30))
    yield "a TIFF of nothing", _tiff([])
    yield "a TIFF of texts", _tiff([(270, 2, 2**31 - 1, 8), *_bare_tiff(9, 9)])
    yield "a GIF of 65535", b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(99)
    frame = b"," + struct.pack("<HHHHB", 0, 0, 16000, 16000, 0) + b"\x08\x01\0\0;"
    yield (
        "a GIF of one code",
        (b"GIF89a" + struct.pack("<HHBBB", 16000, 16000, 0xF7, 0, 0) + bytes(768) + frame),
    )
    yield (
        "a BMP upside down",
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54, 40, 9, -(2**31), 1, 24, 0, 0, 0, 0, 0, 0),
    )
    yield (
        "a BMP of 2^31",
        b"BM"
        + struct.pack(
            "<IIIIiiHHIIiiII", 99, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 32, 3, 0, 0, 0, 0, 0
        ),
    )
    yield (
        "a JPEG of 65535",
        packed("JPEG").replace(struct.pack(">HH", 48, 64), b"\xff\xff\xff\xff", 1),
    )
    yield "a JPEG of scans", _scans()
    for format_ in sorted(OURS):
        whole = packed(format_)
        for part in (30, len(whole) // 2, len(whole) - 1):
            yield f"{format_} cut at {part}", whole[:part]


def wide_webp() -> bytes:
    """A WebP that says it has 16384 x 16384 px and has 64 x 48."""
    webp = bytearray(packed("WEBP", lossless=True))
    webp[21:25] = b"\xff\xff\xff\x0f"
    return bytes(webp)


def _scans() -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    whole = packed("JPEG", np.zeros((2000, 2000, 3), np.uint8), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * 2000 + whole[-2:]

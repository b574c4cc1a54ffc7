"""Pictures of 16 bits a channel, read whole and brought to 8 without steps in their skies.

Pillow keeps 16 bits of greys only; of colours it throws the low byte away. Its decoders can be
asked for either byte, though, by the name of the raw mode: so the file is read twice.
"""

from __future__ import annotations

import sys
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, PngImagePlugin, TiffImagePlugin

from studio.core.pixels import Pixels
from studio.document.files.formats import Opener
from studio.document.files.profiles import BAND

Deep = NDArray[np.uint16]
_BITS_PER_SAMPLE = 258


def is_deep(image: ImageFile.ImageFile, head: bytes) -> bool:
    """Whether a channel of that file has more than 8 bits."""
    if isinstance(image, PngImagePlugin.PngImageFile):
        return head[24:25] == b"\x10"
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        bits = image.tag_v2.get(_BITS_PER_SAMPLE, (1,))
        return isinstance(bits, tuple) and any(each > 8 for each in bits)
    return False


def low_raw_mode(raw: str) -> str | None:
    """The raw mode that gives the other byte of each channel; None: there is none.

    Source: Pillow, src/libImaging/Unpack.c, unpackRGB16B and unpackRGB16L and their like.
    """
    native = ";16L" if sys.byteorder == "little" else ";16B"
    whole = raw.replace(";16N", native)
    if whole in ("RGB;16B", "RGBA;16B"):
        return whole.replace(";16B", ";16L")
    if whole in ("RGB;16L", "RGBA;16L"):
        return whole.replace(";16L", ";16B")
    # Grey and alpha of 16 bits are, byte for byte, four channels of 8.
    return "RGBA" if whole == "LA;16B" else None


def raw_mode_of(image: ImageFile.ImageFile) -> str:
    """By which its first tile is unpacked."""
    args = image.tile[0].args if image.tile else ""
    return str(args[0] if isinstance(args, tuple) else args)


def loaded_low(opener: Opener, stream: BinaryIO, raw: str) -> Image.Image:
    """The picture of the low bytes."""
    stream.seek(0)
    image = opener(stream)
    image.tile = [
        each._replace(args=(raw, *each.args[1:]) if isinstance(each.args, tuple) else raw)
        for each in image.tile
    ]
    image.load()
    return image


def joined(high: Image.Image, low: Image.Image, raw: str) -> Deep:
    """A band of both: uint16 `[h, w, 3]` or `[h, w, 4]`."""
    lower: Deep = np.asarray(low).astype(np.uint16)
    if raw == "LA;16B":
        grey = lower[..., 0] << 8 | lower[..., 1]
        return np.dstack([grey, grey, grey, lower[..., 2] << 8 | lower[..., 3]])
    upper: Deep = np.asarray(high).astype(np.uint16) << np.uint16(8)
    return upper | lower


def to_8_bits(values: Deep, top: int) -> Pixels:
    """Ordered dither: a value between two levels becomes either, in the right proportion.

    What is a level of 8 bits exactly (a multiple of 257) stays exactly that level.

    Args:
        values: uint16 `[h, w, c]`; a fourth channel is alpha, which is rounded.
        top: The row of the picture at which the band begins.

    Source: interleaved gradient noise, J. Jimenez, 'Next Generation Post Processing in Call of
        Duty: Advanced Warfare', SIGGRAPH 2014.
    """
    height, width = values.shape[:2]
    y = np.arange(top, top + height, dtype=np.float64)[:, None] % 4096
    x = np.arange(width, dtype=np.float64)[None, :]
    noise = (52.9829189 * ((0.06711056 * x + 0.00583715 * y) % 1.0)) % 1.0
    add = (noise * 257).astype(np.uint32)[..., None]
    wide = values.astype(np.uint32)
    wide[..., :3] += add
    wide[..., 3:] += 128
    return (wide // 257).astype(np.uint8)


def grey_to_8_bits(image: Image.Image) -> Pixels:
    """A 16-bit, 32-bit or floating grey picture as uint8 `[h, w]`; bands of `BAND` rows."""
    result = np.empty((image.height, image.width), np.uint8)
    for top in range(0, image.height, BAND):
        bottom = min(image.height, top + BAND)
        band = np.asarray(image.crop((0, top, image.width, bottom)))
        if band.dtype.kind == "f":
            whole = np.nan_to_num(band, nan=0.0).clip(0.0, 1.0) * 65535.0
            deep = (whole + 0.5).astype(np.uint16)
        else:
            deep = band.clip(0, 65535).astype(np.uint16)
        result[top:bottom] = to_8_bits(deep[..., None], top)[..., 0]
    return result

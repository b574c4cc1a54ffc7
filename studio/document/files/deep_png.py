"""PNG of 16 bits a channel, which Pillow does not write.

Source: PNG (Third Edition), W3C, sections 5 (chunks), 9 (filtering) and 11.3 (iCCP, iTXt, pHYs).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import numpy as np

from studio.core.pixels import Pixels
from studio.document.files.profiles import BAND

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _RGBA, _UP = 2, 6, 2
_LEVEL = 4
_INCHES_PER_METRE = 1 / 0.0254


def encode(
    pixels: Pixels,
    texts: Mapping[str, str],
    profile: bytes,
    resolution: tuple[float, float] | None,
) -> bytes:
    """The bytes of such a file: each level of 8 bits, times 257, which is the same brightness.

    Args:
        pixels: uint8 `[h, w, 3]` or `[h, w, 4]` straight alpha.
        texts: By keyword.
        profile: ICC bytes; empty: the file says sRGB.
        resolution: Dots per inch, across and down.
    """
    height, width, channels = pixels.shape
    kind = _RGBA if channels == 4 else _RGB
    parts = [
        _SIGNATURE,
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)),
    ]
    if profile:
        parts.append(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile)))
    else:
        parts.append(_chunk(b"sRGB", b"\0"))
    if resolution is not None:
        across, down = (round(each * _INCHES_PER_METRE) for each in resolution)
        parts.append(_chunk(b"pHYs", struct.pack(">IIB", across, down, 1)))
    for key, text in texts.items():
        body = key.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8")
        parts.append(_chunk(b"iTXt", body))
    packer = zlib.compressobj(_LEVEL)
    above = np.zeros((1, width * channels * 2), np.uint8)
    for top in range(0, height, BAND):
        rows = np.repeat(pixels[top : top + BAND].reshape(-1, width * channels), 2, axis=1)
        before = np.concatenate([above, rows[:-1]])
        filtered = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
        filtered[:, 0] = _UP
        np.subtract(rows, before, out=filtered[:, 1:])
        above = rows[-1:]
        if part := packer.compress(filtered.data):
            parts.append(_chunk(b"IDAT", part))
    parts.append(_chunk(b"IDAT", packer.flush()))
    parts.append(_chunk(b"IEND", b""))
    return b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

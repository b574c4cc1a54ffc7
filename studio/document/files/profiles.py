"""Colour profiles: bands of a picture into sRGB and back, by LittleCMS."""

from __future__ import annotations

import functools
import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

from studio.core.pixels import Pixels

#: What Pillow and LittleCMS were seen to raise over broken bytes (fuzzed, see the tests).
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
BROKEN_PROFILE = (*BROKEN, ImageCms.PyCMSError)
#: Profiles of printers have up to some MB; what is longer is junk or a hiding place.
MAX_BYTES = 4 << 20
#: Rows converted at a time, so that a 16k picture is never in memory three times.
BAND = 256

Transform = ImageCms.ImageCmsTransform


@functools.cache
def srgb() -> bytes:
    """The profile that exports carry: the same bytes on every day and machine."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # ICC.1: date and time of creation
    return bytes(made)


def title_of(profile: bytes) -> str:
    """What a profile calls itself.

    Raises:
        BROKEN_PROFILE: It is none.
    """
    name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    return " ".join(name.split())[:80]


def is_srgb(title: str) -> bool:
    """Whether a profile of that name says what the studio works in anyway."""
    return "srgb" in title.lower()


def to_srgb(profile: bytes, mode: str) -> Transform:
    """What brings a picture of such a mode into sRGB.

    Relative colorimetric with black point compensation: what photo programs do by default.

    Args:
        profile: ICC bytes.
        mode: Of the picture: 'L', 'CMYK', or 'RGBX' for three colours and a byte that stays.

    Raises:
        BROKEN_PROFILE: It is none, or none of such a mode.
    """
    if len(profile) > MAX_BYTES:
        raise ValueError("too long")
    return _transform(profile, srgb(), mode, "RGBX" if mode == "RGBX" else "RGB")


def from_srgb(profile: bytes) -> Transform:
    """What brings a picture of mode 'RGBX' from sRGB into that profile's colours.

    Raises:
        BROKEN_PROFILE: It is none of red, green and blue, or only reads.
    """
    return _transform(srgb(), profile, "RGBX", "RGBX")


def apply(transform: Transform, pixels: Pixels) -> None:
    """Convert in place, band by band; alpha stays.

    Args:
        transform: From 'RGBX' to 'RGBX'.
        pixels: uint8 `[h, w, 4]`, contiguous and writeable.
    """
    width = pixels.shape[1]
    for top in range(0, pixels.shape[0], BAND):
        rows = pixels[top : top + BAND]
        shared = Image.frombuffer("RGBX", (width, len(rows)), rows, "raw", "RGBX", 0, 1)
        transform.apply_in_place(shared)


def converted(transform: Transform, image: Image.Image) -> Pixels:
    """A band of another mode in sRGB: uint8 `[h, w, 3]`."""
    return np.asarray(transform.apply(image))


def _transform(source: bytes, target: bytes, old: str, new: str) -> Transform:
    return ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(source)),
        ImageCms.ImageCmsProfile(io.BytesIO(target)),
        old,
        new,
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )

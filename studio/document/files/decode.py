"""Bytes of a picture file to sRGB pixels; whatever is wrong with them is said.

Runs in the decoder process (studio.decoder), where it cannot harm the window.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageFile, TiffImagePlugin

from studio.core.errors import FileError
from studio.core.geometry import Size
from studio.core.pixels import Pixels
from studio.core.request import MAX_EDGE
from studio.document.files import deep, profiles
from studio.document.files.decoded import Decoded, Origin
from studio.document.files.embedded import ORIENTATION, exif_value, resolution_of, told_in
from studio.document.files.formats import HEAD, PNG, opener_of, webp_size
from studio.document.files.profiles import BAND, BROKEN, BROKEN_PROFILE

#: Zlib packs at most 1032 bytes into one.
_MOST_PACKED = 1032
_DNG_VERSION = 50706
NO_PROFILE = (b"", "")


#: Gives writeable memory for a picture of that size: uint8 `[h * w * 4]`.
Room = Callable[[Size], Pixels]


def own_room(size: Size) -> Pixels:
    """Memory of this process."""
    return np.empty(size.area * 4, np.uint8)


def decode(stream: BinaryIO, name: str, room: Room = own_room) -> Decoded:
    """The picture in that file.

    Args:
        stream: Readable from anywhere; read as Pillow likes.
        name: For messages.
        room: Asked once, when the size is known and found good.

    Raises:
        FileError: It is no whole picture of a format we open, of at most `MAX_EDGE` px a side.
    """
    try:
        try:
            return _decoded(stream, name, room)
        except ValueError:
            # Pillow refuses texts that unpack to more than a megabyte; the picture may be sound.
            bare = _without_packed_texts(stream)
            if bare is None:
                raise
            decoded = _decoded(io.BytesIO(bare), name, room)
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


def _decoded(stream: BinaryIO, name: str, room: Room) -> Decoded:
    stream.seek(0)
    head = stream.read(HEAD)
    if not head:
        raise FileError(f"'{name}' is empty: there is no picture in it.", "Copy it again.")
    opener = opener_of(head, name)
    early = webp_size(head)
    if early is not None:
        _check_edges(early, name)
        memory = room(Size(*early))
    stream.seek(0)
    with opener(stream) as image:
        _check_edges(image.size, name)
        _check(image, stream, head, name)
        if early is None:
            memory = room(Size(*image.size))
        elif early != image.size:
            raise ValueError("two sizes in one file")
        notes = list(_said(image))
        profile = image.info.get("icc_profile")
        if deep.is_deep(image, head) and image.mode in ("RGB", "RGBA"):
            pixels = _from_deep(image, stream, memory, notes)
        else:
            if deep.is_deep(image, head):
                notes.append("It had more than 8 bits per channel; the studio works with 8.")
            pixels = _laid(image, memory)
        used = NO_PROFILE
        if isinstance(profile, bytes) and profile:
            used = _match(image, pixels, profile, notes)
        elif image.mode == "CMYK":
            notes.append("Its print colours (CMYK) were converted to sRGB without a profile.")
        upright = _upright(pixels, exif_value(image, ORIENTATION))
        told = told_in(image)
        notes.extend(told.notes)
        origin = Origin(resolution_of(image), *used)
        found = Decoded(upright, told.recipe, tuple(notes), origin)
    upright.flags.writeable = False
    return found


def _check_edges(size: tuple[int, int], name: str) -> None:
    width, height = size
    if min(width, height) < 1:
        raise ValueError("nothing in it")
    if max(width, height) > MAX_EDGE:
        raise FileError(
            f"'{name}' has {width} x {height} px.",
            f"The studio works on at most {MAX_EDGE} px a side: scale or cut it in another program "
            "first.",
        )


def _check(image: ImageFile.ImageFile, stream: BinaryIO, head: bytes, name: str) -> None:
    width, height = image.size
    if isinstance(image, TiffImagePlugin.TiffImageFile) and _DNG_VERSION in image.tag_v2:
        raise FileError(
            f"'{name}' is a camera's raw file.",
            "Develop it in a raw converter first, and save it as TIFF, PNG or JPEG.",
        )
    if head.startswith(PNG):
        here = stream.tell()
        held = stream.seek(0, io.SEEK_END)
        stream.seek(here)
        bits = width * height * head[24] * (1, 1, 3, 1, 2, 1, 4)[min(head[25], 6)]
        if bits // 8 > _MOST_PACKED * held:
            raise ValueError("too short for its size")


def _said(image: ImageFile.ImageFile) -> Iterator[str]:
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        what = "pages" if isinstance(image, TiffImagePlugin.TiffImageFile) else "frames"
        yield f"Only the first of its {frames} {what} was opened."


def _laid(image: ImageFile.ImageFile, memory: Pixels) -> Pixels:
    """Load the picture, right into that memory where its form allows: uint8 `[h, w, 4]`.

    A 16k picture is so decoded once and never copied: 1 GiB instead of 3.
    """
    width, height = image.size
    target = memory.reshape(height, width, 4)
    mode = {"RGB": "RGBX", "RGBA": "RGBA"}.get(image.mode)
    whole = "transparency" not in image.info and not getattr(image, "is_animated", False)
    # Pillow turns a TIFF upright by itself, in memory of its own.
    turned = isinstance(image, TiffImagePlugin.TiffImageFile) and exif_value(image, ORIENTATION) > 1
    if mode is not None and whole and not turned:
        mapped = Image.frombuffer(mode, image.size, memory, "raw", mode, 0, 1)
        image.im = mapped.im
        image.load()
        if image.im is mapped.im:
            return target
    image.load()
    if image.mode == "F" or image.mode.startswith("I"):
        grey = deep.grey_to_8_bits(image)
        target[..., :3], target[..., 3] = grey[..., None], 255
        return target
    for top in range(0, height, BAND):
        bottom = min(height, top + BAND)
        band = image.crop((0, top, width, bottom))
        if band.mode == "CMYK":
            target[top:bottom] = np.asarray(band.convert("RGBA"))
        else:
            target[top:bottom] = np.asarray(_plain(band).convert("RGBA"))
    return target


def _plain(band: Image.Image) -> Image.Image:
    """Palettes, bits and keyed-out colours resolved."""
    if "transparency" in band.info or band.mode in ("P", "PA", "La", "RGBa"):
        return band.convert("RGBA")
    return band.convert("L") if band.mode == "1" else band


def _from_deep(
    image: ImageFile.ImageFile, stream: BinaryIO, memory: Pixels, notes: list[str]
) -> Pixels:
    """Both bytes of each channel, dithered to one."""
    raw = deep.raw_mode_of(image)
    other = deep.low_raw_mode(raw)
    if other is None:
        notes.append("It had 16 bits per channel; the lower 8 were left out.")
        return _laid(image, memory)
    notes.append("It had 16 bits per channel; they were dithered to the 8 that the studio has.")
    key = image.info.pop("transparency", None)
    opener = type(image)
    image.load()
    width, height = image.size
    target = memory.reshape(height, width, 4)
    with deep.loaded_low(opener, stream, other) as low:
        for top in range(0, height, BAND):
            box = (0, top, width, min(height, top + BAND))
            values = deep.joined(image.crop(box), low.crop(box), raw)
            rows = target[top : box[3]]
            rows[..., 3] = 255
            rows[..., : values.shape[2]] = deep.to_8_bits(values, top)
            if isinstance(key, tuple):
                rows[..., 3] = np.where((values[..., :3] == key).all(axis=2), 0, 255)
    return target


def _match(
    image: ImageFile.ImageFile, pixels: Pixels, profile: bytes, notes: list[str]
) -> tuple[bytes, str]:
    """Bring the pixels into sRGB, in place; the profile and its title, if it can be used again."""
    try:
        title = profiles.title_of(profile)
        if profiles.is_srgb(title):
            return NO_PROFILE
        if image.mode == "CMYK":
            _match_print(image, pixels, profile)
            notes.append(f"Its print colours ({title or 'CMYK'}) were converted to sRGB.")
            return NO_PROFILE
        if image.mode in ("L", "LA", "1") or image.mode.startswith("I") or image.mode == "F":
            transform = profiles.to_srgb(profile, "L")
            table = profiles.converted(transform, Image.fromarray(_LEVELS))[0, :, 0]
            pixels[..., :3] = table[pixels[..., :3]]
        else:
            profiles.apply(profiles.to_srgb(profile, "RGBX"), pixels)
    except BROKEN_PROFILE:
        notes.append("Its colour profile cannot be used; colours may look different.")
        return NO_PROFILE
    notes.append(f"Its colours were converted from {title or 'its own profile'} to sRGB.")
    return NO_PROFILE if image.mode in ("L", "LA", "1") else (profile, title)


_LEVELS = np.arange(256, dtype=np.uint8)[None, :]


def _match_print(image: ImageFile.ImageFile, pixels: Pixels, profile: bytes) -> None:
    transform = profiles.to_srgb(profile, "CMYK")
    for top in range(0, image.height, BAND):
        bottom = min(image.height, top + BAND)
        band = image.crop((0, top, image.width, bottom))
        pixels[top:bottom, :, :3] = profiles.converted(transform, band)


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """Undo the turn of the camera, in the same memory: EXIF 2.32, tag Orientation, 1 to 8."""
    if not 2 <= orientation <= 8:
        return pixels
    turned = pixels.swapaxes(0, 1) if orientation in (5, 6, 7, 8) else pixels
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    if orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    result = pixels.reshape(turned.shape)
    result[:] = turned.copy()
    return result


def _without_packed_texts(stream: BinaryIO) -> bytes | None:
    """A PNG without its chunks zTXt and iTXt; None when it is none or has none."""
    stream.seek(0)
    if stream.read(8) != PNG:
        return None
    stream.seek(0)
    data = stream.read()
    parts, at = [data[:8]], 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind not in (b"zTXt", b"iTXt"):
            parts.append(data[at : at + 12 + length])
        at += 12 + length
    parts.append(data[at:])
    bare = b"".join(parts)
    return None if bare == data else bare

"""Pixels to the bytes of a PNG, JPEG or WebP file, with their recipe inside."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, PngImagePlugin

from studio.core.errors import FileError
from studio.core.pixels import Pixels, opaque
from studio.document.files.metadata import Recipe, exif, texts


@dataclass(frozen=True, slots=True)
class Kind:
    """A file format we write: Pillow's word, the longest edge in px, whether it has alpha."""

    name: str
    longest: int
    alpha: bool


KINDS: dict[str, Kind] = {
    ".png": Kind("PNG", 2**31 - 1, True),
    ".jpg": Kind("JPEG", 65500, False),
    ".jpeg": Kind("JPEG", 65500, False),
    ".webp": Kind("WEBP", 16383, True),
}

#: An APP1 segment of JPEG holds 65533 bytes.
_MAX_EXIF = 65000


def kind_of(suffix: str, name: str) -> Kind:
    """The format of that file suffix, in any case.

    Raises:
        FileError: We do not write such files.
    """
    kind = KINDS.get(suffix.lower())
    if kind is None:
        what = f"'{suffix}' files" if suffix else "files without an ending"
        raise FileError(
            f"The studio does not write {what}: '{name}'.",
            "End the name with .png, .jpg or .webp.",
        )
    return kind


def encode(
    pixels: Pixels, kind: Kind, recipe: Recipe | None, quality: int
) -> tuple[bytes, tuple[str, ...]]:
    """The file's bytes, and what could not be kept, in sentences for the artist.

    Args:
        pixels: uint8 `[h, w, 4]` sRGB straight alpha.
        kind: One of `KINDS`.
        recipe: Put inside, if given.
        quality: 1 to 100, of JPEG and WebP; WebP at 100 is lossless.

    Raises:
        FileError: That format cannot hold such a picture.
    """
    height, width = pixels.shape[:2]
    if pixels.size == 0:
        raise FileError("There is no picture to save.", "Open or make one first.")
    if max(width, height) > kind.longest:
        raise FileError(
            f"{width} x {height} px is too large for {kind.name}.",
            f"It holds at most {kind.longest} px a side: save as PNG, or scale the picture.",
        )
    notes: list[str] = []
    transparent = int(pixels[..., 3].min()) < 255
    if transparent and not kind.alpha:
        notes.append(f"{kind.name} has no transparency: the picture was laid on white.")
    image = Image.fromarray(pixels if transparent and kind.alpha else opaque(pixels))
    options = _options(kind, recipe, max(1, min(100, quality)), notes)
    buffer = io.BytesIO()
    image.save(buffer, kind.name, **options)
    return buffer.getvalue(), tuple(notes)


def _options(kind: Kind, recipe: Recipe | None, quality: int, notes: list[str]) -> dict[str, Any]:
    if kind.name == "PNG":
        return {"pnginfo": _png_info(recipe), "compress_level": 4}
    options: dict[str, Any] = {"quality": quality}
    if kind.name == "JPEG":
        options["subsampling"] = 0 if quality >= 90 else 2
    else:
        options |= {"lossless": quality == 100, "exact": True, "method": 4}
    if recipe is not None:
        block = exif(recipe)
        if len(block) <= _MAX_EXIF:
            options["exif"] = block
        else:
            notes.append(f"The prompt is too long to be kept inside a {kind.name} file.")
    return options


def _png_info(recipe: Recipe | None) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add(b"sRGB", b"\0")
    for key, text in (texts(recipe) if recipe is not None else {}).items():
        info.add_text(key, text)
    return info

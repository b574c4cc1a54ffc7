"""Pixels to the bytes of a PNG, JPEG, WebP or TIFF file, with their recipe inside."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any

from PIL import Image, PngImagePlugin, TiffImagePlugin, TiffTags

from studio.core.errors import FileError
from studio.core.pixels import Pixels, opaque
from studio.document.files import deep_png
from studio.document.files.metadata import SHARED_KEY, Recipe, exif, texts
from studio.document.files.profiles import srgb

SRGB, OWN, NONE = "srgb", "own", "none"


@dataclass(frozen=True, slots=True)
class Kind:
    """A file format we write.

    Attributes:
        name: Pillow's word.
        longest: Its longest edge in px.
        alpha: Whether it can be transparent.
        lossy: Whether a quality can be chosen.
    """

    name: str
    longest: int
    alpha: bool
    lossy: bool


KINDS: dict[str, Kind] = {
    ".png": Kind("PNG", 2**31 - 1, True, False),
    ".jpg": Kind("JPEG", 65500, False, True),
    ".jpeg": Kind("JPEG", 65500, False, True),
    ".webp": Kind("WEBP", 16383, True, True),
    ".tif": Kind("TIFF", 2**31 - 1, True, False),
    ".tiff": Kind("TIFF", 2**31 - 1, True, False),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """How a picture is written.

    Attributes:
        quality: 1 to 100, of JPEG and WebP; WebP at 100 is lossless.
        deep: 16 bits a channel, PNG only. The picture has 8: the same levels in wider numbers.
        metadata: Whether the recipe goes into the file.
        profile: `SRGB`: that of the studio's colours; `OWN`: that of the file the picture came
            from; `NONE`: no profile inside, colours as in sRGB.
        resolution: Dots per inch, across and down, or None: nothing is said.
    """

    quality: int = 92
    deep: bool = False
    metadata: bool = True
    profile: str = SRGB
    resolution: tuple[float, float] | None = None


USUAL = Choices()

#: An APP1 segment of JPEG holds 65533 bytes.
_MAX_EXIF = 65000
_DESCRIPTION, _PREDICTOR, _HORIZONTAL = 270, 317, 2


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
            "End the name with .png, .jpg, .webp or .tif.",
        )
    return kind


def encode(
    pixels: Pixels, kind: Kind, recipe: Recipe | None, choices: Choices, own_profile: bytes = b""
) -> tuple[bytes, tuple[str, ...]]:
    """The file's bytes, and what could not be kept, in sentences for the artist.

    Args:
        pixels: uint8 `[h, w, 4]` straight alpha, in sRGB or, with `OWN`, in that profile's colours.
        kind: One of `KINDS`.
        recipe: Put inside, if given and chosen.
        choices: How.
        own_profile: ICC bytes, for `OWN`.

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
    if not choices.metadata:
        recipe = None
    flat = pixels if transparent and kind.alpha else opaque(pixels)
    profile = {SRGB: srgb(), OWN: own_profile}.get(choices.profile, b"")
    if kind.name == "PNG" and choices.deep:
        data = deep_png.encode(flat, _texts(recipe), profile, choices.resolution)
        return data, tuple(notes)
    options = _options(kind, recipe, replace(choices, quality=max(1, choices.quality)), notes)
    if profile:
        options["icc_profile"] = profile
    if choices.resolution is not None and kind.name != "WEBP":
        options["dpi"] = choices.resolution
    buffer = io.BytesIO()
    Image.fromarray(flat).save(buffer, kind.name, **options)
    return buffer.getvalue(), tuple(notes)


def _options(
    kind: Kind, recipe: Recipe | None, choices: Choices, notes: list[str]
) -> dict[str, Any]:
    if kind.name == "PNG":
        return {"pnginfo": _png_info(recipe, choices), "compress_level": 4}
    if kind.name == "TIFF":
        return {"compression": "tiff_adobe_deflate", "tiffinfo": _tiff_tags(recipe)}
    quality = min(100, choices.quality)
    options: dict[str, Any] = {"quality": quality}
    if kind.name == "JPEG":
        options["subsampling"] = 0 if quality >= 90 else 2
    else:
        options |= {"lossless": quality == 100, "exact": True, "method": 4}
    density = choices.resolution if kind.name == "WEBP" else None
    if recipe is not None or density is not None:
        block = exif(recipe, density)
        if len(block) <= _MAX_EXIF:
            options["exif"] = block
        else:
            notes.append(f"The prompt is too long to be kept inside a {kind.name} file.")
    return options


def _texts(recipe: Recipe | None) -> dict[str, str]:
    return texts(recipe) if recipe is not None else {}


def _png_info(recipe: Recipe | None, choices: Choices) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    if choices.profile == NONE:
        info.add(b"sRGB", b"\0")
    for key, text in _texts(recipe).items():
        info.add_text(key, text)
    return info


def _tiff_tags(recipe: Recipe | None) -> TiffImagePlugin.ImageFileDirectory_v2:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[_PREDICTOR] = _HORIZONTAL
    if recipe is not None:
        # As bytes: Pillow would make question marks of what is not ASCII.
        tags[_DESCRIPTION] = texts(recipe)[SHARED_KEY].encode("utf-8")
        tags.tagtype[_DESCRIPTION] = TiffTags.ASCII
    return tags

"""What a picture file tells beside its pixels: recipe, resolution, orientation."""

from __future__ import annotations

import math

from PIL import Image, ImageFile

from studio.document.files.metadata import EXIF_POINTER, USER_COMMENT, Told, told_by
from studio.document.files.profiles import BROKEN

ORIENTATION = 0x0112
#: Texts of the TIFF header: what ComfyUI fills in JPEG and WebP, and what TIFF has for a text.
_TITLES, _MAKE, _MODEL = 0x010E, 0x010F, 0x0110
_X_DENSITY, _Y_DENSITY, _UNIT = 0x011A, 0x011B, 0x0128
_PER_CENTIMETRE = 3
#: Beyond that it is no resolution.
_LEAST, _MOST = 1.0, 10_000.0


def exif_value(image: Image.Image, tag: int) -> int:
    """A whole number of the EXIF block; 1, which changes nothing, when it has none."""
    try:
        value = image.getexif().get(tag)
    except BROKEN:
        return 1
    return value if isinstance(value, int) else 1


def told_in(image: ImageFile.ImageFile) -> Told:
    """What the picture was made with, if its texts say."""
    texts = _exif_texts(image)
    texts.update((str(key), value) for key, value in image.info.items())
    return told_by(texts.get, _comment(image))


def resolution_of(image: ImageFile.ImageFile) -> tuple[float, float] | None:
    """Dots per inch, across and down, if the file tells any that make sense."""
    told = image.info.get("dpi")
    try:
        if not isinstance(told, tuple):
            exif = image.getexif()
            factor = 2.54 if exif.get(_UNIT) == _PER_CENTIMETRE else 1.0
            told = (float(exif[_X_DENSITY]) * factor, float(exif[_Y_DENSITY]) * factor)
        across, down = (float(each) for each in told)
    except BROKEN:
        return None
    good = all(math.isfinite(each) and _LEAST <= each <= _MOST for each in (across, down))
    # 72 and 1 are what programs write that do not know.
    return (round(across, 2), round(down, 2)) if good else None


def _exif_texts(image: Image.Image) -> dict[str, object]:
    """Texts that stand in EXIF as 'name:text', and the description of a TIFF."""
    try:
        exif = image.getexif()
        values = [exif.get(tag) for tag in (_MAKE, _MODEL, _TITLES)]
    except BROKEN:
        return {}
    found: dict[str, object] = {}
    for value in values:
        if not isinstance(value, str):
            continue
        name, colon, text = value.partition(":")
        if colon and name.strip().lower() in ("prompt", "workflow"):
            found[name.strip().lower()] = text
        elif "Steps: " in value:
            # Pillow reads such texts byte by byte; ours are UTF-8.
            found["parameters"] = value.encode("latin-1", "replace").decode("utf-8", "replace")
    return found


def _comment(image: Image.Image) -> object:
    try:
        return image.getexif().get_ifd(EXIF_POINTER).get(USER_COMMENT)
    except BROKEN:
        return None

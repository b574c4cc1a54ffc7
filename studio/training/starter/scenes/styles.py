"""The four styles of a finished drawing: flat, watercolour, pencil, neon."""

from functools import cache
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

Floats = NDArray[np.float32]


def styled(image: Image.Image, style: str, random: Random) -> Image.Image:
    """``image`` (rgb) in ``style``; a flat drawing comes back as it is."""
    if style == "watercolour":
        return _picture(_watercolour(image, random))
    if style == "pencil":
        return _picture(_pencil(image, random))
    if style == "neon":
        return _picture(_neon(image))
    return image


def _watercolour(image: Image.Image, random: Random) -> Floats:
    """Wavering edges, pigment that pools in clouds and dries darker at the rim."""
    width, height = image.size
    pigment, waver = (
        _rolled(_clouds(width, height), random),
        _rolled(_clouds(width, height), random),
    )
    rows, columns = np.mgrid[0:height, 0:width]
    reach = 9 * height / 256
    rows = np.clip(rows + (pigment * reach).astype(np.intp), 0, height - 1)
    columns = np.clip(columns + (waver * reach).astype(np.intp), 0, width - 1)
    moved = Image.fromarray(np.asarray(image)[rows, columns])
    soft = moved.filter(ImageFilter.GaussianBlur(height / 230))
    wide = soft.filter(ImageFilter.BoxBlur(height / 85))
    paint = _floats(soft)
    rim = np.abs(_floats(wide) - paint).mean(axis=2, keepdims=True)
    result: Floats = (paint * 0.82 + 0.18) * (1 + pigment[..., None] * 0.26) - rim * 0.6
    return result


def _pencil(image: Image.Image, random: Random) -> Floats:
    """Dark outlines and slanted hatching over paper, with a third of the colour left."""
    width, height = image.size
    grey = image.convert("L")
    tone = np.asarray(grey, np.float32)
    blurred = ImageChops.invert(grey).filter(ImageFilter.BoxBlur(height / 120))
    sketch = np.clip(tone / (256 - np.asarray(blurred, np.float32)), 0, 1)
    hatch = _rolled(_hatching(width, height), random)
    ton = 0.8 + 0.2 * tone / 255 + hatch * 0.3 * (1 - tone / 255)
    lines = np.clip(sketch**1.5 * ton, 0, 1)[..., None]
    result: Floats = lines * (_floats(image) * 0.36 + 0.62)
    return result


def _neon(image: Image.Image) -> Floats:
    """Glowing saturated outlines over a darkened picture."""
    height = image.height
    edges = np.asarray(image.filter(ImageFilter.FIND_EDGES), np.float32).max(axis=2, keepdims=True)
    edges[:2] = edges[-2:] = 0
    edges[:, :2] = edges[:, -2:] = 0
    wide = _floats(image.filter(ImageFilter.MaxFilter(3)))
    high = wide.max(axis=2, keepdims=True) + 1e-3
    low = wide.min(axis=2, keepdims=True) * 0.8
    line = np.clip(edges / 255 * 2.6, 0, 1) * np.clip((wide - low) / (high - low), 0, 1)
    glow = _floats(_picture(line).filter(ImageFilter.GaussianBlur(height / 64)))
    result: Floats = _floats(image) * 0.42 + line + glow * 0.9
    return result


@cache
def _clouds(width: int, height: int) -> Floats:
    """Smooth noise in -.5 to .5, one for each size; periodic, so that a roll is seamless."""
    random = np.random.default_rng(7)
    total = np.zeros((height, width), np.float32)
    for cells, share in ((6, 0.45), (14, 0.35), (40, 0.2)):
        tile = np.tile((random.random((cells, cells)) * 255).astype(np.uint8), (3, 3))
        grown = Image.fromarray(tile).resize((3 * width, 3 * height), Image.Resampling.BICUBIC)
        middle = grown.crop((width, height, 2 * width, 2 * height))
        total += share * np.asarray(middle, np.float32) / 255
    return total - np.float32(0.5)


@cache
def _hatching(width: int, height: int) -> Floats:
    """Periodic diagonal strokes in -.5 to .5; each line is a shifted copy of the one above."""
    random = np.random.default_rng(11)
    strokes = np.convolve(np.tile(random.random(width), 3), np.ones(3) / 3, mode="same")[
        width : 2 * width
    ]
    rows = [np.roll(strokes, row) for row in range(height)]
    result: Floats = (np.stack(rows) - 0.5).astype(np.float32)
    return result


def _rolled(noise: Floats, random: Random) -> Floats:
    shift = (random.randrange(noise.shape[0]), random.randrange(noise.shape[1]))
    return np.roll(noise, shift, axis=(0, 1))


def _floats(image: Image.Image) -> Floats:
    levels: Floats = np.asarray(image, np.float32) / np.float32(255)
    return levels


def _picture(values: Floats) -> Image.Image:
    return Image.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))

"""Masks of the kinds that artists paint, and what lies under them."""

import math
from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from studio.training.starter.scenes.spec import Box, Placed, Scene

SIDE = 256
Mask = NDArray[np.uint8]
"""uint8 [256, 256], 255 where the picture is repainted."""

FULL: Mask = np.full((SIDE, SIDE), 255, np.uint8)
"""A mask over everything."""

KINDS = ("object", "rect", "blob", "brush", "outpaint", "keep")
_SHARES = (38, 14, 8, 12, 20, 8)


_LIKELY = {"house": 4.0, "tree": 0.6, "flowers": 0.3, "fence": 0.3}
"""How often a thing is masked, beside 1.5 for others: what has two colours is learnt slowest."""


def sample_mask(random: Random, placed: Sequence[Placed]) -> tuple[Mask, str]:
    """A mask and its kind; object masks follow the boxes of ``placed``."""
    kind = random.choices(KINDS, _SHARES)[0]
    boxes = [spot.box for spot in placed if _shown(spot)]
    if kind in ("object", "keep") and not boxes:
        kind = "rect"
    image = Image.new("L", (SIDE, SIDE), 0)
    draw = ImageDraw.Draw(image)
    if kind in ("object", "keep"):
        _around(draw, random, random.choice(boxes))
    elif kind == "rect":
        _rectangle(draw, random)
    elif kind == "blob":
        for _ in range(random.choice((1, 1, 2))):
            _blob(draw, random)
    elif kind == "brush":
        for _ in range(random.choice((1, 1, 2))):
            _stroke(draw, random)
    else:
        _border(draw, random)
    mask = np.asarray(image)
    return (255 - mask if kind == "keep" else mask), kind


def thing_mask(random: Random, scene: Scene, placed: Sequence[Placed]) -> Mask | None:
    """A mask around one thing, as an artist draws it who wants another there; None without one."""
    spots = [spot for spot in placed if _shown(spot)]
    if not spots:
        return None
    odds = [_LIKELY.get(scene.things[spot.index].kind, 1.5) for spot in spots]
    image = Image.new("L", (SIDE, SIDE), 0)
    _around(ImageDraw.Draw(image), random, random.choices(spots, odds)[0].box)
    return np.asarray(image)


def box_mask(box: Box, margin: int) -> Mask:
    """A rectangle ``margin`` px larger than ``box`` on each side."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    x0, y0, x1, y1 = box
    mask[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin] = 255
    return mask


def coverage(mask: Mask, placed: Sequence[Placed]) -> dict[int, float]:
    """Share of each thing's box that ``mask`` covers, by the thing's index."""
    shares = {}
    for spot in placed:
        x0, y0, x1, y1 = spot.box
        under = mask[y0:y1, x0:x1]
        shares[spot.index] = float((under > 127).mean()) if under.size else 0.0
    return shares


def on_dry_ground(mask: Mask, scene: Scene) -> bool:
    """Whether all that ``mask`` covers is ground below the horizon, without water or path."""
    rows = np.flatnonzero(mask.any(axis=1))
    if scene.water.kind != "none" or scene.path or rows.size == 0:
        return False
    return bool(rows[0] >= scene.horizon / 2 + 4)


def _shown(spot: Placed) -> bool:
    return spot.visible > 0.45 and _paintable(spot.box)


def _paintable(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return width * height > 250 and width < 235


def _around(draw: ImageDraw.ImageDraw, random: Random, box: Box) -> None:
    """A box, ellipse or rough outline a little larger than the object."""
    x0, y0, x1, y1 = (
        side + sign * random.choice((2, 4, 8, 12, 20, 30))
        for side, sign in zip(box, (-1, -1, 1, 1), strict=True)
    )
    form = random.random()
    if form < 0.65:
        draw.rectangle((x0, y0, x1, y1), fill=255)
    elif form < 0.8:
        draw.ellipse((x0 - 8, y0 - 8, x1 + 8, y1 + 8), fill=255)
    else:
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        _outline(draw, random, middle, ((x1 - x0) * 0.6, (y1 - y0) * 0.6), (0.85, 1.2))


def _rectangle(draw: ImageDraw.ImageDraw, random: Random) -> None:
    width, height = random.randint(32, 150), random.randint(32, 150)
    x, y = random.randint(-16, SIDE - width + 16), random.randint(-16, SIDE - height + 16)
    draw.rectangle((x, y, x + width, y + height), fill=255)


def _blob(draw: ImageDraw.ImageDraw, random: Random) -> None:
    middle = (random.uniform(20, SIDE - 20), random.uniform(20, SIDE - 20))
    radius, aspect = random.uniform(24, 80), random.uniform(0.6, 1.5)
    _outline(draw, random, middle, (radius * aspect, radius / aspect), (0.7, 1.2))


def _outline(
    draw: ImageDraw.ImageDraw,
    random: Random,
    middle: tuple[float, float],
    radii: tuple[float, float],
    waver: tuple[float, float],
) -> None:
    corners = random.randint(8, 15)
    points = []
    for index in range(corners):
        angle = math.tau * index / corners
        x = middle[0] + radii[0] * random.uniform(*waver) * math.cos(angle)
        y = middle[1] + radii[1] * random.uniform(*waver) * math.sin(angle)
        points.append((x, y))
    draw.polygon(points, fill=255)


def _stroke(draw: ImageDraw.ImageDraw, random: Random) -> None:
    x, y = random.uniform(20, SIDE - 20), random.uniform(20, SIDE - 20)
    angle, width = random.uniform(0, math.tau), random.randint(14, 46)
    for _ in range(random.randint(3, 10)):
        angle += random.uniform(-0.9, 0.9)
        length = random.uniform(12, 44)
        to_x, to_y = x + length * math.cos(angle), y + length * math.sin(angle)
        draw.line([(x, y), (to_x, to_y)], fill=255, width=width)
        half = width / 2
        draw.ellipse((to_x - half, to_y - half, to_x + half, to_y + half), fill=255)
        x, y = to_x, to_y


def _border(draw: ImageDraw.ImageDraw, random: Random) -> None:
    """Everything but a rectangle that reaches the picture's border on most sides."""
    draw.rectangle((0, 0, SIDE, SIDE), fill=255)
    kept = [0, 0, SIDE, SIDE]
    for side in random.sample((0, 1, 2, 3), random.choice((1, 1, 1, 2, 4))):
        inset = (
            random.choice((32, 48, 64, 96, 128))
            if random.random() < 0.8
            else random.randint(24, 140)
        )
        kept[side] = inset if side < 2 else SIDE - inset
    for low, high in ((0, 2), (1, 3)):
        if kept[high] - kept[low] < 64:
            kept[low], kept[high] = 64, 192
    draw.rectangle((kept[0], kept[1], kept[2] - 1, kept[3] - 1), fill=0)

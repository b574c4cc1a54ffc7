"""Drawing a scene: the picture and where each of its things came to stand."""

from random import Random

import numpy as np
from numpy.typing import NDArray

from studio.training.starter.scenes import palette
from studio.training.starter.scenes.buildings import (
    draw_balloon,
    draw_boat,
    draw_castle,
    draw_house,
    draw_lighthouse,
)
from studio.training.starter.scenes.canvas import Canvas, Light, Rect
from studio.training.starter.scenes.land import draw_bridge, draw_ground, draw_path, draw_water
from studio.training.starter.scenes.placing import depth
from studio.training.starter.scenes.plants import draw_fence, draw_flowers, draw_tree
from studio.training.starter.scenes.sky import draw_back, draw_sky
from studio.training.starter.scenes.smalls import (
    draw_cat,
    draw_mushroom,
    draw_snowman,
    draw_tulip,
)
from studio.training.starter.scenes.spec import UNITS, Box, Placed, Scene, Thing
from studio.training.starter.scenes.styles import styled

_SINGLE = {
    "house": draw_house,
    "castle": draw_castle,
    "lighthouse": draw_lighthouse,
    "boat": draw_boat,
    "balloon": draw_balloon,
    "cat": draw_cat,
    "snowman": draw_snowman,
    "tulip": draw_tulip,
    "mushroom": draw_mushroom,
}


def render(scene: Scene, height: int = 256) -> tuple[NDArray[np.uint8], tuple[Placed, ...]]:
    """Draw ``scene`` ``height`` px high, at twice that size and then reduced.

    Returns:
        The picture, uint8 [height, width, 3] sRGB, and a ``Placed`` for each of ``scene.things``
        in their order, boxes in picture px.
    """
    random = Random(scene.seed)
    light = Light(scene.time, random)
    canvas = Canvas(scene.width, 2 * height)
    land = light.tint(light.jitter(palette.GROUNDS[scene.ground], 10))
    draw_sky(canvas, scene, light)
    draw_back(canvas, scene, light, land)
    draw_ground(canvas, scene, light, land)
    draw_water(canvas, scene, light, land)
    if scene.path:
        draw_path(canvas, scene, light)
    if scene.bridge:
        draw_bridge(canvas, scene, light)
    rects: dict[int, Rect] = {}
    order = sorted(range(len(scene.things)), key=lambda index: _nearness(scene.things[index]))
    for index in order:
        rects[index] = _draw(canvas, light, scene, scene.things[index])
    if scene.snowing:
        _snowfall(canvas, scene, random)
    image = styled(canvas.image.reduce(2), scene.style, random)
    size = (image.width, image.height)
    boxes = {index: _in_picture(rect, height / UNITS, size) for index, rect in rects.items()}
    placed = tuple(
        Placed(index, boxes[index], _visible(index, order, rects, boxes, height / UNITS))
        for index in range(len(scene.things))
    )
    return np.asarray(image), placed


def _nearness(thing: Thing) -> float:
    """Later things are drawn over earlier ones; a balloon is behind all that stands."""
    return -1.0 if thing.kind == "balloon" else thing.y


def _draw(canvas: Canvas, light: Light, scene: Scene, thing: Thing) -> Rect:
    if thing.kind == "flowers":
        return draw_flowers(canvas, light, thing, scene)
    if thing.kind == "fence":
        return draw_fence(canvas, light, thing, scene)
    floating = thing.kind in ("boat", "balloon")
    scale = thing.size * (1.0 if floating else depth(scene, thing.y))
    if thing.kind == "tree":
        return draw_tree(canvas, light, thing, scale, scene.ground == "snow")
    return _SINGLE[thing.kind](canvas, light, thing, scale)


def _snowfall(canvas: Canvas, scene: Scene, random: Random) -> None:
    for _ in range(60):
        x, y = random.uniform(0, scene.width), random.uniform(0, UNITS)
        canvas.circle(x, y, random.uniform(3, 5.5), (250, 252, 255))


def _in_picture(rect: Rect, scale: float, size: tuple[int, int]) -> Box:
    width, height = size
    x0, y0, x1, y1 = (round(value * scale) for value in rect)
    return (
        min(width, max(0, x0)),
        min(height, max(0, y0)),
        min(width, max(0, x1)),
        min(height, max(0, y1)),
    )


def _visible(
    index: int, order: list[int], rects: dict[int, Rect], boxes: dict[int, Box], scale: float
) -> float:
    """Share of a thing's whole box that is in the picture and not behind a nearer box."""
    rect = rects[index]
    whole = (rect[2] - rect[0]) * (rect[3] - rect[1]) * scale * scale
    x0, y0, x1, y1 = boxes[index]
    shown = float(max(0, x1 - x0) * max(0, y1 - y0))
    for nearer in order[order.index(index) + 1 :]:
        a0, b0, a1, b1 = boxes[nearer]
        overlap = max(0, min(x1, a1) - max(x0, a0)) * max(0, min(y1, b1) - max(y0, b0))
        if a1 - a0 < (x1 - x0) * 4:  # flowers and a fence span the picture but cover little
            shown -= overlap
    return max(0.0, min(1.0, shown / max(1.0, whole)))

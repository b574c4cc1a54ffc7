"""Ground, water with its reflections, path and bridge."""

import math

from PIL import Image, ImageDraw

from studio.training.starter.scenes import palette
from studio.training.starter.scenes.canvas import Canvas, Light, Point
from studio.training.starter.scenes.palette import Rgb, mixed, shaded
from studio.training.starter.scenes.spec import UNITS, Scene

_REFLECTED = 0.38
"""Share of the mirrored sky in water."""


def draw_ground(canvas: Canvas, scene: Scene, light: Light, land: Rgb) -> None:
    """Paint the ground below the horizon in ``land`` with a few streaks."""
    random = light.random
    canvas.band(scene.horizon, UNITS, [shaded(land, 1.05), shaded(land, 0.86)])
    for _ in range(random.randint(3, 8)):
        x, y = random.uniform(0, scene.width), random.uniform(scene.horizon + 8, UNITS)
        half = random.uniform(24, 90)
        canvas.ellipse(
            (x - half, y - 5, x + half, y + 5), shaded(land, random.choice((0.92, 1.06)))
        )


def draw_water(canvas: Canvas, scene: Scene, light: Light, land: Rgb) -> None:
    """Paint the scene's water; lake and sea mirror what is above the horizon."""
    water = scene.water
    if water.kind == "none":
        return
    colour = light.jitter(palette.WATERS[scene.time])
    shape = _shape(scene)
    if water.kind == "sea" and scene.ground == "meadow":
        beach = light.tint((236, 212, 150))
        canvas.polygon([(x, y + 22 if y > scene.horizon else y) for x, y in shape], beach)
    elif water.kind == "lake":
        x, y, w, h = water.x, water.y, water.width, water.height
        canvas.ellipse((x - w - 8, y - h - 5, x + w + 8, y + h + 6), shaded(land, 0.8))
    canvas.polygon(shape, colour)
    if water.kind == "river":
        return
    _mirror(canvas, scene, shape)
    _glitter(canvas, scene, light, mixed(colour, palette.WHITE, 0.3))


def draw_path(canvas: Canvas, scene: Scene, light: Light) -> None:
    """A sandy path from the lower border to the horizon, swinging around any lake."""
    random = light.random
    start = scene.width * random.uniform(0.2, 0.8)
    end = start + random.uniform(-90, 90)
    phase, swing = random.uniform(0, 6), random.uniform(14, 40)
    fill = light.tint(
        {"meadow": (214, 184, 128), "desert": (176, 136, 84)}.get(scene.ground, (190, 176, 160))
    )
    top = scene.horizon if scene.water.kind != "lake" else scene.water.y + scene.water.height + 12
    left, right = [], []
    for step in range(13):
        down = step / 12
        y = top + down * (UNITS - top)
        x = end + (start - end) * down + math.sin(down * 5 + phase) * swing * down
        half = 5 + 40 * down
        left.append((x - half, y))
        right.append((x + half, y))
    canvas.polygon(left + right[::-1], fill)


def draw_bridge(canvas: Canvas, scene: Scene, light: Light) -> None:
    """A wooden bridge with two rails across the river, in its lower half."""
    down = light.random.uniform(0.35, 0.6)
    y = scene.horizon + down * (UNITS - scene.horizon)
    x, half = scene.water.river_centre(down), scene.water.river_half(down) * 1.3 + 30
    thick = 12 + 16 * down
    planks, rail = light.tint((150, 100, 58)), light.tint((104, 66, 36))
    canvas.polygon(_arch(x, half, y, thick), planks)
    for lift in (thick * 0.4, -thick * 0.9):
        canvas.line([(px, py - lift) for px, py in _arc_line(x, half, y)], rail, 6)
    for step in range(-2, 3):
        px = x + half * 0.45 * step
        top = y - 0.16 * half * (1 - (step * 0.45) ** 2)
        canvas.line([(px, top - thick * 1.1), (px, top + thick * 0.7)], rail, 6)


def _arc_line(x: float, half: float, y: float) -> list[Point]:
    places = [step / 4 - 1 for step in range(9)]
    return [(x + half * place, y - 0.16 * half * (1 - place * place)) for place in places]


def _arch(x: float, half: float, y: float, thick: float) -> list[Point]:
    upper = _arc_line(x, half, y)
    return upper + [(px, py + thick) for px, py in upper[::-1]]


def _shape(scene: Scene) -> list[Point]:
    """The water's outline."""
    water, horizon = scene.water, scene.horizon
    if water.kind == "sea":
        shore = [
            (float(x), water.y + 7 * math.sin(x / 50 + water.phase))
            for x in range(0, scene.width + 17, 16)
        ]
        return [*shore, (scene.width, horizon), (0, horizon)]
    if water.kind == "lake":
        angles = [math.tau * step / 40 for step in range(40)]
        return [
            (water.x + water.width * math.cos(a), water.y + water.height * math.sin(a))
            for a in angles
        ]
    left, right = [], []
    for step in range(13):
        down = step / 12
        y = horizon + down * (UNITS - horizon)
        centre, half = water.river_centre(down), water.river_half(down)
        left.append((centre - half, y))
        right.append((centre + half, y))
    return left + right[::-1]


def _mirror(canvas: Canvas, scene: Scene, shape: list[Point]) -> None:
    """Blend the flipped strip above the horizon into the water."""
    k, image = canvas.scale, canvas.image
    top = round(min(y for _, y in shape) * k)
    bottom = min(image.height, round(max(y for _, y in shape) * k))
    horizon = round(scene.horizon * k)
    height = min(bottom - top, horizon)
    if height <= 0:
        return
    strip = image.crop((0, horizon - height, image.width, horizon))
    strip = strip.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mask = Image.new("L", (image.width, height), 0)
    outline = [(x * k, y * k - top) for x, y in shape]
    ImageDraw.Draw(mask).polygon(outline, fill=round(255 * _REFLECTED))
    image.paste(strip, (0, top), mask)


def _glitter(canvas: Canvas, scene: Scene, light: Light, fill: Rgb) -> None:
    """Short ripples, and a trail of light below sun or moon."""
    random, water = light.random, scene.water
    if water.kind == "sea":
        left, right, top, bottom = 0.0, float(scene.width), scene.horizon + 8, water.y - 8
    else:
        left, right = water.x - water.width * 0.7, water.x + water.width * 0.7
        top, bottom = water.y - water.height * 0.6, water.y + water.height * 0.6
    for _ in range(random.randint(4, 8)):
        x, y, half = (
            random.uniform(left, right),
            random.uniform(top, bottom),
            random.uniform(12, 36),
        )
        canvas.line([(x - half, y), (x + half, y)], fill, 4)
    glow = scene.sun if scene.sun is not None else scene.moon
    if glow is not None and left < glow < right:
        shine = palette.SUNS.get(scene.time, (244, 240, 206))
        y = top
        while y < bottom:
            half = random.uniform(8, 22)
            canvas.line([(glow - half, y), (glow + half, y)], mixed(fill, shine, 0.7), 5)
            y += 13

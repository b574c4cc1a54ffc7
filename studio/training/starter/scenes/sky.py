"""Everything above the horizon: sky, heavenly bodies, clouds, birds, mountains and hills."""

import math
from random import Random

from studio.training.starter.scenes import palette
from studio.training.starter.scenes.canvas import Canvas, Light
from studio.training.starter.scenes.palette import Rgb, mixed, shaded
from studio.training.starter.scenes.spec import Scene


def draw_sky(canvas: Canvas, scene: Scene, light: Light) -> None:
    """Paint the sky and all that hangs in it, down to just below the horizon."""
    random, horizon = light.random, scene.horizon
    canvas.band(0, horizon + 8, [light.jitter(colour) for colour in palette.SKIES[scene.time]])
    if scene.stars:
        for _ in range(random.randint(24, 46)):
            x, y = random.uniform(0, scene.width), random.uniform(0, horizon * 0.9)
            canvas.circle(x, y, random.choice((2.0, 2.5, 3.5)), (250, 246, 214))
    if scene.rainbow:
        _rainbow(canvas, scene, random)
    if scene.sun is not None:
        _sun(canvas, scene, scene.sun, random)
    if scene.moon is not None:
        _moon(canvas, scene, scene.moon, random)
    for _ in range(scene.clouds):
        _cloud(canvas, scene, random)
    for _ in range(scene.birds):
        x, y = random.uniform(0.1, 0.9) * scene.width, random.uniform(0.12, 0.7) * horizon
        wing = random.uniform(13, 20)
        canvas.line(
            [(x - wing, y - wing * 0.6), (x, y), (x + wing, y - wing * 0.6)], (40, 40, 54), 6
        )


def draw_back(canvas: Canvas, scene: Scene, light: Light, land: Rgb) -> None:
    """Paint what stands on the horizon; ``land`` is the colour of the ground."""
    sky = canvas.colour_at(2, scene.horizon - 2)
    if scene.back == "mountains":
        for layer in range(2):
            _range(canvas, scene, light, sky, layer)
    elif scene.back == "hills":
        for layer in range(2):
            _hills(
                canvas,
                scene,
                light.random,
                mixed(shaded(land, 0.92), sky, 0.42 - 0.22 * layer),
                layer,
            )


def _rainbow(canvas: Canvas, scene: Scene, random: Random) -> None:
    x, y = random.uniform(0.3, 0.7) * scene.width, scene.horizon + 30
    radius = random.uniform(190, 255)
    for index, colour in enumerate(palette.RAINBOW):
        r = radius - 9 * index
        fill = mixed(colour, (200, 228, 250), 0.25)
        canvas.arc((x - r, y - r, x + r, y + r), 180, 360, fill, 10)


def _sun(canvas: Canvas, scene: Scene, x: float, random: Random) -> None:
    low = scene.time != "day"
    radius = random.uniform(26, 46)
    y = scene.horizon * (random.uniform(0.7, 0.95) if low else random.uniform(0.16, 0.45))
    colour = palette.SUNS[scene.time]
    for reach, share in ((2.0, 0.16), (1.5, 0.3)):
        canvas.circle(x, y, radius * reach, mixed(canvas.colour_at(x, y), colour, share))
    canvas.circle(x, y, radius, colour)


def _moon(canvas: Canvas, scene: Scene, x: float, random: Random) -> None:
    y, radius = scene.horizon * random.uniform(0.15, 0.45), random.uniform(26, 42)
    sky = canvas.colour_at(x, y)
    if not scene.crescent:
        canvas.circle(x, y, radius * 1.5, mixed(sky, (240, 236, 200), 0.16))
    canvas.circle(x, y, radius, (244, 240, 206))
    if scene.crescent:
        canvas.circle(x + radius * 0.55, y - radius * 0.2, radius, sky)


def _cloud(canvas: Canvas, scene: Scene, random: Random) -> None:
    fill = palette.CLOUDS[scene.time]
    x, y = random.uniform(0.05, 0.95) * scene.width, random.uniform(0.08, 0.6) * scene.horizon
    size = random.uniform(0.6, 1.3)
    for index in range(random.randint(3, 5)):
        puff = random.uniform(18, 34) * size
        cx, cy = x + (index - 2) * 28 * size, y + random.uniform(-8, 8) * size
        canvas.ellipse((cx - puff, cy - puff * 0.8, cx + puff, cy + puff * 0.8), fill)
    canvas.ellipse((x - 80 * size, y, x + 80 * size, y + 28 * size), fill)


def _range(canvas: Canvas, scene: Scene, light: Light, sky: Rgb, layer: int) -> None:
    random, horizon = light.random, scene.horizon
    rock = light.tint(light.jitter(palette.MOUNTAINS[scene.ground], 10))
    rock = mixed(rock, sky, 0.45 - 0.3 * layer)
    snow = light.tint((246, 248, 252))
    x = -60.0
    while x < scene.width + 20:
        width = random.uniform(110, 230)
        height = random.uniform(70, 190) * (1 - 0.3 * layer) * horizon / 270
        peak, top, right = x + width * random.uniform(0.4, 0.6), horizon - height, x + width
        canvas.polygon([(x, horizon + 4), (peak, top), (right, horizon + 4)], rock)
        canvas.polygon(
            [(peak, top), (right, horizon + 4), (peak + width * 0.06, horizon + 4)],
            shaded(rock, 0.86),
        )
        if scene.ground != "desert":
            _cap(canvas, (x, peak, right), top, height, snow)
        x += width * random.uniform(0.45, 0.75)


def _cap(
    canvas: Canvas, xs: tuple[float, float, float], top: float, height: float, snow: Rgb
) -> None:
    """Snow on the upper 30 % of a peak, with a jagged lower edge."""
    x, peak, right = xs
    low = top + height * 0.3
    left_edge, right_edge = peak + (x - peak) * 0.3, peak + (right - peak) * 0.3
    canvas.polygon(
        [
            (peak, top),
            (right_edge, low),
            (peak + (right_edge - peak) * 0.4, low - 8),
            (peak, low + 6),
            (peak + (left_edge - peak) * 0.5, low - 8),
            (left_edge, low),
        ],
        snow,
    )


def _hills(canvas: Canvas, scene: Scene, random: Random, fill: Rgb, layer: int) -> None:
    wide, narrow = random.uniform(18, 44), random.uniform(8, 18)
    phase, waves = random.uniform(0, 6), random.uniform(1.2, 2.4)
    base = scene.horizon - 26 + 14 * layer
    points = [
        (
            float(x),
            base
            - wide * math.sin(x / 512 * 2 * math.pi * waves + phase)
            - narrow * math.sin(x / 41 + phase),
        )
        for x in range(0, scene.width + 17, 16)
    ]
    bottom = scene.horizon + 8
    canvas.polygon([*points, (scene.width, bottom), (0, bottom)], fill)

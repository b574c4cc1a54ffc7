"""Trees, flowers and the fence that stands among them."""

import math

from studio.training.starter.scenes.canvas import Canvas, Light, Rect
from studio.training.starter.scenes.palette import WOOD, shaded
from studio.training.starter.scenes.spec import UNITS, Scene, Thing

_LEAVES = ((226, 120, 36), (214, 76, 40), (238, 160, 48))
_CROWN = ((-24, -70, 30), (24, -70, 30), (0, -96, 34), (0, -66, 34))


def draw_tree(canvas: Canvas, light: Light, thing: Thing, q: float, snowy: bool) -> Rect:
    """One tree of the thing's variety at scale ``q``; returns its box in units."""
    if thing.variety == "pine":
        return _pine(canvas, light, thing, q, snowy)
    if thing.variety == "palm":
        return _palm(canvas, light, thing, q)
    return _crowned(canvas, light, thing, q)


def draw_flowers(canvas: Canvas, light: Light, thing: Thing, scene: Scene) -> Rect:
    """A strewn bed of flowers in the lower ground; returns its box in units."""
    random = light.random
    land = UNITS - scene.horizon
    petals = light.named(thing.colour)
    heart = light.tint((250, 220, 90) if thing.colour != "yellow" else (150, 90, 40))
    stem = light.tint((50, 120, 50))
    top = float(UNITS)
    for _ in range(thing.count):
        x, y = random.uniform(0, scene.width), random.uniform(UNITS - land * 0.5, UNITS - 10)
        petal = thing.size * (0.6 + 0.8 * (y - scene.horizon) / land) * 6.5
        canvas.line([(x, y), (x, y + petal * 3)], stem, 4)
        for step in range(5):
            angle = step * math.tau / 5
            canvas.circle(
                x + math.cos(angle) * petal, y + math.sin(angle) * petal, petal * 0.75, petals
            )
        canvas.circle(x, y, petal * 0.6, heart)
        top = min(top, y)
    return 0, top - 14, scene.width, UNITS


def draw_fence(canvas: Canvas, light: Light, thing: Thing, scene: Scene) -> Rect:
    """A picket fence across the whole picture; returns its box in units."""
    height, base, colour = 46.0, thing.y, light.named(thing.colour)
    for rail in (base - height * 0.75, base - height * 0.35):
        canvas.rectangle((0, rail, scene.width, rail + 8), shaded(colour, 0.92))
    x = light.random.uniform(0, 30)
    while x < scene.width:
        top = base - height
        canvas.polygon(
            [(x, base), (x, top), (x + 8, top - 9), (x + 16, top), (x + 16, base)], colour
        )
        x += 38
    return 0, base - height - 9, scene.width, base


def _pine(canvas: Canvas, light: Light, thing: Thing, q: float, snowy: bool) -> Rect:
    x, base = thing.x, thing.y
    green = light.tint(light.jitter((34, 106, 70), 12))
    canvas.rectangle((x - 7 * q, base - 24 * q, x + 7 * q, base), light.tint(WOOD))
    for tier in range(3):
        half, low = (46 - 11 * tier) * q, base - 18 * q - tier * 30 * q
        canvas.polygon(
            [(x - half, low), (x, low - 54 * q), (x + half, low)], shaded(green, 1 + 0.08 * tier)
        )
        if snowy:
            cap = half * 0.45
            canvas.polygon(
                [(x - cap, low - 32 * q), (x, low - 54 * q), (x + cap, low - 32 * q)],
                light.tint((244, 248, 252)),
            )
    return x - 46 * q, base - 134 * q, x + 46 * q, base


def _palm(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    x, base = thing.x, thing.y
    lean = light.random.uniform(-22, 22) * q
    top_x, top_y = x + lean, base - 112 * q
    trunk = light.tint((150, 112, 70))
    canvas.line([(x, base), (x + lean * 0.4, base - 60 * q), (top_x, top_y)], trunk, max(6, 12 * q))
    green = light.tint(light.jitter((64, 150, 66), 12))
    for angle in (-2.9, -2.3, -1.57, -0.85, -0.25, 0.25, 2.9):
        end_x = top_x + math.cos(angle) * 52 * q
        end_y = top_y + math.sin(angle) * 34 * q + 12 * q
        side_x, side_y = -math.sin(angle) * 10 * q, math.cos(angle) * 10 * q - 13 * q
        middle_x, middle_y = (top_x + end_x) / 2, (top_y + end_y) / 2
        canvas.polygon(
            [
                (top_x, top_y),
                (middle_x + side_x, middle_y + side_y),
                (end_x, end_y),
                (middle_x - side_x * 0.2, middle_y),
            ],
            green,
        )
    return top_x - 52 * q, top_y - 40 * q, top_x + 52 * q, base


def _crowned(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    x, base = thing.x, thing.y
    if thing.variety == "round":
        leaves = light.tint(light.jitter((70, 148, 58), 12))
    else:
        leaves = light.tint(light.jitter(light.random.choice(_LEAVES), 10))
    canvas.rectangle((x - 9 * q, base - 54 * q, x + 9 * q, base), light.tint(WOOD))
    for dx, dy, radius in _CROWN:
        canvas.circle(x + dx * q, base + dy * q, radius * q, leaves)
    canvas.ellipse((x - 30 * q, base - 118 * q, x - 2 * q, base - 90 * q), shaded(leaves, 1.12))
    return x - 54 * q, base - 130 * q, x + 54 * q, base

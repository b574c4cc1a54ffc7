"""Small single things, for small masks: cat, snowman, tulip, mushroom."""

from studio.training.starter.scenes.canvas import Canvas, Light, Rect
from studio.training.starter.scenes.palette import shaded
from studio.training.starter.scenes.spec import Thing

_DARK = (44, 40, 48)


def draw_cat(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    """A sitting cat seen from the front, at scale ``q``; returns its box in units."""
    x, base = thing.x, thing.y
    fur = light.named(thing.colour)
    dark, eye = light.tint(_DARK), (236, 210, 80)
    canvas.arc((x + 2 * q, base - 40 * q, x + 38 * q, base), -60, 120, shaded(fur, 0.85), 9 * q)
    canvas.ellipse((x - 23 * q, base - 52 * q, x + 23 * q, base), fur)
    canvas.ellipse((x - 9 * q, base - 40 * q, x + 9 * q, base - 2 * q), shaded(fur, 1.15))
    head = base - 62 * q
    for side in (-1, 1):
        canvas.polygon(
            [
                (x + side * 21 * q, head - 6 * q),
                (x + side * 19 * q, head - 34 * q),
                (x + side * 2 * q, head - 16 * q),
            ],
            fur,
        )
    canvas.circle(x, head, 22 * q, fur)
    for side in (-1, 1):
        canvas.circle(x + side * 8.5 * q, head - 3 * q, 5.5 * q, eye)
        canvas.circle(x + side * 8.5 * q, head - 3 * q, 2.8 * q, dark)
    canvas.polygon(
        [(x - 4 * q, head + 6 * q), (x + 4 * q, head + 6 * q), (x, head + 11 * q)],
        light.tint((226, 120, 130)),
    )
    return x - 24 * q, base - 97 * q, x + 40 * q, base


def draw_snowman(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    """Three balls, a black hat and a carrot at scale ``q``; returns its box in units."""
    x, base = thing.x, thing.y
    snow, dark = light.tint((250, 252, 255)), light.tint(_DARK)
    shadow = shaded(snow, 0.86)
    for middle, radius in ((28, 30), (70, 23), (103, 17)):
        canvas.circle(x, base - middle * q, radius * q, shadow)
        canvas.circle(x - 2 * q, base - (middle + 2) * q, (radius - 3) * q, snow)
    canvas.rectangle((x - 20 * q, base - 120 * q, x + 20 * q, base - 114 * q), dark)
    canvas.rectangle((x - 12 * q, base - 142 * q, x + 12 * q, base - 116 * q), dark)
    for height in (62, 76):
        canvas.circle(x, base - height * q, 3.5 * q, dark)
    for side in (-6, 6):
        canvas.circle(x + side * q, base - 106 * q, 3 * q, dark)
    canvas.polygon(
        [(x, base - 103 * q), (x + 18 * q, base - 98 * q), (x, base - 95 * q)],
        light.tint((240, 132, 36)),
    )
    return x - 30 * q, base - 142 * q, x + 30 * q, base + 2


def draw_tulip(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    """One tulip with two leaves at scale ``q``; returns its box in units."""
    x, base = thing.x, thing.y
    petals, green = light.named(thing.colour), light.tint((52, 128, 58))
    canvas.line([(x, base), (x, base - 60 * q)], green, max(5, 7 * q))
    for side in (-1, 1):
        canvas.polygon(
            [(x, base), (x + side * 24 * q, base - 46 * q), (x + side * 5 * q, base - 22 * q)],
            green,
        )
    top = base - 58 * q
    canvas.ellipse((x - 21 * q, top - 34 * q, x + 21 * q, top + 8 * q), petals)
    for side in (-1, 1):
        canvas.polygon(
            [
                (x + side * 21 * q, top - 14 * q),
                (x + side * 19 * q, top - 46 * q),
                (x + side * 2 * q, top - 20 * q),
            ],
            petals,
        )
    canvas.polygon(
        [(x - 11 * q, top - 14 * q), (x, top - 48 * q), (x + 11 * q, top - 14 * q)],
        shaded(petals, 0.86),
    )
    return x - 24 * q, top - 48 * q, x + 24 * q, base


def draw_mushroom(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    """A dotted mushroom at scale ``q``; returns its box in units."""
    x, base = thing.x, thing.y
    cap, stalk = light.named(thing.colour), light.tint((244, 232, 208))
    canvas.ellipse((x - 13 * q, base - 44 * q, x + 13 * q, base + 3 * q), stalk)
    outline = [
        (x - 34 * q, base - 34 * q),
        (x - 30 * q, base - 54 * q),
        (x - 16 * q, base - 68 * q),
        (x, base - 72 * q),
    ]
    outline += [(2 * x - px, py) for px, py in outline[::-1]]
    canvas.polygon(outline, cap)
    canvas.ellipse((x - 34 * q, base - 42 * q, x + 34 * q, base - 28 * q), shaded(cap, 0.86))
    for dx, dy, radius in ((-16, -50, 6), (4, -60, 6.5), (18, -46, 5.5)):
        canvas.circle(x + dx * q, base + dy * q, radius * q, stalk)
    return x - 34 * q, base - 72 * q, x + 34 * q, base + 3 * q

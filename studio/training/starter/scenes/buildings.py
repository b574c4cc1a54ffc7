"""House, castle, lighthouse, and the two that float: boat and balloon."""

from studio.training.starter.scenes.canvas import Canvas, Light, Rect
from studio.training.starter.scenes.palette import WHITE, mixed, shaded
from studio.training.starter.scenes.spec import Thing

_DOOR = (96, 60, 40)


def draw_house(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    """A gabled house at scale ``q``; returns its box in units."""
    random, x, base = light.random, thing.x, thing.y
    width, height, rise = 108 * q * random.uniform(0.85, 1.25), 78 * q, 58 * q
    left, right, eaves = x - width / 2, x + width / 2, base - height
    wall, roof = light.named(thing.colour), light.named(thing.second)
    canvas.ellipse(
        (left - 8 * q, base - 7 * q, right + 8 * q, base + 8 * q),
        shaded(canvas.colour_at(x, base + 10), 0.82),
    )
    if random.random() < 0.5:
        chimney = (x + width * 0.2, eaves - rise * 0.95, x + width * 0.33, eaves - rise * 0.2)
        canvas.rectangle(chimney, light.tint((150, 90, 76)))
    canvas.rectangle((left, eaves, right, base), wall)
    canvas.rectangle((left, base - height * 0.08, right, base), shaded(wall, 0.8))
    over = 14 * q
    canvas.polygon([(left - over, eaves + 2), (x, eaves - rise), (right + over, eaves + 2)], roof)
    canvas.polygon(
        [(x, eaves - rise), (right + over, eaves + 2), (x + width * 0.1, eaves + 2)],
        shaded(roof, 0.88),
    )
    door = x + random.choice((-0.25, 0, 0.25)) * width
    half = 11 * q
    canvas.rectangle((door - half, base - 42 * q, door + half, base), light.tint(_DOOR))
    count = random.choice((1, 2, 2))
    for index in range(count):
        place = left + width * (index + 1) / (count + 1)
        if abs(place - door) < 22 * q:
            place += 26 * q * (1 if place >= door else -1)
        _window(canvas, light, place, base - 60 * q, 20 * q)
    return left - over, eaves - rise, right + over, base + 6 * q


def draw_castle(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    """Three towers and a battlement at scale ``q``; returns its box in units."""
    x, base = thing.x, thing.y
    width, height, notch = 150 * q, 84 * q, 16 * q
    left, right, top = x - width / 2, x + width / 2, base - height
    wall, roof = light.named(thing.colour), light.named(thing.second)
    canvas.rectangle((left, top, right, base), wall)
    step = left
    while step < right - notch * 0.5:
        canvas.rectangle((step, top - notch * 0.7, min(right, step + notch * 0.8), top), wall)
        step += notch * 1.5
    slit = light.window() if light.lit else light.tint((70, 64, 84))
    for tower, rise in ((left, 1.5), (right, 1.5), (x, 1.85)):
        half, peak = 19 * q, base - height * rise
        canvas.rectangle((tower - half, peak, tower + half, base), shaded(wall, 0.93))
        canvas.polygon(
            [(tower - half * 1.25, peak), (tower, peak - 52 * q), (tower + half * 1.25, peak)], roof
        )
        canvas.rectangle((tower - 6 * q, peak + 16 * q, tower + 6 * q, peak + 36 * q), slit)
    gate = light.tint((84, 54, 38))
    canvas.rectangle((x - 14 * q, base - 30 * q, x + 14 * q, base), gate)
    canvas.ellipse((x - 14 * q, base - 44 * q, x + 14 * q, base - 16 * q), gate)
    return left - 26 * q, base - height * 1.85 - 52 * q, right + 26 * q, base + 2


def draw_lighthouse(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    """Five stripes, a lamp and a cap at scale ``q``; returns its box in units."""
    x, base, height = thing.x, thing.y, 170 * q
    foot, neck = 29 * q, 20 * q
    colour, white = light.named(thing.colour), light.tint((246, 244, 238))
    for index in range(5):
        low, high = index / 5, (index + 1) / 5
        a, b = foot + (neck - foot) * low, foot + (neck - foot) * high
        corners = [
            (x - a, base - height * low),
            (x + a, base - height * low),
            (x + b, base - height * high),
            (x - b, base - height * high),
        ]
        canvas.polygon(corners, white if index % 2 else colour)
    top = base - height
    lamp = (255, 236, 140) if light.time != "day" else light.tint((224, 236, 240))
    canvas.rectangle((x - neck * 1.25, top - 6 * q, x + neck * 1.25, top), light.tint((70, 70, 80)))
    canvas.rectangle((x - neck * 0.7, top - 27 * q, x + neck * 0.7, top - 6 * q), lamp)
    canvas.polygon([(x - neck, top - 27 * q), (x, top - 48 * q), (x + neck, top - 27 * q)], colour)
    return x - foot, top - 48 * q, x + foot, base


def draw_boat(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    """A sailing boat at scale ``q``, its mirror image in the water; returns its box in units."""
    x, base, half = thing.x, thing.y, 50 * q
    hull, sail = light.named(thing.colour), light.named(thing.second)
    water = canvas.colour_at(x, base + 8 * q)
    canvas.polygon(
        [(x - half * 0.66, base + 6 * q), (x + half * 0.66, base + 6 * q), (x, base + 40 * q)],
        mixed(water, hull, 0.3),
    )
    deck = base - 20 * q
    canvas.polygon(
        [
            (x - half, deck),
            (x + half, deck),
            (x + half * 0.66, base + 6 * q),
            (x - half * 0.66, base + 6 * q),
        ],
        hull,
    )
    canvas.line([(x, deck), (x, base - 104 * q)], light.tint((90, 62, 44)), max(5, 6 * q))
    foot = base - 27 * q
    canvas.polygon([(x + 4 * q, base - 102 * q), (x + 4 * q, foot), (x + 46 * q, foot)], sail)
    canvas.polygon(
        [(x - 4 * q, base - 90 * q), (x - 4 * q, foot), (x - 34 * q, foot)], shaded(sail, 0.9)
    )
    return x - half, base - 104 * q, x + half, base + 12 * q


def draw_balloon(canvas: Canvas, light: Light, thing: Thing, q: float) -> Rect:
    """A hot air balloon whose envelope is centred on y; returns its box in units."""
    x, y, radius = thing.x, thing.y, 46 * q
    colour = light.named(thing.colour)
    canvas.circle(x, y, radius, colour)
    canvas.polygon(
        [
            (x - radius * 0.8, y + radius * 0.6),
            (x + radius * 0.8, y + radius * 0.6),
            (x + 11 * q, y + radius * 1.45),
            (x - 11 * q, y + radius * 1.45),
        ],
        colour,
    )
    canvas.ellipse(
        (x - radius * 0.4, y - radius, x + radius * 0.4, y + radius), mixed(colour, WHITE, 0.25)
    )
    half = 13 * q
    for side in (-half, half):
        canvas.line([(x + side, y + radius * 1.4), (x + side, y + radius * 1.75)], (90, 70, 60), 3)
    canvas.rectangle(
        (x - half, y + radius * 1.65, x + half, y + radius * 2.1), light.tint((140, 92, 54))
    )
    return x - radius, y - radius, x + radius, y + radius * 2.1


def _window(canvas: Canvas, light: Light, x: float, top: float, side: float) -> None:
    half, frame = side / 2, side * 0.14
    canvas.rectangle(
        (x - half - frame, top - frame, x + half + frame, top + side + frame),
        light.tint((250, 248, 240)),
    )
    canvas.rectangle((x - half, top, x + half, top + side), light.window())

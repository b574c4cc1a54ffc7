"""Drawing a scene's specification by lot."""

from dataclasses import replace
from random import Random

from studio.training.starter.scenes import palette
from studio.training.starter.scenes.placing import place
from studio.training.starter.scenes.spec import UNITS, Scene, Thing, Water

_COLOURS = {
    "house": palette.WALLS,
    "castle": palette.CASTLES,
    "lighthouse": palette.STRIPES,
    "boat": palette.HULLS,
    "balloon": palette.BRIGHT,
    "cat": palette.FURS,
    "tulip": palette.PETALS,
    "mushroom": palette.CAPS,
    "flowers": palette.PETALS,
    "fence": palette.FENCES,
}
_TREES = {
    "meadow": ("pine", "round", "autumn", "palm"),
    "desert": ("palm", "palm", "round"),
    "snow": ("pine", "pine", "autumn"),
}
_SMALLS = {
    "meadow": ("cat", "tulip", "mushroom"),
    "desert": ("cat",),
    "snow": ("snowman", "snowman", "cat"),
}


def sample_scene(random: Random, width: int = UNITS) -> Scene:
    """A new scene, ``width`` units wide; the same generator state gives the same scene."""
    time = random.choices(("day", "dawn", "sunset", "night"), (4, 2, 3, 3))[0]
    style = random.choices(("flat", "watercolour", "pencil", "neon"), (6, 1.8, 1.2, 0.8))[0]
    if style == "neon":
        time = "night"
    ground = random.choices(("meadow", "desert", "snow"), (5, 2, 2))[0]
    horizon = UNITS * random.uniform(0.40, 0.60)
    mains = _main_kinds(random)
    kind = random.choices(("none", "lake", "river", "sea"), (4, 3, 2, 2.5))[0]
    if "boat" in mains and kind in ("none", "river"):
        kind = random.choice(("lake", "sea"))
    night = time == "night"
    scene = Scene(
        time=time,
        style=style,
        ground=ground,
        water=_water(random, kind, horizon, width),
        back=random.choices(("none", "mountains", "hills"), (3, 4, 3))[0],
        horizon=horizon,
        seed=random.randrange(1 << 30),
        width=width,
        sun=random.uniform(0.12, 0.88) * width if not night and random.random() < 0.6 else None,
        moon=random.uniform(0.12, 0.88) * width if night and random.random() < 0.75 else None,
        crescent=random.random() < 0.5,
        stars=night and random.random() < 0.75,
        clouds=random.randint(1, 4) if random.random() < (0.2 if night else 0.5) else 0,
        rainbow=time == "day" and random.random() < 0.12,
        birds=random.randint(2, 4) if not night and random.random() < 0.12 else 0,
        path=kind in ("none", "lake") and random.random() < 0.16,
        bridge=kind == "river" and random.random() < 0.4,
        snowing=ground == "snow" and random.random() < 0.25,
    )
    return replace(scene, things=tuple(_things(random, scene, mains)))


def _main_kinds(random: Random) -> list[str]:
    count = random.choices((0, 1, 2), (1.6, 7, 1.6))[0]
    kinds = random.sample(("house", "castle", "lighthouse", "boat", "balloon"), count)
    if kinds and "house" not in kinds and random.random() < 0.45:
        kinds[0] = "house"
    return kinds


def _water(random: Random, kind: str, horizon: float, width: int) -> Water:
    land = UNITS - horizon
    if kind == "lake":
        return Water(
            "lake",
            x=random.uniform(0.25, 0.75) * width,
            y=horizon + land * random.uniform(0.36, 0.62),
            width=random.uniform(120, 240),
            height=random.uniform(34, 62),
        )
    if kind == "sea":
        return Water(
            "sea", y=horizon + land * random.uniform(0.28, 0.6), phase=random.uniform(0, 6)
        )
    if kind == "river":
        return Water(
            "river",
            x=random.uniform(0.3, 0.7) * width,
            width=random.uniform(0.1, 0.9) * width,
            phase=random.uniform(0, 6),
        )
    return Water()


def _things(random: Random, scene: Scene, mains: list[str]) -> list[Thing]:
    things: list[Thing] = []
    close = len(mains) == 1 and random.random() < 0.3
    for kind in mains:
        largest = 2.0 if kind == "castle" else 3.0
        size = random.uniform(1.4, largest) if close else random.uniform(0.75, 1.4)
        _add(things, place(random, scene, _thing(random, kind, size), things))
    if random.random() < 0.22:
        kind = random.choice(_SMALLS[scene.ground])
        size = random.uniform(1.6, 3.2) if not mains else random.uniform(0.8, 1.5)
        _add(things, place(random, scene, _thing(random, kind, size), things))
    if random.random() < 0.62:
        things += _grove(random, scene, things)
    if random.random() < 0.2 and scene.ground != "snow":
        flowers = _thing(random, "flowers", random.uniform(0.9, 1.5))
        things.append(replace(flowers, x=scene.width / 2, y=UNITS, count=random.randint(10, 26)))
    if random.random() < 0.1 and scene.water.kind in ("none", "lake"):
        fence = _thing(random, "fence", 1.0)
        down = UNITS - (UNITS - scene.horizon) * random.uniform(0.02, 0.2)
        things.append(replace(fence, x=scene.width / 2, y=down))
    return things


def _grove(random: Random, scene: Scene, things: list[Thing]) -> list[Thing]:
    """One to seven trees of one kind, each carrying how many there are in the end."""
    variety = random.choice(_TREES[scene.ground])
    wanted = random.choices((1, 2, 3, 5, 7), (3, 3, 3, 2, 1))[0]
    trees: list[Thing] = []
    for _ in range(wanted):
        size = random.uniform(1.0, 2.4) if wanted == 1 else random.uniform(0.7, 1.25)
        tree = Thing("tree", 0, 0, size, variety=variety)
        _add(trees, place(random, scene, tree, things + trees))
    return [replace(tree, count=len(trees)) for tree in trees]


def _thing(random: Random, kind: str, size: float) -> Thing:
    colour = random.choice(_COLOURS[kind]) if kind in _COLOURS else ""
    second = ""
    if kind in ("house", "castle"):
        second = random.choice([name for name in palette.ROOFS if name != colour])
    elif kind == "boat":
        second = random.choice([name for name in palette.SAILS if name != colour])
    return Thing(kind, 0, 0, size, colour=colour, second=second)


def _add(things: list[Thing], thing: Thing | None) -> None:
    if thing is not None:
        things.append(thing)

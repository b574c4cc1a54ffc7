"""Finding a dry, free spot for a thing: nothing stands in water, and mains do not overlap."""

from dataclasses import replace
from random import Random

from studio.training.starter.scenes.spec import UNITS, Scene, Thing, Water

HALF_WIDTH = {
    "house": 72.0,
    "castle": 102.0,
    "lighthouse": 30.0,
    "boat": 50.0,
    "balloon": 46.0,
    "tree": 52.0,
    "cat": 30.0,
    "snowman": 32.0,
    "tulip": 22.0,
    "mushroom": 34.0,
}
"""Half of the width of each kind at size 1 and depth 1, in units."""

_TRIES = 14


def depth(scene: Scene, y: float) -> float:
    """How large things at ``y`` are drawn: .62 at the horizon, 1.37 at the lower border."""
    return 0.62 + 0.75 * max(0.0, (y - scene.horizon) / (UNITS - scene.horizon))


def place(random: Random, scene: Scene, thing: Thing, others: list[Thing]) -> Thing | None:
    """``thing`` with its x and y, or None where no fitting spot was found in a few tries."""
    for _ in range(_TRIES):
        spot = _try_spot(random, scene, thing)
        if spot is not None and not _crowded(scene, spot, others):
            return spot
    return None


def _try_spot(random: Random, scene: Scene, thing: Thing) -> Thing | None:
    land = UNITS - scene.horizon
    x = random.uniform(0.03, 0.97) * scene.width
    if thing.kind == "balloon":
        top = 46 * thing.size * 0.8
        return replace(
            thing,
            x=x,
            y=random.uniform(top * 0.6, max(top, scene.horizon * 0.6)),
            size=thing.size * 0.8,
        )
    if thing.kind == "boat":
        return _afloat(random, scene, replace(thing, x=x, size=thing.size * 0.9))
    if thing.size > 1.4:
        y = scene.horizon + land * random.uniform(0.3, 0.95)
    else:
        y = scene.horizon + 10 + (land - 14) * random.uniform(0.02, 0.75)
    half = HALF_WIDTH[thing.kind] * thing.size * depth(scene, y)
    return replace(thing, x=x, y=y) if _dry(scene, x, y, half) else None


def _afloat(random: Random, scene: Scene, boat: Thing) -> Thing | None:
    water = scene.water
    if water.kind == "sea":
        return replace(boat, y=random.uniform(scene.horizon + 14, water.y - 8))
    if water.kind == "lake":
        size = min(boat.size, 1.5)
        x = water.x + random.uniform(-0.5, 0.5) * water.width
        return replace(boat, x=x, y=water.y + random.uniform(-0.3, 0.45) * water.height, size=size)
    return None


def _dry(scene: Scene, x: float, y: float, half: float) -> bool:
    """Whether a base of +-``half`` units at (x, y) stands on land."""
    water: Water = scene.water
    if water.kind == "sea":
        return y > water.y + 16
    if water.kind == "lake":
        if abs(y - water.y) > water.height + 10:
            return True
        return abs(x - water.x) > water.width + half
    if water.kind == "river":
        down = (y - scene.horizon) / (UNITS - scene.horizon)
        return abs(x - water.river_centre(down)) > water.river_half(down) + half
    return True


def _crowded(scene: Scene, spot: Thing, others: list[Thing]) -> bool:
    """Whether a main thing would stand in front of or behind another one."""
    for other in others:
        if "tree" in (spot.kind, other.kind) and spot.kind == other.kind:
            continue
        reach = _half(scene, spot) + _half(scene, other)
        if abs(spot.x - other.x) < reach * (0.75 if "tree" in (spot.kind, other.kind) else 1.0):
            return True
    return False


def _half(scene: Scene, thing: Thing) -> float:
    floating = thing.kind in ("boat", "balloon")
    return (
        HALF_WIDTH.get(thing.kind, 0.0) * thing.size * (1.0 if floating else depth(scene, thing.y))
    )

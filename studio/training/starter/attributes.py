"""The facts about a scene that a judge can tell, as class numbers: for text and for pictures."""

from collections.abc import Collection, Sequence

from studio.training.starter.scenes import palette, spec
from studio.training.starter.scenes.captions import SEEN
from studio.training.starter.scenes.spec import Placed, Scene, Thing

UNKNOWN = -1
"""Label of what cannot be said, left out of losses and scores."""

_NO_YES = ("no", "yes")

MOODS: dict[str, tuple[str, ...]] = {
    "time": spec.TIMES,
    "style": spec.STYLES,
    "ground": spec.GROUNDS,
    "water": spec.WATERS,
    "back": spec.BACKS,
}
_SIGN_NAMES = "sun", "moon", "stars", "clouds", "rainbow", "birds", "path", "bridge", "snowing"
SIGNS: dict[str, tuple[str, ...]] = dict.fromkeys(_SIGN_NAMES, _NO_YES)
_COLOURED = {
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
_PRESENT = (*_COLOURED, "snowman", "pine", "round", "palm", "autumn")
THINGS: dict[str, tuple[str, ...]] = {
    **{f"has {name}": _NO_YES for name in _PRESENT},
    **{f"{name} colour": colours for name, colours in _COLOURED.items()},
    "roof": palette.ROOFS,
    "sail": palette.SAILS,
}

HEADS: dict[str, tuple[str, ...]] = {**MOODS, **SIGNS, **THINGS}
"""Each fact and the names of its classes."""


def labels(scene: Scene, placed: Sequence[Placed]) -> list[int]:
    """The class of each of ``HEADS`` for a whole picture.

    A thing less visible than a caption asks for is unknown rather than absent.
    """
    moods = [classes.index(_mood(scene, name)) for name, classes in MOODS.items()]
    signs = [int(_sign(scene, name)) for name in SIGNS]
    seen = {spot.index for spot in placed if spot.visible >= SEEN}
    things = _things(scene, seen)
    hidden = _things(scene, {spot.index for spot in placed} - seen)
    names = list(THINGS)
    for position, name in enumerate(names):
        if name.startswith("has ") and hidden[position] == 1 and things[position] == 0:
            things[position] = UNKNOWN
    return moods + signs + things


def local_labels(scene: Scene, covered: Collection[int]) -> list[int]:
    """The same for a caption that names only the things ``covered``; the mood is unknown."""
    return [UNKNOWN] * (len(MOODS) + len(SIGNS)) + _things(scene, covered)


def _mood(scene: Scene, name: str) -> str:
    return {
        "time": scene.time,
        "style": scene.style,
        "ground": scene.ground,
        "water": scene.water.kind,
        "back": scene.back,
    }[name]


def _sign(scene: Scene, name: str) -> bool:
    if name in ("sun", "moon"):
        return (scene.sun if name == "sun" else scene.moon) is not None
    return {
        "stars": scene.stars,
        "clouds": scene.clouds > 0,
        "rainbow": scene.rainbow,
        "birds": scene.birds > 0,
        "path": scene.path,
        "bridge": scene.bridge,
        "snowing": scene.snowing,
    }[name]


def _things(scene: Scene, indices: Collection[int]) -> list[int]:
    found: dict[str, Thing] = {}
    for index in indices:
        thing = scene.things[index]
        found[thing.variety if thing.kind == "tree" else thing.kind] = thing
    present = [int(name in found) for name in _PRESENT]
    colours = [
        classes.index(found[name].colour) if name in found else UNKNOWN
        for name, classes in _COLOURED.items()
    ]
    roof = palette.ROOFS.index(found["house"].second) if "house" in found else UNKNOWN
    sail = palette.SAILS.index(found["boat"].second) if "boat" in found else UNKNOWN
    return [*present, *colours, roof, sail]

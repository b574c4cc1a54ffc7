"""Saying what a picture shows, and nothing that it does not show."""

from collections.abc import Callable, Collection, Sequence
from random import Random

from studio.training.starter.scenes import words
from studio.training.starter.scenes.spec import Placed, Scene, Thing

SEEN = 0.45
"""Share of a thing that must be visible for a caption to name it."""

_SINGLES: dict[str, Sequence[str]] = {
    "castle": words.CASTLES,
    "boat": words.BOATS,
    "balloon": words.BALLOONS,
    "cat": words.CATS,
    "snowman": words.SNOWMEN,
    "tulip": words.TULIPS,
    "mushroom": words.MUSHROOMS,
    "fence": words.FENCES,
}


def caption(scene: Scene, placed: Sequence[Placed], random: Random, keep: float = 0.75) -> str:
    """One of the many true captions of a whole scene; ``keep`` is the share of facts it tells."""
    things = _phrases(scene, placed, random, keep)
    surroundings = _surroundings(scene, random, keep)
    if random.random() < 0.35:
        random.shuffle(surroundings)
    first, second = (surroundings, things) if random.random() < 0.2 else (things, surroundings)
    return _with_style(scene, random, joined(first + second, random)) or "a landscape"


def full_caption(scene: Scene, placed: Sequence[Placed], random: Random) -> str:
    """A caption that tells every fact, the style too: what a judge may hold a picture to."""
    text = joined(_phrases(scene, placed, random, 1.0) + _surroundings(scene, random, 1.0), random)
    return f"{random.choice(words.STYLES[scene.style])}, {text}"


def local_caption(
    scene: Scene, placed: Sequence[Placed], covered: Collection[int], random: Random
) -> str:
    """What an artist would type for a mask over the things ``covered`` (indices)."""
    parts, trees_told = [], False
    for spot in placed:
        thing = scene.things[spot.index]
        if spot.index not in covered or (thing.kind == "tree" and trees_told):
            continue
        trees_told = trees_told or thing.kind == "tree"
        count = sum(1 for i in covered if scene.things[i].kind == "tree")
        parts.append(thing_phrase(thing, random, count=count))
    text = ", ".join(parts)
    if random.random() < 0.25:
        text += f" {random.choice(words.TIMES[scene.time])}"
    if random.random() < 0.12:
        text += f", {random.choice(words.STYLES[scene.style])}"
    return text


def empty_caption(scene: Scene, random: Random, on_ground: bool) -> str:
    """What an artist would type for a mask that holds no thing: the surroundings, or nothing.

    Args:
        scene: the scene.
        random: chooses among the true phrasings.
        on_ground: whether the mask lies on dry ground alone, so that 'just grass' is true.
    """
    lot = random.random()
    if on_ground and lot < 0.3:
        return random.choice(words.JUST[scene.ground])
    if lot < 0.5:
        return random.choice(words.NOTHING)
    facts = [random.choice(words.TIMES[scene.time]), random.choice(words.GROUNDS[scene.ground])]
    if scene.water.kind != "none":
        facts.append(random.choice(words.WATERS[scene.water.kind]))
    if scene.back != "none":
        facts.append(random.choice(words.BACKS[scene.back]))
    return ", ".join(random.sample(facts, random.randint(1, 2)))


def thing_phrase(
    thing: Thing, random: Random, detail: float = 0.8, count: int | None = None
) -> str:
    """A noun phrase for ``thing`` such as 'a small blue house with a red roof'."""

    def told() -> bool:
        return random.random() < detail

    colour = _colour(thing.colour, random) + " " if thing.colour and told() else ""
    if thing.kind == "house":
        return _house(thing, random, colour, told)
    if thing.kind == "lighthouse":
        if not colour:
            return "a lighthouse"
        forms = ("{} lighthouse", "{} and white lighthouse", "lighthouse with {} stripes")
        return _an(random.choice(forms).format(colour.strip()))
    if thing.kind == "tree":
        return _trees(thing, random, thing.count if count is None else count)
    if thing.kind == "flowers":
        return colour + random.choice(words.FLOWERS)
    phrase = _an(colour + random.choice(_SINGLES[thing.kind]))
    if thing.second and told():
        second = _colour(thing.second, random)
        phrase += f" with {second} roofs" if thing.kind == "castle" else f" with {_an(second)} sail"
    return phrase


def joined(parts: Sequence[str], random: Random) -> str:
    """The phrases in one line, with commas where English wants them."""
    text = ""
    for part in parts:
        if not text:
            text = part
        elif part.split()[0] in words.JOINING:
            text += f" {part}"
        else:
            text += random.choice((", ", ", ", " and ")) + part
    return text


def _phrases(scene: Scene, placed: Sequence[Placed], random: Random, keep: float) -> list[str]:
    parts: list[str] = []
    trees = [spot for spot in placed if scene.things[spot.index].kind == "tree"]
    seen_trees = [spot for spot in trees if spot.visible >= SEEN]
    for spot in placed:
        thing = scene.things[spot.index]
        if thing.kind == "tree" or spot.visible < SEEN or random.random() > keep + 0.15:
            continue
        phrase = thing_phrase(thing, random, detail=max(0.8, keep))
        side = _side(spot, scene.width // 2)
        if side and random.random() < 0.25:
            phrase += f" {random.choice(words.PLACES[side])}"
        parts.append(phrase)
    if seen_trees and random.random() < keep:
        tree = scene.things[seen_trees[0].index]
        parts.append(thing_phrase(tree, random, count=len(seen_trees)))
    return parts


def _surroundings(scene: Scene, random: Random, keep: float) -> list[str]:
    facts: list[tuple[bool, float, Sequence[str]]] = [
        (scene.water.kind != "none", 0.1, words.WATERS.get(scene.water.kind, ())),
        (True, -0.1, words.GROUNDS[scene.ground]),
        (scene.back != "none", 0.0, words.BACKS.get(scene.back, ())),
        (True, 0.1, words.TIMES[scene.time]),
        (_sun_shows(scene), -0.2, words.SUNS.get(scene.time, ())),
        (scene.moon is not None, -0.1, words.CRESCENTS if scene.crescent else words.FULL_MOONS),
        (scene.stars, -0.1, words.STARS),
        (
            scene.clouds > 0,
            -0.2,
            ("clouds", "a cloudy sky" if scene.clouds > 2 else "a few clouds"),
        ),
        (scene.rainbow, 0.2, words.RAINBOWS),
        (scene.birds > 0, 0.0, words.BIRDS),
        (scene.path, 0.1, words.PATHS),
        (scene.bridge, 0.1, words.BRIDGES),
        (scene.snowing, 0.1, words.SNOWFALLS),
    ]
    told = [phrases for true, extra, phrases in facts if true and _kept(random, keep, extra)]
    return [random.choice(phrases) for phrases in told]


def _kept(random: Random, keep: float, extra: float) -> bool:
    return random.random() < (1.0 if keep >= 1.0 else keep + extra)


def _sun_shows(scene: Scene) -> bool:
    """Mountains may hide a low sun, so it is then left unsaid."""
    return scene.sun is not None and (scene.time == "day" or scene.back != "mountains")


def _with_style(scene: Scene, random: Random, text: str) -> str:
    if random.random() > (0.3 if scene.style == "flat" else 0.93):
        return text
    style = random.choice(words.STYLES[scene.style])
    if not text:
        return style
    of = "style" not in style and "lights" not in style and text.split()[0] not in words.JOINING
    if of and random.random() < 0.5:
        return f"{style} of {text}"
    return f"{style}, {text}" if random.random() < 0.3 else f"{text}, {style}"


def _house(thing: Thing, random: Random, colour: str, told: Callable[[], bool]) -> str:
    size = ""
    if thing.size < 0.9:
        size = random.choice(("small ", "little ", ""))
    elif thing.size > 1.5:
        size = random.choice(("big ", "large ", ""))
    house = size + colour + random.choice(words.HOUSES)
    if not told():
        return _an(house)
    roof = _colour(thing.second, random)
    return _an(
        random.choice(
            (
                f"{house} with {_an(roof)} roof",
                f"{house} with {_an(roof)} roof",
                f"{house} with {roof} roof",
                f"{house}, {roof} roof",
            )
        )
    )


def _trees(thing: Thing, random: Random, count: int) -> str:
    phrase = random.choice(words.TREES[thing.variety])
    if count <= 1:
        return _an(phrase)
    plural = phrase.replace("tree", "trees", 1) if "tree" in phrase else phrase + "s"
    return (
        f"{random.choice(words.COUNTS[min(count, 7)])} {plural}"
        if random.random() < 0.8
        else plural
    )


def _side(spot: Placed, width: int) -> str:
    """Which third a thing's middle is in, or nothing where that could be argued."""
    middle = (spot.box[0] + spot.box[2]) / 2 / width
    if spot.box[2] - spot.box[0] > width / 2:
        return ""
    if middle < 0.34:
        return "left"
    if 0.42 < middle < 0.58:
        return "middle"
    return "right" if middle > 0.66 else ""


def _colour(name: str, random: Random) -> str:
    names = words.COLOUR_NAMES.get(name, (name,))
    return random.choice(names) if random.random() < 0.25 else name


def _an(phrase: str) -> str:
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase

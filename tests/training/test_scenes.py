import re
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.training.starter.scenes import palette, words
from studio.training.starter.scenes.captions import caption, empty_caption, full_caption
from studio.training.starter.scenes.masks import (
    SIDE,
    box_mask,
    coverage,
    sample_mask,
    thing_mask,
)
from studio.training.starter.scenes.placing import depth
from studio.training.starter.scenes.render import render
from studio.training.starter.scenes.sampling import sample_scene
from studio.training.starter.scenes.spec import (
    STYLES,
    TIMES,
    UNITS,
    Placed,
    Scene,
    Thing,
    Water,
)

Drawn = tuple[Scene, NDArray[np.uint8], tuple[Placed, ...]]

KINDS = ("house", "castle", "lighthouse", "boat", "balloon", "cat", "snowman", "tulip", "mushroom")


def house(wall: str, roof: str) -> Scene:
    thing = Thing("house", 256, 450, 1.6, colour=wall, second=roof)
    plain = Scene("day", "flat", "snow", Water(), "none", 250, 3)
    return replace(plain, things=(thing,))


def _tree() -> Thing:
    return Thing("tree", 400, 450, 1.0, variety="pine")


def test_the_same_seed_draws_the_same_picture() -> None:
    first, second = (render(sample_scene(Random(9)))[0] for _ in range(2))
    assert np.array_equal(first, second)


def test_different_seeds_draw_different_scenes() -> None:
    assert sample_scene(Random(1)) != sample_scene(Random(2))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("time", TIMES)
def test_every_style_at_every_time_is_a_full_picture(style: str, time: str) -> None:
    picture, _ = render(replace(house("red", "blue"), style=style, time=time))
    assert picture.shape == (256, 256, 3)
    assert picture.std() > 5


@pytest.mark.parametrize("wall", palette.WALLS)
def test_a_house_has_the_colour_of_its_caption(wall: str) -> None:
    roof = "grey" if wall != "grey" else "blue"
    picture, (spot,) = render(house(wall, roof))
    x0, y0, x1, y1 = spot.box
    middle = picture[(y0 + y1) // 2 : y1 - 8, x0 + 12 : x1 - 12].reshape(-1, 3)
    names = list(palette.COLOURS)
    table = np.array([palette.COLOURS[name] for name in names], float)
    nearest = np.square(middle[:, None].astype(float) - table).sum(2).argmin(1)
    assert names[int(np.bincount(nearest, minlength=len(names)).argmax())] == wall


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_changes_the_picture_inside_its_box_only(kind: str) -> None:
    water = Water("lake", 256, 400, 240, 60) if kind == "boat" else Water()
    thing = Thing(kind, 256, 400 if kind != "balloon" else 100, 1.0, colour="red", second="blue")
    bare = Scene("day", "flat", "meadow", water, "none", 250, 3)
    before, _ = render(bare)
    after, (spot,) = render(replace(bare, things=(thing,)))
    changed = np.argwhere((before != after).any(axis=2))
    x0, y0, x1, y1 = spot.box
    assert (changed[:, 0] >= y0 - 2).all()
    assert (changed[:, 0] <= y1 + 24).all()  # a shadow or a mirror image may fall below
    assert (changed[:, 1] >= x0 - 8).all()
    assert (changed[:, 1] <= x1 + 8).all()


def test_nothing_but_boats_stands_in_the_sea(drawn: list[Drawn]) -> None:
    seas = [scene for scene, _, _ in drawn if scene.water.kind == "sea"]
    grounded = [t for s in seas for t in s.things if t.kind in ("house", "castle", "tree", "cat")]
    shores = [s.water.y for s in seas for t in s.things if t in grounded]
    assert grounded
    assert all(thing.y > shore for thing, shore in zip(grounded, shores, strict=False))


def test_some_things_are_close_up_and_some_are_cut_off(drawn: list[Drawn]) -> None:
    spots = [(scene.things[p.index], p, scene) for scene, _, placed in drawn for p in placed]
    sizes = [t.size * depth(s, t.y) for t, _, s in spots if t.kind == "house"]
    assert max(sizes) > 3 * min(sizes)
    assert any(p.visible < 0.8 and p.box[0] == 0 for t, p, _ in spots if t.kind == "house")


def test_a_caption_names_only_what_is_seen(drawn: list[Drawn]) -> None:
    for scene, _, placed in drawn:
        seen = {scene.things[p.index].kind for p in placed if p.visible >= 0.45}
        text = full_caption(scene, placed, Random(1))
        for kind in KINDS:
            if re.search(rf"\b{kind}\b", text):
                assert kind in seen


def test_a_caption_names_no_other_wall_colour(drawn: list[Drawn]) -> None:
    for scene, _, placed in drawn:
        houses = [t for t in scene.things if t.kind == "house"]
        text = caption(scene, placed, Random(2), keep=1.0)
        for name in palette.WALLS:
            if f"{name} house" in text:
                assert houses
                assert name in [house.colour for house in houses]


def test_the_place_of_a_word_is_the_place_of_the_thing() -> None:
    left = replace(house("red", "blue"), things=(Thing("cat", 90, 450, 1.0, colour="grey"),))
    _, placed = render(left)
    texts = [full_caption(left, placed, Random(seed)) for seed in range(60)]
    assert any("left" in text for text in texts)
    assert not any("right" in text or "middle" in text for text in texts)


def test_an_empty_caption_names_no_thing() -> None:
    scene = house("red", "blue")
    texts = {empty_caption(scene, Random(seed), on_ground=True) for seed in range(80)}
    assert texts & set(words.NOTHING)
    assert "just snow" in texts
    assert not any("house" in text for text in texts)


def test_masks_cover_between_little_and_nearly_all(drawn: list[Drawn]) -> None:
    random = Random(4)
    shares = [(sample_mask(random, placed)[0] > 127).mean() for _, _, placed in drawn]
    assert min(shares) > 0
    assert min(shares) < 0.05
    assert max(shares) > 0.7


def test_coverage_of_a_box_by_its_own_mask_is_whole() -> None:
    spot = Placed(0, (40, 50, 120, 160), 1.0)
    mask = box_mask(spot.box, margin=4)
    assert mask.shape == (SIDE, SIDE)
    assert coverage(mask, [spot]) == {0: 1.0}


def test_a_mask_around_a_thing_covers_one_thing_wholly(drawn: list[Drawn]) -> None:
    random = Random(7)
    found = []
    for scene, _, placed in drawn:
        mask = thing_mask(random, scene, placed)
        if mask is not None:
            found.append(max(coverage(mask, placed).values()))
    assert len(found) > 80
    assert np.mean([share > 0.9 for share in found]) > 0.8  # ellipses and outlines leave corners


def test_houses_are_masked_more_often_than_trees() -> None:
    scene = replace(house("red", "blue"), things=(*house("red", "blue").things, _tree()))
    placed = (Placed(0, (20, 60, 80, 120), 1.0), Placed(1, (170, 60, 230, 120), 1.0))
    masks = [thing_mask(Random(seed), scene, placed) for seed in range(60)]
    over_house = [mask is not None and bool(mask[90, 50]) for mask in masks]
    assert 0.7 < np.mean(over_house) < 1.0


def test_without_a_thing_there_is_no_mask_around_one() -> None:
    assert thing_mask(Random(1), house("red", "blue"), ()) is None


def test_a_wide_scene_is_drawn_wide() -> None:
    picture, _ = render(sample_scene(Random(3), width=UNITS * 3 // 2), height=256)
    assert picture.shape == (256, 384, 3)

from random import Random

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from studio.training.starter.accept import Line
from studio.training.starter.attributes import HEADS, UNKNOWN, labels
from studio.training.starter.heads import accuracies, facts_loss
from studio.training.starter.hues import roof_is, wall_is
from studio.training.starter.probe import Probe, judged, share_right
from studio.training.starter.scenes.render import render
from studio.training.starter.scenes.sampling import sample_scene
from studio.training.starter.scenes.spec import Placed, Scene

Drawn = tuple[Scene, NDArray[np.uint8], tuple[Placed, ...]]


def test_the_judge_of_hues_is_right_about_real_houses(drawn: list[Drawn]) -> None:
    right = []
    for scene, picture, placed in drawn:
        for spot in placed:
            thing = scene.things[spot.index]
            plain = scene.time == "day" and scene.style == "flat" and spot.visible > 0.9
            if plain and thing.kind == "house" and spot.box[2] - spot.box[0] > 30:
                right.append(wall_is(picture, spot.box, thing.colour, thing.second))
                right.append(roof_is(picture, spot.box, thing.second, thing.colour))
    assert len(right) > 10
    assert np.mean(right) > 0.9


def test_the_judge_of_hues_sees_a_wrong_wall() -> None:
    picture = np.full((64, 64, 3), (48, 98, 206), np.uint8)
    assert wall_is(picture, (0, 0, 64, 64), "blue", "red")
    assert not wall_is(picture, (0, 0, 64, 64), "yellow", "red")


@pytest.mark.parametrize(
    ("value", "limit", "at_most", "passed"),
    [
        (0.8, 0.75, False, True),
        (0.7, 0.75, False, False),
        (1.7, 1.8, True, True),
        (2, 1.8, True, False),
    ],
)
def test_a_line_passes_on_the_right_side_of_its_limit(
    value: float, limit: float, at_most: bool, passed: bool
) -> None:
    assert Line("measure", value, limit, at_most=at_most).passed is passed


def test_a_line_that_nobody_can_judge_says_so_and_does_not_fail() -> None:
    line = Line("probe: water", 0.1, 0.7, judged=False)
    assert line.passed
    assert "not judged" in str(line)


def test_the_probe_scores_every_class_of_every_fact(drawn: list[Drawn]) -> None:
    scores = judged(Probe().eval(), [picture for _, picture, _ in drawn[:3]])
    assert [score.shape for score in scores] == [(3, len(classes)) for classes in HEADS.values()]


def test_perfect_scores_are_counted_as_perfect() -> None:
    truth = [labels(s, render(s)[1]) for s in (sample_scene(Random(i)) for i in range(6))]
    wanted = torch.tensor(truth).clamp_min(0)
    scores = [
        torch.nn.functional.one_hot(wanted[:, place], len(classes)).float() * 9
        for place, classes in enumerate(HEADS.values())
    ]
    assert share_right(scores, truth, "time") == 1.0
    assert set(accuracies(scores, torch.tensor(truth)).values()) == {1.0}
    assert float(facts_loss(scores, torch.tensor(truth))) < 0.01


def test_unknown_facts_cost_nothing() -> None:
    scores = [torch.randn(2, len(classes)) for classes in HEADS.values()]
    assert float(facts_loss(scores, torch.full((2, len(HEADS)), UNKNOWN))) == 0.0

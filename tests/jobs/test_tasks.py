from dataclasses import replace

import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.core.request import FILLS
from studio.jobs.order import NOTHING, Scene, Settings, request_of, runs
from studio.jobs.tasks import FILL, SIDES, TASKS, framed, grown, prepared, task

MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 256, 10, 3.0, "dpmpp_2m")
BOUNDS = Rect(0, 0, 400, 300)
MASKED = Rect(100, 100, 50, 40)
SETTINGS = Settings.recommended(MODEL, "a house")


def picture_of(rect: Rect) -> Pixels:
    return np.full((rect.height, rect.width, 4), 255, np.uint8)


def mask_of(rect: Rect) -> Pixels:
    mask = np.zeros((rect.height, rect.width), np.uint8)
    at = MASKED.moved(-rect.x, -rect.y).intersected(Rect(0, 0, rect.width, rect.height))
    mask[at.rows, at.columns] = 200
    return mask


SCENE = Scene(picture_of, mask_of, BOUNDS, BOUNDS, MASKED)
UNMASKED = replace(SCENE, mask_of=None, mask_bounds=NOTHING)
needing = [one.key for one in TASKS if one.needs_mask]


def test_the_plain_task_changes_nothing() -> None:
    assert prepared(FILL, SCENE, SETTINGS) == (SCENE, SETTINGS)


@pytest.mark.parametrize("key", [one.key for one in TASKS])
def test_every_task_makes_a_request_in_one_go(key: str) -> None:
    wanted = task(key)
    frame = framed(wanted, BOUNDS, BOUNDS, 8)
    scene, settings = prepared(wanted, replace(SCENE, frame=frame), SETTINGS)
    request = request_of(runs(scene, MODEL)[0], scene, settings)
    assert request.fill in FILLS
    assert request.picture is not None


@pytest.mark.parametrize("key", needing)
def test_a_task_that_needs_a_mask_says_so(key: str) -> None:
    with pytest.raises(UsageError, match="Nothing says") as refused:
        prepared(task(key), UNMASKED, SETTINGS)
    assert refused.value.hint == "Paint a mask, then run it again."


def test_a_task_on_a_picture_says_that_there_is_none() -> None:
    with pytest.raises(UsageError, match="no picture"):
        prepared(task("refine"), replace(SCENE, bounds=NOTHING), SETTINGS)


def test_an_unknown_task_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        task("improve")
    assert "remove" in refused.value.hint


def test_what_is_to_go_is_not_asked_for() -> None:
    assert prepared(task("remove"), SCENE, SETTINGS)[1].prompt == ""


def test_the_background_is_all_that_is_not_masked() -> None:
    scene, _ = prepared(task("background"), SCENE, SETTINGS)
    assert scene.mask_of is not None
    read = scene.mask_of(Rect(-10, 90, 130, 20))
    assert (read[5, 5], read[5, 20], read[15, 115]) == (0, 255, 55)
    assert scene.masked == BOUNDS


def test_expanding_passes_over_the_mask() -> None:
    scene, _ = prepared(task("expand"), SCENE, SETTINGS)
    assert scene.masked.empty


def test_variations_are_several() -> None:
    assert prepared(task("vary"), SCENE, SETTINGS)[1].count == 4
    assert prepared(task("vary"), SCENE, replace(SETTINGS, count=8))[1].count == 8


@pytest.mark.parametrize("strength", [one for each in TASKS for one in each.strengths])
def test_a_gentle_strength_still_takes_some_steps(strength: float) -> None:
    _, settings = prepared(task("refine"), SCENE, SETTINGS, strength)
    assert settings.strength == strength
    assert round(settings.steps * strength) >= 4


@pytest.mark.parametrize("key", [one.key for one in TASKS if one.outward])
def test_a_task_beyond_the_picture_takes_the_frame_there(key: str) -> None:
    frame = framed(task(key), BOUNDS, BOUNDS, 8)
    assert frame.contains(BOUNDS.grown(64))
    assert framed(task(key), BOUNDS, frame, 8) == frame


def test_a_frame_that_was_dragged_out_stays_and_takes_the_picture_in() -> None:
    assert framed(task("expand"), BOUNDS, Rect(300, 0, 200, 200), 8) == Rect(0, 0, 500, 300)


@pytest.mark.parametrize("side", SIDES)
def test_one_side_goes_out_by_itself(side: str) -> None:
    more = grown(BOUNDS, BOUNDS, {side: 0.25}, 8)
    sides = dict(zip(SIDES, (-more.x, -more.y, more.right - 400, more.bottom - 300), strict=True))
    assert {one for one, way in sides.items() if way} == {side}
    assert sides[side] in (104, 80)


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("add", "strength", 0.5),
        ("remove", "steps", 5),
        ("remove", "prompt", "a red house"),
        ("vary", "strength", 0.2),
    ],
)
def test_what_a_batch_varies_is_as_its_label_says(key: str, name: str, value: object) -> None:
    settings = replace(SETTINGS, **{name: value})  # type: ignore[arg-type]
    _, made = prepared(task(key), SCENE, settings, varied=frozenset({name}))
    assert getattr(made, name) == value


def test_without_a_picture_the_strength_cannot_vary() -> None:
    with pytest.raises(UsageError, match="strength"):
        prepared(FILL, replace(UNMASKED, bounds=NOTHING), SETTINGS, varied=frozenset({"strength"}))

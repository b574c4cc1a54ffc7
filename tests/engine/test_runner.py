from pathlib import Path
from typing import Any

import numpy as np
import pytest
from diffusers import AutoencoderKL

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.messages import Event, Stepped
from studio.core.request import MAX_SEED
from studio.engine.family import Stopped
from studio.engine.runner import Runner, covered
from tests.engine import orders, tiny

Folders = dict[str, Checkpoint]
TASKS: dict[str, dict[str, Any]] = {
    "text": {},
    "image": {"picture": orders.photo(), "strength": 0.67},
    "mask": {"picture": orders.photo(), "mask": orders.hole()},
    "weak": {"picture": orders.photo(), "mask": orders.hole(), "strength": 0.67},
    "outpaint": {"picture": orders.half_photo()},
}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("name", tiny.NAMES)
def test_every_kind_of_model_does_every_task(
    runner: Runner, folders: Folders, name: str, task: str
) -> None:
    events = orders.run(runner, orders.request(folders[name], **TASKS[task]))
    kinds = [type(event).__name__ for event in events]
    count = 2 if "strength" in TASKS[task] else 3
    assert kinds == ["Loaded", *["Stepped"] * count, "Candidate", "Finished"]


@pytest.mark.parametrize(
    ("steps", "strength", "total"),
    [(3, 1.0, 3), (10, 0.7, 7), (100, 0.03, 3), (1, 0.6, 1), (20, 0.99, 19), (2, 0.5, 1)],
)
def test_steps_are_counted_to_exactly_what_strength_leaves(
    runner: Runner, folders: Folders, steps: int, strength: float, total: int
) -> None:
    wanted = orders.masked(folders["sd15-9"], steps=steps, strength=strength)
    found = [(one.step, one.total) for one in orders.steps(runner, wanted)]
    assert found == [(step, total) for step in range(1, total + 1)]


@pytest.mark.parametrize("name", tiny.NAMES)
def test_a_take_is_the_masked_rectangle_with_nothing_outside_the_mask(
    runner: Runner, folders: Folders, name: str
) -> None:
    mask = orders.hole()
    mask[12, 20] = 0
    (take,) = orders.takes(runner, orders.masked(folders[name], mask=mask))
    assert take.area == orders.HOLE.moved(orders.BOX.x, orders.BOX.y)
    inside = mask[orders.HOLE.rows, orders.HOLE.columns] > 0
    assert np.array_equal(take.pixels[..., 3], np.where(inside, 255, 0))


def test_text_to_image_fills_the_whole_box(runner: Runner, folders: Folders) -> None:
    box = Rect(-7, 3, 100, 50)
    wanted = orders.request(folders["sd15-4"], box=box, working=Size(96, 48))
    (take,) = orders.takes(runner, wanted)
    assert take.area == box
    assert take.pixels.shape == (50, 100, 4)
    assert take.pixels[..., 3].min() == 255


def test_outpainting_leaves_the_picture_alone(runner: Runner, folders: Folders) -> None:
    wanted = orders.request(folders["sd15-9"], picture=orders.half_photo())
    (take,) = orders.takes(runner, wanted)
    half = orders.EDGE // 2
    assert take.area == Rect(orders.BOX.x + half, orders.BOX.y, half, orders.EDGE)


@pytest.mark.parametrize("sampler", ["euler_a", "dpmpp_2m_sde", "ddpm", "lcm", "unipc"])
def test_the_same_request_gives_the_same_bits(
    runner: Runner, folders: Folders, sampler: str
) -> None:
    wanted = orders.masked(folders["sdxl-9"], sampler=sampler)
    first, second = (orders.takes(runner, wanted)[0].pixels for _ in range(2))
    assert np.array_equal(first, second)


def test_after_the_last_seed_comes_the_first(runner: Runner, folders: Folders) -> None:
    _, second = orders.takes(runner, orders.masked(folders["sd15-9"], seed=MAX_SEED, count=2))
    (alone,) = orders.takes(runner, orders.masked(folders["sd15-9"], seed=0))
    assert second.seed == 0
    assert np.array_equal(second.pixels, alone.pixels)


def test_take_k_is_the_picture_of_seed_plus_k(runner: Runner, folders: Folders) -> None:
    takes = orders.takes(runner, orders.masked(folders["sd15-9"], seed=5, count=3))
    (alone,) = orders.takes(runner, orders.masked(folders["sd15-9"], seed=7))
    assert [take.seed for take in takes] == [5, 6, 7]
    assert np.array_equal(takes[2].pixels, alone.pixels)
    assert not np.array_equal(takes[0].pixels, takes[1].pixels)


def test_the_first_and_the_last_step_have_a_preview(runner: Runner, folders: Folders) -> None:
    found = orders.steps(runner, orders.masked(folders["sd15-9"], steps=12))
    shown = [one.preview for one in found]
    assert shown[0] is not None
    assert shown[-1] is not None
    assert shown[0].shape == (256, 256, 3)


def test_previews_come_at_most_ten_a_second(runner: Runner, folders: Folders) -> None:
    found = orders.steps(runner, orders.masked(folders["sd15-9"], steps=60))
    shown = [one for one in found if one.preview is not None]
    assert len(shown) < len(found)


def test_stopping_ends_the_run_after_the_step_it_came_in(runner: Runner, folders: Folders) -> None:
    events: list[Event] = []
    with pytest.raises(Stopped):
        runner.run(
            orders.masked(folders["sd15-9"], steps=50),
            events.append,
            lambda: any(isinstance(one, Stepped) and one.step == 4 for one in events),
        )
    assert [one.step for one in events if isinstance(one, Stepped)] == [1, 2, 3, 4]


def test_stopping_at_the_last_step_decodes_nothing(
    runner: Runner, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders.run(runner, orders.masked(folders["sd15-9"]))
    monkeypatch.setattr(AutoencoderKL, "decode", None)  # a call would be a TypeError
    asked = iter([False] * 3 + [True] * 9)
    with pytest.raises(Stopped):
        runner.run(orders.masked(folders["sd15-9"]), lambda _: None, lambda: next(asked))


def test_a_bad_request_is_refused_before_anything_is_loaded(
    configs: Path, folders: Folders
) -> None:
    events: list[Event] = []
    with pytest.raises(UsageError):
        Runner(configs).run(orders.request(folders["sd15-4"], steps=0), events.append)
    assert events == []


@pytest.mark.parametrize(
    "prompt", ["", "🙂" * 500, "בית אדום ליד האגם", "a\ud800b", "猫" * 3000, "\x00\n\t"]
)
def test_any_prompt_runs(runner: Runner, folders: Folders, prompt: str) -> None:
    wanted = orders.masked(folders["sdxl-9"], prompt=prompt, negative=prompt, steps=1)
    assert len(orders.takes(runner, wanted)) == 1


@pytest.mark.parametrize("guidance", [0.0, 1.0, 7.5])
def test_guidance_may_be_off(runner: Runner, folders: Folders, guidance: float) -> None:
    wanted = orders.masked(folders["sdxl-4"], guidance=guidance)
    assert len(orders.takes(runner, wanted)) == 1


@pytest.mark.parametrize("size", [Size(3, 5), Size(13, 8), Size(64, 40), Size(100, 7)])
def test_a_single_masked_pixel_survives_any_scale(size: Size) -> None:
    for y in range(40):
        mask = np.zeros((40, 64), np.uint8)
        mask[y, (y * 7) % 64] = 9
        assert covered(mask, size).shape == (size.height, size.width)
        assert covered(mask, size).max() == 9


def test_the_starter_paints(runner: Runner, starter: Checkpoint) -> None:
    events = orders.run(runner, orders.masked(starter, steps=4))
    assert [one.step for one in events if isinstance(one, Stepped)] == [1, 2, 3, 4]

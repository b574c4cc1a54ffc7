"""Density is strength: soft masks on tiny real pipelines and on the starter."""

from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL

from studio.core.checkpoint import Checkpoint
from studio.core.messages import Event, Stepped
from studio.core.pixels import Pixels
from studio.core.samplers import SAMPLERS
from studio.engine import samplers
from studio.engine.density import Densities, soft
from studio.engine.family import Stopped
from studio.engine.runner import Runner
from tests.engine import orders, tiny

NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def dense(level: int) -> Pixels:
    return np.where(orders.hole() > 0, np.uint8(level), np.uint8(0))


class Latents:
    """Notes what is decoded: a tiny random decoder says little about what it was given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._decode, self._seen = AutoencoderKL.decode, [torch.zeros(0)]

        def noting(vae: AutoencoderKL, latents: torch.Tensor, **options: Any) -> Any:
            self._seen.append(latents[0].clone())
            return self._decode(vae, latents, **options)

        monkeypatch.setattr(AutoencoderKL, "decode", noting)

    def of(self, runner: Runner, model: Checkpoint, mask: Pixels) -> torch.Tensor:
        """The finished latents `[4, 8, 8]`; the mask holds the cells 1 to 4 by 2 to 4."""
        orders.run(runner, orders.masked(model, mask=mask, steps=8, fill="keep"))
        return self._seen[-1]


@pytest.fixture
def latents(monkeypatch: pytest.MonkeyPatch) -> Latents:
    return Latents(monkeypatch)


def apart(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).abs().mean())


@pytest.mark.parametrize(
    ("levels", "expected"),
    [([0, 255], False), ([255], False), ([0], False), ([0, 128], True), ([1, 255], True)],
)
def test_a_mask_is_soft_when_it_says_more_than_yes_and_no(
    levels: list[int], expected: bool
) -> None:
    assert soft(np.array([levels], np.uint8)) is expected


@pytest.mark.parametrize("key", [one.key for one in SAMPLERS])
def test_a_cell_waits_until_its_share_of_the_steps_is_left(key: str) -> None:
    scheduler = samplers.make(key, "default", {**NOISE, "steps_offset": 1}, 8)
    shares = torch.tensor([1.0, 0.5, 0.25, 0.01])[None, None, None]
    held = Densities(torch.zeros(1, 4, 1, 4), shares, seed=3)
    untouched = torch.full((1, 4, 1, 4), 9.0)
    counts = [0, 0, 0, 0]
    for index in range(8):
        after = held.held(untouched, scheduler, index, 8)
        counts = [
            count + int(bool((after[..., cell] != 9).all())) for cell, count in enumerate(counts)
        ]
    assert counts == [0, 3, 5, 7]


@pytest.mark.parametrize("name", tiny.NAMES)
def test_half_the_density_keeps_more_of_the_original(
    runner: Runner, folders: dict[str, Checkpoint], latents: Latents, name: str
) -> None:
    kept, half, full = (
        latents.of(runner, folders[name], dense(level))[:, 1:5, 2:5] for level in (1, 128, 255)
    )
    assert 0 < apart(half, kept) < apart(full, kept) / 2


@pytest.mark.parametrize("name", tiny.NAMES)
def test_several_densities_follow_their_own_strength_in_one_run(
    runner: Runner, folders: dict[str, Checkpoint], latents: Latents, name: str
) -> None:
    mask = dense(255)
    mask[:, 32:] = np.where(mask[:, 32:] > 0, np.uint8(30), np.uint8(0))
    kept, mixed, full = (
        latents.of(runner, folders[name], one)[:, 1:5, 2:5] for one in (dense(1), mask, dense(255))
    )
    assert apart(mixed[..., 2], kept[..., 2]) < apart(full[..., 2], kept[..., 2]) / 4
    assert apart(mixed[..., 0], full[..., 0]) < apart(full[..., 0], kept[..., 0]) / 2


def test_the_starter_keeps_more_of_a_picture_where_the_mask_is_thinner(
    runner: Runner, starter: Checkpoint
) -> None:
    wanted = [orders.masked(starter, mask=dense(level), steps=6) for level in (40, 150, 255)]
    takes = [orders.takes(runner, one)[0].pixels[..., :3] for one in wanted]
    before = orders.photo()[orders.HOLE.rows, orders.HOLE.columns, :3].astype(float)
    changes = [float(np.abs(take - before).mean()) for take in takes]
    assert changes == sorted(changes)


def test_a_soft_mask_changes_nothing_outside(
    runner: Runner, folders: dict[str, Checkpoint]
) -> None:
    (take,) = orders.takes(runner, orders.masked(folders["sdxl-9"], mask=dense(60)))
    assert take.area == orders.HOLE.moved(orders.BOX.x, orders.BOX.y)
    assert take.pixels[..., 3].min() == 255


def test_a_soft_run_is_stopped_like_any_other(
    runner: Runner, folders: dict[str, Checkpoint]
) -> None:
    events: list[Event] = []
    with pytest.raises(Stopped):
        runner.run(
            orders.masked(folders["sd15-9"], mask=dense(99), steps=50),
            events.append,
            lambda: any(isinstance(one, Stepped) and one.step == 4 for one in events),
        )
    assert [one.step for one in events if isinstance(one, Stepped)] == [1, 2, 3, 4]

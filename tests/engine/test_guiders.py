"""Ways of guiding on ordinary pipelines: what diffusers gives, bit by bit."""

import functools
from typing import Any

import numpy as np
import pytest
from diffusers import StableDiffusionXLInpaintPipeline

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.guiders import GUIDERS
from studio.core.messages import Loaded
from studio.engine.runner import Runner
from tests.engine import orders, tiny

Folders = dict[str, Checkpoint]
KEYS = [one.key for one in GUIDERS]


def painted(runner: Runner, model: Checkpoint, **values: Any) -> Any:
    return orders.takes(runner, orders.masked(model, guidance=6.0, **values))[0].pixels


def offered(runner: Runner, model: Checkpoint) -> tuple[str, ...]:
    loaded = orders.run(runner, orders.masked(model, steps=1))[0]
    assert isinstance(loaded, Loaded)
    return loaded.guiders


@pytest.mark.parametrize("name", tiny.NAMES)
def test_every_way_paints_another_picture(runner: Runner, folders: Folders, name: str) -> None:
    pictures = [painted(runner, folders[name], guider=key) for key in KEYS]
    for index, one in enumerate(pictures):
        assert not any(np.array_equal(one, other) for other in pictures[:index])


def test_rescaled_is_what_the_pipeline_itself_rescales(
    runner: Runner, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = painted(runner, folders["sdxl-9"], guider="rescaled")
    plain: Any = StableDiffusionXLInpaintPipeline.__call__

    @functools.wraps(plain)
    def rescaling(self: Any, **arguments: Any) -> Any:
        return plain(self, guidance_rescale=0.7, **arguments)

    monkeypatch.setattr(StableDiffusionXLInpaintPipeline, "__call__", rescaling)
    assert np.array_equal(painted(runner, folders["sdxl-9"]), ours)


@pytest.mark.parametrize("key", KEYS)
def test_nothing_of_a_way_is_left_in_the_model(runner: Runner, folders: Folders, key: str) -> None:
    before = painted(runner, folders["sd15-9"])
    painted(runner, folders["sd15-9"], guider=key)
    assert np.array_equal(painted(runner, folders["sd15-9"]), before)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("sdxl-9", tuple(KEYS)), ("sd3-16", tuple(KEYS[:-1])), ("flux-16", ("plain",))],
)
def test_a_model_offers_what_it_can(
    runner: Runner, folders: Folders, name: str, expected: tuple[str, ...]
) -> None:
    assert offered(runner, folders[name]) == expected


def test_what_a_model_cannot_is_refused_in_words(runner: Runner, folders: Folders) -> None:
    with pytest.raises(UsageError, match="cannot be guided in that way"):
        painted(runner, folders["flux-16"], guider="attention")


def test_without_guidance_there_is_nothing_to_mend(runner: Runner, folders: Folders) -> None:
    pictures = [
        orders.takes(runner, orders.masked(folders["sd15-9"], guidance=1.0, guider=key))[0].pixels
        for key in ("plain", "zero_star")
    ]
    assert np.array_equal(pictures[0], pictures[1])

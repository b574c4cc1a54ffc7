from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.messages import Loaded
from studio.engine import reuse
from studio.engine.kinds import denoiser_of
from studio.engine.runner import Runner
from studio.inpaint.measure import psnr
from tests.engine import orders

Folders = dict[str, Checkpoint]


@pytest.mark.parametrize(
    ("name", "able"), [("sd15-9", True), ("sdxl-4", True), ("sd3-16", False), ("flux-16", True)]
)
def test_only_models_that_can_reuse_offer_it(
    runner: Runner, folders: Folders, name: str, able: bool
) -> None:
    (loaded, *_) = orders.run(runner, orders.request(folders[name], steps=1))
    assert isinstance(loaded, Loaded)
    assert ("blocks" in loaded.reuses) == able


@pytest.mark.parametrize("name", ["sd15-9", "sdxl-4"])
def test_the_deep_blocks_are_left_out_in_every_other_round(
    runner: Runner, folders: Folders, name: str
) -> None:
    model, calls = folders[name], list[int]()
    middle = denoiser_of(runner._models.get(model, lambda _: None).pipeline).mid_block.resnets[0]
    hook = middle.register_forward_hook(lambda *_: calls.append(1))
    orders.run(runner, orders.request(model, steps=10, reuse="blocks"))
    hook.remove()
    assert len(calls) == 10 - 4  # of ten rounds the fourth, sixth, eighth and tenth reuse


def test_a_transformer_leaves_out_its_blocks_while_the_first_hardly_changes(
    runner: Runner, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reuse, "_THRESHOLD", 1e9)  # weights drawn at random change a lot
    model, calls = folders["flux-16"], list[int]()
    inner = denoiser_of(runner._models.get(model, lambda _: None).pipeline)
    hook = inner.single_transformer_blocks[0].norm.register_forward_hook(lambda *_: calls.append(1))
    orders.run(runner, orders.request(model, steps=10, reuse="blocks"))
    hook.remove()
    assert len(calls) == 1


@pytest.mark.parametrize("name", ["sd15-9", "sdxl-4", "flux-16"])
def test_a_run_that_reused_leaves_nothing_behind(
    runner: Runner, folders: Folders, name: str
) -> None:
    plain, quick = (
        orders.request(folders[name], steps=10, reuse=one) for one in ("none", "blocks")
    )
    before = orders.takes(runner, plain)[0].pixels
    first, second = (orders.takes(runner, quick)[0].pixels for _ in range(2))
    assert np.array_equal(first, second)
    assert np.array_equal(orders.takes(runner, plain)[0].pixels, before)


@pytest.mark.parametrize("guider", ["plain", "attention", "rescaled"])
def test_reuse_goes_with_every_way_of_guiding(
    runner: Runner, folders: Folders, guider: str
) -> None:
    wanted = orders.masked(folders["sd15-9"], steps=9, reuse="blocks", guider=guider)
    assert len(orders.takes(runner, wanted)) == 1


def test_the_starter_paints_nearly_the_same_with_it(runner: Runner, starter: Checkpoint) -> None:
    usual: dict[str, Any] = {"steps": 16, "sampler": "dpmpp_2m"}
    plain, quick = (
        orders.takes(runner, orders.request(starter, reuse=one, **usual))[0].pixels
        for one in ("none", "blocks")
    )
    assert psnr(plain, quick) > 20


def test_an_unknown_shortcut_is_refused(configs: Path, folders: Folders) -> None:
    with pytest.raises(UsageError, match="no shortcut"):
        orders.run(Runner(configs), orders.request(folders["sd15-4"], reuse="magic"))

from typing import Any

import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.request import Request
from studio.engine import phrases
from studio.engine.runner import Runner
from tests.engine import orders

Folders = dict[str, Checkpoint]


class Reader:
    """Counts how often the text encoder of a model is asked."""

    def __init__(self, runner: Runner, model: Checkpoint) -> None:
        self.count = 0
        family = runner._models.get(model, lambda _: None)
        family.forget()
        self._hook = family.pipeline.text_encoder.register_forward_hook(self._on_call)

    def _on_call(self, *_: Any) -> None:
        self.count += 1

    def close(self) -> None:
        self._hook.remove()


def asked(runner: Runner, model: Checkpoint, wanted: list[Request]) -> int:
    reader = Reader(runner, model)
    for one in wanted:
        orders.run(runner, one)
    reader.close()
    return reader.count


@pytest.mark.parametrize("name", ["sd15-9", "sdxl-4", "sd3-16", "flux-16"])
def test_a_second_run_with_the_same_prompt_does_not_ask_the_text_encoder(
    runner: Runner, folders: Folders, name: str
) -> None:
    model = folders[name]
    once = asked(runner, model, [orders.request(model, steps=1)])
    again = [orders.request(model, steps=1, seed=seed, guidance=g, count=2) for seed, g in CHANGES]
    assert asked(runner, model, [orders.request(model, steps=1), *again]) == once > 0


#: Other seeds, other guidance, and none.
CHANGES = ((1, 5.0), (2, 7.0), (3, 1.0))


def test_prompts_are_kept_beside_each_other(runner: Runner, folders: Folders) -> None:
    model = folders["sd15-4"]
    words = ["a house", "a tree", "a house", "a tree"]
    wanted = [orders.request(model, prompt=one, steps=1) for one in words]
    assert asked(runner, model, wanted) == asked(runner, model, wanted[:2])


def test_the_prompt_used_least_lately_goes_first(
    runner: Runner, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "KEPT", 2)
    model = folders["sd15-4"]
    one, two, three = (orders.request(model, prompt=each, steps=1) for each in "abc")
    each = asked(runner, model, [one])
    assert asked(runner, model, [one, two, one, three, one]) == 3 * each
    assert asked(runner, model, [one, two, three, one]) == 4 * each


def test_another_negative_prompt_is_read(runner: Runner, folders: Folders) -> None:
    model = folders["sd15-4"]
    plain, other = (orders.request(model, negative=one, steps=2) for one in ("", "trees"))
    first, second = (orders.takes(runner, one)[0].pixels for one in (plain, other))
    assert not np.array_equal(first, second)


def test_what_was_kept_gives_the_same_bits(runner: Runner, folders: Folders) -> None:
    model = folders["sdxl-4"]
    guided, free = (orders.request(model, guidance=one) for one in (4.0, 1.0))
    alone = orders.takes(runner, free)[0].pixels
    runner._models.get(model, lambda _: None).forget()
    orders.run(runner, guided)
    assert np.array_equal(orders.takes(runner, free)[0].pixels, alone)

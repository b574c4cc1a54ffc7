from pathlib import Path
from typing import Any

import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.messages import Finished, Loaded
from studio.engine.runner import Runner
from studio.engine.warmth import Warmth
from tests.engine import orders

Folders = dict[str, Checkpoint]


class Model:
    """Something of that many bytes."""

    def __init__(self, count: int) -> None:
        self.bytes = count


def kept(free: int, *sizes: int) -> Warmth:
    models: list[Any] = [Model(size) for size in sizes]
    warmth = Warmth(lambda: (9000, free + sum(sizes) - warmth.held), 0.5)
    for number, model in enumerate(models):
        warmth.keep(str(number), model)
    return warmth


@pytest.mark.parametrize(
    ("free", "wanted", "left"),
    [
        (1000, 100, ("0", "1", "2")),
        (600, 200, ("1", "2")),
        (300, 150, ("2",)),
        (10, 900, ()),
        (1000, 0, ()),
    ],
)
def test_the_least_recently_used_go_until_the_next_one_fits(
    free: int, wanted: int, left: tuple[str, ...]
) -> None:
    warmth = kept(free, 100, 100, 100)
    warmth.make_room(wanted)
    assert warmth.paths == left


def test_finding_a_model_makes_it_the_newest() -> None:
    warmth = kept(400, 100, 100, 100)
    warmth.find("0")
    assert warmth.paths == ("1", "2", "0")


def test_models_stay_warm_beside_each_other(configs: Path, folders: Folders) -> None:
    runner = Runner(configs)
    for name in ("sd15-4", "sdxl-4", "sd15-4"):
        orders.run(runner, orders.request(folders[name], steps=1))
    assert runner._models._warmth.paths == (folders["sdxl-4"].path, folders["sd15-4"].path)
    runner.release()
    assert not runner._models._warmth.held


def test_a_run_tells_what_it_took_of_the_device(runner: Runner, folders: Folders) -> None:
    events = orders.run(runner, orders.request(folders["sd15-4"], steps=1))
    loaded, finished = (
        next(one.memory for one in events if isinstance(one, kind)) for kind in (Loaded, Finished)
    )
    assert loaded is not None
    assert finished is not None
    assert loaded.weights > 100_000
    assert finished.total > finished.free > 0
    assert finished.peak >= finished.resting

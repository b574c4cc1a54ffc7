"""A run that goes on from a noted step ends in the bits of a run that nothing disturbed."""

from typing import Any

import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.errors import EngineError
from studio.core.messages import Candidate, Event, Stepped
from studio.core.point import Point
from studio.core.samplers import SAMPLERS
from studio.engine.runner import Runner
from tests.engine import orders, tiny

Folders = dict[str, Checkpoint]
KEYS = [one.key for one in SAMPLERS]
STEPS = 5
RUNS = [(name, key) for name in tiny.NAMES for key in KEYS]
RUNS += [("sd3-16", "euler"), ("sd3-16", "heun"), ("flux-16", "euler")]


def noted(events: list[Event], step: int, take: int = 0) -> Point:
    """The point that the GUI process has when the worker dies after that step."""
    for one in events:
        if isinstance(one, Stepped) and (one.take, one.step) == (take, step):
            assert one.state is not None
            return Point(take, step, one.total, one.state)
    raise AssertionError(f"no step {step} of take {take}")


def resumed(runner: Runner, wanted: Any, point: Point) -> list[Event]:
    events: list[Event] = []
    runner.run(wanted, events.append, point=point)
    return events


def pictures(events: list[Event]) -> list[Any]:
    return [one.pixels for one in events if isinstance(one, Candidate)]


class Evaluations:
    """Counts the denoiser's work: what is skipped is no evaluation."""

    def __init__(self, runner: Runner, model: Checkpoint) -> None:
        family: Any = runner.warm(model, lambda _: None)
        self._count = 0
        self._hook = family.denoiser.register_forward_pre_hook(self._note)
        self._denoiser = family.denoiser

    def _note(self, *_: Any) -> None:
        self._count += "forward" not in self._denoiser.__dict__

    def taken(self) -> int:
        """Evaluations since the last question."""
        count, self._count = self._count, 0
        return count

    def end(self) -> None:
        self._hook.remove()


@pytest.mark.parametrize(("name", "key"), RUNS)
def test_a_run_killed_at_any_step_ends_in_the_same_bits(
    runner: Runner, folders: Folders, name: str, key: str
) -> None:
    wanted = orders.masked(folders[name], sampler=key, steps=STEPS)
    events = orders.run(runner, wanted)
    counter = Evaluations(runner, folders[name])
    orders.run(runner, wanted)
    whole = counter.taken()
    for step in (1, STEPS - 2, STEPS):
        again = resumed(runner, wanted, noted(events, step))
        assert np.array_equal(pictures(again)[0], pictures(events)[0])
        assert counter.taken() <= whole * (STEPS - step) / STEPS
        left = [one.step for one in again if isinstance(one, Stepped)]
        assert left == list(range(step + 1, STEPS + 1))
    counter.end()


@pytest.mark.parametrize("key", KEYS)
def test_the_starter_goes_on_under_a_soft_mask(
    runner: Runner, starter: Checkpoint, key: str
) -> None:
    mask = np.where(orders.hole() > 0, np.uint8(140), np.uint8(0))
    mask[20:] = np.where(mask[20:] > 0, np.uint8(255), np.uint8(0))
    wanted = orders.masked(starter, mask=mask, sampler=key, steps=STEPS)
    events = orders.run(runner, wanted)
    for step in (1, STEPS - 1):
        again = resumed(runner, wanted, noted(events, step))
        assert np.array_equal(pictures(again)[0], pictures(events)[0])


def test_takes_that_are_finished_are_not_made_again(runner: Runner, folders: Folders) -> None:
    wanted = orders.masked(folders["sdxl-9"], sampler="euler_a", count=3)
    events = orders.run(runner, wanted)
    again = resumed(runner, wanted, noted(events, 2, take=1))
    assert [one.take for one in again if isinstance(one, Candidate)] == [1, 2]
    for mine, before in zip(pictures(again), pictures(events)[1:], strict=True):
        assert np.array_equal(mine, before)


def test_a_run_goes_on_twice(runner: Runner, folders: Folders) -> None:
    wanted = orders.masked(folders["sd15-9"], sampler="dpmpp_2m_sde", steps=6)
    events = orders.run(runner, wanted)
    second = resumed(runner, wanted, noted(events, 2))
    third = resumed(runner, wanted, noted(second, 4))
    assert np.array_equal(pictures(third)[0], pictures(events)[0])


def test_who_had_enough_gets_the_picture_as_it_is_foreseen(
    runner: Runner, folders: Folders
) -> None:
    events: list[Event] = []
    wanted = orders.masked(folders["sd15-9"], steps=8, count=2)
    runner.run(wanted, events.append, enough=lambda: len(events) > 3)
    (take,) = (one for one in events if isinstance(one, Candidate))
    assert take.partial
    assert [one.step for one in events if isinstance(one, Stepped)] == [1, 2, 3]


def test_a_whole_picture_is_not_called_partial(runner: Runner, folders: Folders) -> None:
    (take,) = orders.takes(runner, orders.masked(folders["sd15-9"]))
    assert not take.partial


@pytest.mark.parametrize("damage", ["cut", "other sampler", "nonsense"])
def test_a_point_that_does_not_fit_is_refused_in_words(
    runner: Runner, folders: Folders, damage: str
) -> None:
    wanted = orders.masked(folders["sd15-9"])
    point = noted(orders.run(runner, wanted), 2)
    state = {"cut": point.state[:-99], "nonsense": np.full(99, 255, np.uint8)}
    other = orders.masked(folders["sd15-9"], sampler="euler" if damage[0] == "o" else "dpmpp_2m")
    with pytest.raises(EngineError, match="anew"):
        resumed(runner, other, Point(0, 2, 3, state.get(damage, point.state)))


@pytest.mark.parametrize(
    "guider", ["rescaled", "zero_star", "projected", "tangential", "attention"]
)
def test_a_guided_run_goes_on_in_the_same_bits(
    runner: Runner, folders: Folders, guider: str
) -> None:
    wanted = orders.masked(folders["sdxl-9"], guider=guider, sampler="euler_a", steps=STEPS)
    events = orders.run(runner, wanted)
    again = resumed(runner, wanted, noted(events, 2))
    assert np.array_equal(pictures(again)[0], pictures(events)[0])


@pytest.mark.parametrize("name", tiny.FLOW_NAMES)
def test_a_flow_goes_on_under_a_soft_mask(runner: Runner, folders: Folders, name: str) -> None:
    mask = np.where(orders.hole() > 0, np.uint8(140), np.uint8(0))
    wanted = orders.masked(folders[name], mask=mask, steps=STEPS)
    events = orders.run(runner, wanted)
    for step in (1, STEPS - 1):
        again = resumed(runner, wanted, noted(events, step))
        assert np.array_equal(pictures(again)[0], pictures(events)[0])

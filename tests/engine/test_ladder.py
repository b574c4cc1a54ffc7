from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.core.checkpoint import Checkpoint
from studio.core.errors import MemoryShortage
from studio.core.geometry import Rect, Size
from studio.core.memory import denoising, working
from studio.core.messages import Candidate, Eased, Event, Stepped
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.engine.devices import Device
from studio.engine.kinds import denoiser_of
from studio.engine.ladder import LADDER, Ladder
from studio.engine.models import Models
from studio.engine.runner import Runner
from studio.engine.slices import slice_up
from studio.inpaint.measure import psnr
from tests.engine import orders, tiny

Folders = dict[str, Checkpoint]
CPU = Device(torch.device("cpu"), "CPU", torch.float32)
GPU = Device(torch.device("cuda"), "GPU", torch.float16)
KEYS = tuple(one.key for one in LADDER)
#: What can be done about a shortage on a CPU.
ON_CPU = ("caches", "tiles", "slices")
FAMILIES = ("sd15-9", "sdxl-4", "sd3-16", "flux-16")


class Scarcity:
    """Raises what torch raises, at chosen calls of a denoiser's first layer, counted from 1."""

    def __init__(self) -> None:
        self.at: set[int] = set()
        self.calls = 0

    def __call__(self, *_: object) -> None:
        self.calls += 1
        if self.calls in self.at:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


@pytest.fixture
def fresh(configs: Path) -> Runner:
    """A runner that no other test has brought up the ladder."""
    return Runner(configs)


@pytest.fixture
def scarce(fresh: Runner, monkeypatch: pytest.MonkeyPatch) -> Scarcity:
    """Counts the calls of every denoiser that is loaded from here on."""
    scarcity = Scarcity()
    get = Models.get

    def hooked(models: Models, model: Checkpoint, told: Callable[[Any], None]) -> Any:
        family = get(models, model, told)
        inner = denoiser_of(family.pipeline)
        if not hasattr(inner, "counted"):
            inner.counted = True
            next(inner.children()).register_forward_pre_hook(scarcity)
        return family

    monkeypatch.setattr(Models, "get", hooked)
    return scarcity


def eased(events: list[Event]) -> tuple[str, ...]:
    return tuple(one.rung for one in events if isinstance(one, Eased))


def picture(events: list[Event]) -> Pixels:
    (take,) = (one for one in events if isinstance(one, Candidate))
    return take.pixels


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("name", FAMILIES)
def test_each_shortage_takes_one_rung_more_and_the_picture_stays(
    fresh: Runner, scarce: Scarcity, folders: Folders, name: str, count: int
) -> None:
    wanted = orders.masked(folders[name])
    plain = picture(orders.run(fresh, wanted))
    scarce.calls, scarce.at = 0, set(range(1, count + 1))
    events = orders.run(fresh, wanted)
    assert eased(events) == ON_CPU[:count]
    assert psnr(picture(events), plain) > 40  # what bfloat16 rounds otherwise in another batch


def test_a_shortage_goes_on_from_the_last_step(
    fresh: Runner, scarce: Scarcity, folders: Folders
) -> None:
    scarce.at = {3}
    events = orders.run(fresh, orders.masked(folders["sd15-9"], steps=5))
    assert scarce.calls == 6  # five, and the one that failed
    assert [one.step for one in events if isinstance(one, Stepped)] == [1, 2, 3, 4, 5]


def test_when_nothing_helps_a_smaller_size_is_left_to_the_artist(
    fresh: Runner, scarce: Scarcity, folders: Folders
) -> None:
    scarce.at = set(range(1, 20))
    with pytest.raises(MemoryShortage, match="smaller size"):
        orders.run(fresh, orders.masked(folders["sd15-9"]))


def test_what_helped_is_remembered_for_the_model(
    fresh: Runner, scarce: Scarcity, folders: Folders
) -> None:
    scarce.at = {1, 2}
    orders.run(fresh, orders.masked(folders["sd15-9"]))
    fresh.release()
    scarce.calls, scarce.at = 0, {1, 2}
    again = eased(orders.run(fresh, orders.masked(folders["sd15-9"])))
    other = eased(orders.run(fresh, orders.masked(folders["sdxl-4"])))
    assert again == ("caches", "slices")
    assert other == ()


def test_a_shortage_while_loading_puts_other_models_away(
    fresh: Runner, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders.run(fresh, orders.request(folders["sd15-4"]))
    to, left = torch.nn.Module.to, [1]

    def scarce_to(module: torch.nn.Module, *args: Any, **kwargs: Any) -> Any:
        if left and left.pop():
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return to(module, *args, **kwargs)

    monkeypatch.setattr(torch.nn.Module, "to", scarce_to)
    events = orders.run(fresh, orders.request(folders["sd15-9"]))
    assert eased(events) == ("caches",)


def test_slices_are_equal_where_nothing_is_rounded(tmp_path: Path) -> None:
    inner = tiny.pipeline(tmp_path, "sd15", 4).unet
    latents, words = torch.randn(2, 4, 48, 48), torch.randn(2, 7, 32)
    with torch.inference_mode():
        plain = inner(latents, 500, words, return_dict=False)[0]
        slice_up(inner)
        sliced = inner(latents, 500, encoder_hidden_states=words, return_dict=False)[0]
    assert torch.allclose(sliced, plain, atol=1e-5)


def test_tiles_change_the_picture_little(fresh: Runner, starter: Checkpoint) -> None:
    size = Size(512, 512)
    wanted = Request(starter, "a red house", Rect.of(size), size, steps=2, sampler="ddim", seed=2)
    plain = picture(orders.run(fresh, wanted))
    family = fresh._models.get(starter, lambda _: None)
    next(one for one in LADDER if one.key == "tiles").apply(family.pipeline, CPU)
    assert 30 < psnr(picture(orders.run(fresh, wanted)), plain) < 90


@pytest.mark.parametrize("name", FAMILIES)
def test_group_offloading_gives_the_same_picture(
    fresh: Runner, folders: Folders, name: str
) -> None:
    wanted = orders.masked(folders[name])
    plain = picture(orders.run(fresh, wanted))
    family = fresh._models.get(folders[name], lambda _: None)
    next(one for one in LADDER if one.key == "groups").apply(family.pipeline, CPU)
    assert np.array_equal(picture(orders.run(fresh, wanted)), plain)


@pytest.mark.parametrize(("device", "keys"), [(CPU, (*ON_CPU, "smaller")), (GPU, KEYS)])
def test_a_cpu_is_spared_what_only_helps_a_graphics_card(
    device: Device, keys: tuple[str, ...], tmp_path: Path
) -> None:
    pipeline = tiny.pipeline(tmp_path, "sd15", 4)
    assert tuple(one.key for one in LADDER if one.applies(pipeline, device)) == keys


def test_a_model_that_does_not_fit_is_loaded_beside_the_card() -> None:
    ladder, tried = Ladder(GPU), set[str]()
    taken = [ladder.climb("/m", None, tried).key for _ in range(3)]
    assert taken == ["caches", "models", "groups"]
    with pytest.raises(MemoryShortage):
        ladder.climb("/m", None, tried)


@pytest.mark.parametrize(
    ("total", "free", "expected"),
    [(1 << 40, 1 << 40, ()), (1 << 40, 1 << 20, ("tiles",))],
)
def test_a_cpu_makes_room_before_the_system_runs_short(
    fresh: Runner, folders: Folders, total: int, free: int, expected: tuple[str, ...]
) -> None:
    fresh._models.gauge.room = lambda: (total, free)  # type: ignore[method-assign]
    assert eased(orders.run(fresh, orders.masked(folders["sd15-9"]))) == expected


def test_a_size_that_the_whole_device_cannot_hold_is_refused_at_once(
    fresh: Runner, scarce: Scarcity, folders: Folders
) -> None:
    size = Size(16384, 16384)
    assert denoising(8, size.area) < working(8, size.area)
    fresh._models.gauge.room = lambda: (1 << 30, 1 << 30)  # type: ignore[method-assign]
    with pytest.raises(MemoryShortage):
        orders.run(fresh, orders.request(folders["sd15-9"], box=Rect.of(size), working=size))
    assert scarce.calls == 0

from typing import Any

import pytest
import torch

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.samplers import BETAS, SAMPLERS
from studio.engine import samplers
from studio.engine.runner import Runner
from tests.engine import orders

KEYS = [one.key for one in SAMPLERS]
EPSILON: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
    "steps_offset": 1,
    "timestep_spacing": "leading",
    "skip_prk_steps": True,
}
ZERO_SNR: dict[str, Any] = {
    **EPSILON,
    "prediction_type": "v_prediction",
    "rescale_betas_zero_snr": True,
    "timestep_spacing": "trailing",
}


@pytest.mark.parametrize("key", KEYS)
def test_every_sampler_paints_with_the_starter(
    runner: Runner, starter: Checkpoint, key: str
) -> None:
    wanted = orders.masked(starter, sampler=key, steps=3)
    found = [(one.step, one.total) for one in orders.steps(runner, wanted)]
    assert found == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("steps", [1, 7, 60, 1000])
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("config", [EPSILON, ZERO_SNR], ids=["epsilon", "zero-snr"])
def test_any_number_of_steps_begins_with_numbers(
    config: dict[str, Any], key: str, steps: int
) -> None:
    scheduler = samplers.make(key, "default", config, steps)
    assert len(scheduler.timesteps) >= steps
    noise = torch.randn(1, 4, 4, 4, generator=torch.Generator().manual_seed(0))
    first = scheduler.timesteps[0]
    scheduler.scale_model_input(noise, first)
    assert bool(torch.isfinite(scheduler.step(noise, first, noise).prev_sample).all())


@pytest.mark.parametrize("config", [EPSILON, ZERO_SNR], ids=["epsilon", "zero-snr"])
def test_all_samplers_are_offered_to_stable_diffusion(config: dict[str, Any]) -> None:
    assert samplers.supported(config) == tuple(KEYS)


@pytest.mark.parametrize(
    ("key", "noisiest"), [("euler", 4096), ("dpmpp_2m", 4096), ("unipc", 4096), ("heun", 20)]
)
def test_the_first_step_begins_at_nearly_pure_noise(key: str, noisiest: float) -> None:
    scheduler = samplers.make(key, "default", ZERO_SNR, 4)
    kept = float(scheduler.alphas_cumprod[-1])
    assert ((1 - kept) / kept) ** 0.5 == pytest.approx(noisiest, rel=0.01)


def test_trailing_steps_begin_at_the_last_training_step() -> None:
    assert float(samplers.make("dpmpp_2m", "default", ZERO_SNR, 10).timesteps[0]) == 999


FLOW: dict[str, Any] = {"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0}


@pytest.mark.parametrize(
    ("config", "expected"),
    [(FLOW, ("euler", "heun")), ({**FLOW, "use_dynamic_shifting": True}, ("euler",))],
    ids=["fixed", "shifting"],
)
def test_a_flow_is_offered_the_samplers_of_flows(
    config: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert samplers.supported(config) == expected


def test_only_the_schedules_that_a_sampler_has_are_offered() -> None:
    found = samplers.offered(EPSILON)
    assert found["dpmpp_sde"] == ("default", "karras", "exponential")
    assert [key for key, schedules in found.items() if schedules == ("default",)] == [
        "euler_a",
        "ddim",
        "ddpm",
        "lcm",
        "tcd",
    ]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("betas", BETAS)
def test_the_noise_can_be_chosen_by_name(
    runner: Runner, starter: Checkpoint, key: str, betas: str
) -> None:
    scheduler = samplers.make(key, "default", EPSILON, 4, betas)
    wanted = "scaled_linear" if betas == "default" else betas
    assert scheduler.config.beta_schedule == wanted
    assert len(orders.takes(runner, orders.masked(starter, sampler=key, betas=betas))) == 1


def test_a_flow_refuses_another_noise_in_words() -> None:
    with pytest.raises(UsageError, match="own way of adding noise"):
        samplers.make("euler", "default", FLOW, 4, "linear")


@pytest.mark.parametrize("key", ["ddim", "dpmpp_2m"])
def test_a_sampler_that_a_flow_lacks_is_refused_by_name(key: str) -> None:
    with pytest.raises(UsageError, match="does not run with this model"):
        samplers.make(key, "default", FLOW, 4)


@pytest.mark.parametrize("schedule", ["karras", "exponential"])
def test_schedules_space_the_noise_levels_differently(schedule: str) -> None:
    plain = samplers.make("dpmpp_2m", "default", EPSILON, 10).sigmas
    assert not torch.allclose(samplers.make("dpmpp_2m", schedule, EPSILON, 10).sigmas, plain)


def test_a_schedule_that_a_sampler_lacks_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="DDIM has no karras schedule"):
        samplers.make("ddim", "karras", EPSILON, 10)


def test_an_earlier_schedule_of_the_model_does_not_stick() -> None:
    config = {**EPSILON, "use_karras_sigmas": True}
    assert not samplers.make("euler", "default", config, 10).config.use_karras_sigmas

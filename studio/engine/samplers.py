"""Samplers by name: schedulers made from a model's own noise schedule."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Mapping
from typing import Any

import diffusers
import torch

from studio.core.errors import UsageError
from studio.core.samplers import BETAS, SAMPLERS, SCHEDULES, sampler

#: Class and settings of each key of `core.samplers.SAMPLERS`.
_KINDS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "dpmpp_2m": (diffusers.DPMSolverMultistepScheduler, {"algorithm_type": "dpmsolver++"}),
    "dpmpp_2m_sde": (diffusers.DPMSolverMultistepScheduler, {"algorithm_type": "sde-dpmsolver++"}),
    "dpmpp_sde": (
        diffusers.DPMSolverSinglestepScheduler,
        {"algorithm_type": "sde-dpmsolver++", "lower_order_final": True},
    ),
    "euler": (diffusers.EulerDiscreteScheduler, {}),
    "euler_a": (diffusers.EulerAncestralDiscreteScheduler, {}),
    "heun": (diffusers.HeunDiscreteScheduler, {}),
    "unipc": (diffusers.UniPCMultistepScheduler, {}),
    "ddim": (diffusers.DDIMScheduler, {}),
    "ddpm": (diffusers.DDPMScheduler, {}),
    "lcm": (diffusers.LCMScheduler, {}),
    "tcd": (diffusers.TCDScheduler, {}),
}
#: The same for models that were trained to follow a flow from noise to picture.
_FLOWS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "euler": (diffusers.FlowMatchEulerDiscreteScheduler, {}),
    "heun": (diffusers.FlowMatchHeunDiscreteScheduler, {}),
}
_FLAGS = {"karras": "use_karras_sigmas", "exponential": "use_exponential_sigmas"}
#: Share of fresh noise in each step, for the samplers that take one.
#: Source: J. Zheng et al., Trajectory consistency distillation (2024), section 5.
ETAS = {"tcd": 0.3}
#: Greatest ratio of noise to picture for solvers that cannot begin at pure noise. Second-order
#: ones take the slope over the whole first step, and one that begins at infinity means nothing.
_NOISIEST = 20.0


def make(
    key: str, schedule: str, config: Mapping[str, Any], steps: int, betas: str = "default"
) -> Any:
    """A fresh scheduler for one run.

    Args:
        key: A key of `core.samplers.SAMPLERS`.
        schedule: A member of `core.samplers.SCHEDULES`.
        config: The model's own scheduler configuration.
        steps: Denoising steps of a full run.
        betas: A member of `core.samplers.BETAS`.

    Raises:
        UsageError: This sampler does not run with this model or schedule.
    """
    kind, settings = _kind(key, config, betas)
    names_clean = key == "euler_a" and config.get("prediction_type") == "sample"
    if names_clean:
        settings = {"prediction_type": "epsilon"}
    accepted = inspect.signature(kind.__init__).parameters
    settings = {**settings, **_spacing(key, schedule, accepted)}
    if betas != "default":
        settings.update(beta_schedule=betas, trained_betas=None)
    elif config.get("rescale_betas_zero_snr") and "rescale_betas_zero_snr" not in accepted:
        settings["trained_betas"] = _zero_snr_betas(kind.from_config(config).betas)
    if steps >= config.get("num_train_timesteps", 1000):
        settings["steps_offset"] = 0  # the offset would point beyond the last training step
    if "original_inference_steps" in accepted:
        settings["original_inference_steps"] = max(50, steps)
    try:
        scheduler = kind.from_config(config, **settings)
        scheduler.set_timesteps(steps, **_shift(config))
        if names_clean:
            _told_noise(scheduler)
    except (ValueError, NotImplementedError, IndexError) as error:
        raise UsageError(
            f"{_title(key)} cannot run {steps} steps with this model.",
            "Choose another sampler or another number of steps.",
        ) from error
    return scheduler


def offered(config: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The samplers that run with a model, each with the schedules that it can have.

    Args:
        config: The model's own scheduler configuration.
    """
    found = {
        one.key: tuple(each for each in SCHEDULES if _runs(one.key, each, config))
        for one in SAMPLERS
    }
    return {key: schedules for key, schedules in found.items() if "default" in schedules}


def supported(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of the samplers that run with a model of this scheduler configuration."""
    return tuple(offered(config))


def noises(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Members of `BETAS` that a model can be run with; flows know only their own way."""
    return ("default",) if _flows(config) else BETAS


def _kind(key: str, config: Mapping[str, Any], betas: str) -> tuple[type[Any], dict[str, Any]]:
    flows = _flows(config)
    kinds = _FLOWS if flows else _KINDS
    # The pipelines of shifting models tell the levels; this solver of second order cannot be told.
    untold = key == "heun" and config.get("use_dynamic_shifting")
    if key not in kinds or (flows and untold):
        raise UsageError(f"{_title(key)} does not run with this model.", "Choose another sampler.")
    if flows and betas != "default":
        raise UsageError(
            "This model knows only its own way of adding noise.", "Choose the model's own noise."
        )
    return kinds[key]


def _spacing(key: str, schedule: str, accepted: Mapping[str, Any]) -> dict[str, bool]:
    chosen = {flag: schedule == name for name, flag in _FLAGS.items() if flag in accepted}
    if schedule != "default" and not chosen.get(_FLAGS[schedule]):
        raise UsageError(
            f"{_title(key)} has no {schedule} schedule.",
            "Choose the default schedule or another sampler.",
        )
    return chosen


def _flows(config: Mapping[str, Any]) -> bool:
    return str(config.get("_class_name", "")).startswith("FlowMatch")


def _shift(config: Mapping[str, Any]) -> dict[str, float]:
    """What a model whose levels move with the size of the picture must be told to be tried."""
    return {"mu": 1.0} if _flows(config) and config.get("use_dynamic_shifting") else {}


def _told_noise(scheduler: Any) -> None:
    """Have `scheduler`, set for epsilon, run a model that names the clean picture.

    diffusers 0.42 leaves that out of Euler a. The noise is what lies between the two pictures.
    """
    plain = scheduler.step

    @functools.wraps(plain)  # the pipeline reads the signature to know what step takes
    def step(clean: torch.Tensor, timestep: Any, sample: torch.Tensor, **others: Any) -> Any:
        if scheduler.step_index is None:
            scheduler._init_step_index(timestep)
        noise = (sample.float() - clean.float()) / scheduler.sigmas[scheduler.step_index]
        return plain(noise.to(clean.dtype), timestep, sample, **others)

    scheduler.step = step


def _runs(key: str, schedule: str, config: Mapping[str, Any]) -> bool:
    try:
        scheduler = make(key, schedule, config, 4)
    except UsageError as error:
        logging.getLogger(__name__).info("no %s %s: %s", key, schedule, error.__cause__)
        return False
    times = torch.as_tensor(scheduler.timesteps, dtype=torch.float32)
    return len(times) > 0 and bool(torch.isfinite(times).all())


def _title(key: str) -> str:
    known = sampler(key)
    return known.title if known else key


def _zero_snr_betas(betas: torch.Tensor) -> list[float]:
    """Betas whose last steps are nearly all noise, for schedulers without a way of their own.

    Source: S. Lin et al., Common diffusion noise schedules and sample steps are flawed (2023),
        algorithm 1; the end is cut at `_NOISIEST`, falling a little so that no two are equal.
    """
    roots = torch.cumprod(1.0 - betas.double(), 0).sqrt()
    first, last = roots[0].clone(), roots[-1].clone()
    products = ((roots - last) * first / (first - last)) ** 2
    rest = torch.arange(len(betas) - 1, -1, -1, dtype=torch.float64)
    products = torch.maximum(products, (1 + 1e-4 * rest) / (1 + _NOISIEST**2))
    alphas = torch.cat([products[:1], products[1:] / products[:-1]])
    return [float(one) for one in 1.0 - alphas]

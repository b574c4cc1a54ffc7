"""Borders of the denoiser: float32 outside, its own precision inside."""

from __future__ import annotations

from typing import Any

import torch

_NARROWED = ("hidden_states", "encoder_hidden_states", "pooled_projections", "timestep_cond")


def widen(denoiser: torch.nn.Module) -> None:
    """Let a denoiser of any precision take and give float32.

    So the latents, the noise and the scheduler's sums stay float32: the same seed starts from the
    same noise in every precision, and nothing is rounded from step to step. Timesteps are left
    alone, as bfloat16 cannot tell 999 from 1000.

    Args:
        denoiser: A module whose first argument, or `hidden_states`, are the latents, and whose
            first output is as them.
    """
    precision = next(denoiser.parameters()).dtype
    if precision == torch.float32:
        return

    def before(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        for name in _NARROWED:
            if kwargs.get(name) is not None:
                kwargs[name] = kwargs[name].to(precision)
        if not args:
            return args, kwargs
        return (args[0].to(precision, memory_format=torch.channels_last), *args[1:]), kwargs

    def after(_: Any, __: Any, output: Any) -> Any:
        return (output[0].float(), *output[1:])

    denoiser.register_forward_pre_hook(before, with_kwargs=True)
    denoiser.register_forward_hook(after)

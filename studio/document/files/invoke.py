"""InvokeAI's texts: `invokeai_metadata` since version 3, `sd-metadata` before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SAMPLERS = {
    "dpmpp_2m_k": ("dpmpp_2m", "karras"),
    "dpmpp_2m_sde_k": ("dpmpp_2m_sde", "karras"),
    "dpmpp_sde_k": ("dpmpp_sde", "karras"),
    "euler_k": ("euler", "karras"),
    "heun_k": ("heun", "karras"),
    "k_euler": ("euler", ""),
    "k_euler_a": ("euler_a", ""),
    "k_heun": ("heun", ""),
    "k_dpmpp_2": ("dpmpp_2m", ""),
}


def read(values: Mapping[str, Any]) -> dict[str, Any]:
    """What `invokeai_metadata` tells, by the names of metadata.Recipe."""
    sampler, schedule = _sampling(values.get("scheduler"))
    return _told(values, sampler, schedule) | {
        "prompt": values.get("positive_prompt"),
        "negative": values.get("negative_prompt"),
        "model": _model(values.get("model")),
    }


def read_old(values: Mapping[str, Any]) -> dict[str, Any]:
    """What `sd-metadata` tells, by the names of metadata.Recipe."""
    image = values.get("image")
    if not isinstance(image, Mapping):
        return {}
    sampler, schedule = _sampling(image.get("sampler"))
    prompt = image.get("prompt")
    if isinstance(prompt, list):
        parts = [each.get("prompt") for each in prompt if isinstance(each, Mapping)]
        prompt = " ".join(each for each in parts if isinstance(each, str))
    return _told(image, sampler, schedule) | {
        "prompt": prompt,
        "model": values.get("model_weights"),
    }


def _told(values: Mapping[str, Any], sampler: str, schedule: str) -> dict[str, Any]:
    return {
        "steps": values.get("steps"),
        "seed": values.get("seed"),
        "guidance": values.get("cfg_scale"),
        "strength": values.get("strength"),
        "width": values.get("width"),
        "height": values.get("height"),
        "sampler": sampler,
        "schedule": schedule,
    }


def _sampling(name: object) -> tuple[str, str]:
    if not isinstance(name, str):
        return "", ""
    return _SAMPLERS.get(name, (name, ""))


def _model(model: object) -> object:
    if isinstance(model, Mapping):
        return next((model[key] for key in ("name", "model_name", "key") if key in model), None)
    return model

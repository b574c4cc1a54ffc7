"""Remains: what is still to be made of an order, as JSON values that outlive the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from studio.core.checkpoint import Checkpoint
from studio.core.request import Request
from studio.jobs.order import Settings

#: An order is read back only as far as this; no batch is larger.
_MOST = 1024
_TYPES = {
    one.name: type(getattr(Settings(None, ""), one.name))  # type: ignore[arg-type]
    for one in fields(Settings)
    if one.name != "model"
}


def told(cells: Sequence[Settings]) -> list[dict[str, Any]]:
    """The settings of all pictures that are not made yet; the model is the request's."""
    return [{name: asdict(cell)[name] for name in _TYPES} for cell in cells]


def cells_of(told: object, request: Request) -> tuple[Settings, ...]:
    """The settings again.

    Args:
        told: What `told` gave, as it was read from a file.
        request: Of the run that was next.

    Raises:
        ValueError: It is something else.
    """
    if not isinstance(told, list) or not 0 < len(told) <= _MOST:
        raise ValueError("no settings of an order")
    return tuple(_settings(one, request.model) for one in told)


def _settings(told: object, model: Checkpoint) -> Settings:
    if not isinstance(told, Mapping):
        raise ValueError("no settings")
    values: dict[str, Any] = {
        name: value
        for name, value in told.items()
        if name in _TYPES and type(value) is _TYPES[name]
    }
    return Settings(**({"prompt": ""} | values | {"model": model}))

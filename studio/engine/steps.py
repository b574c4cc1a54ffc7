"""The step journal: what a run is after each step, and the run that goes on from there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import TracebackType
from typing import Any

import torch

from studio.core.errors import EngineError
from studio.core.pixels import Pixels
from studio.core.point import Point
from studio.engine.state import pack, unpack

_FORMAT = 1


class Journal:
    """Notes one take step by step; takes a pipeline's own loop to where an earlier run was.

    Until the noted step the denoiser is skipped and the scheduler's step does nothing; then
    latents, scheduler and generator become what they were, and the loop goes on as if nothing had
    happened: the same bits come out, and no step is evaluated twice.
    """

    def __init__(
        self,
        denoiser: torch.nn.Module,
        scheduler: Any,
        generator: torch.Generator,
        place: torch.device,
        point: Point | None,
    ) -> None:
        """Watch a scheduler that takes no step outside of this run.

        Args:
            denoiser: The pipeline's; skipped for what is noted already.
            scheduler: Made for this run.
            generator: Of all noise that is drawn in the loop.
            place: Where the latents are.
            point: Where to go on; None: at the beginning.

        Raises:
            EngineError: The point is not of such a run.
        """
        self._denoiser, self._scheduler, self._generator = denoiser, scheduler, generator
        self._noted = None if point is None else _read(point, scheduler, place)
        self._skips = -1 if self._noted is None else int(self._noted["index"])
        self._fresh: dict[str, Any] | None = None
        self._own: tuple[Any, Any] | None = None
        scheduler.step = self._watched(scheduler.step)

    def __enter__(self) -> Journal:
        if self._skips >= 0:
            inner: Any = self._denoiser
            # A compiled module does not look at its forward.
            compiled = getattr(inner, "_compiled_call_impl", None)
            self._own = inner.__dict__.get("forward"), compiled
            inner.forward, inner._compiled_call_impl = _nothing, None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._awake()

    def passing(self, index: int) -> bool:
        """Whether that round of the loop, from 0, is before the noted one: nothing happens."""
        return index < self._skips

    def restored(self, index: int) -> torch.Tensor | None:
        """At the noted round, the latents that the loop goes on with; all else is put back too."""
        if index != self._skips or self._noted is None:
            return None
        noted, self._noted, self._skips = self._noted, None, -1
        self._awake()
        self._scheduler.__dict__.update(noted["scheduler"])
        self._generator.set_state(noted["generator"])
        latents: torch.Tensor = noted["latents"]
        return latents

    def state(self, index: int, latents: torch.Tensor) -> Pixels:
        """All that the rest of the run depends on, uint8 `[n]`.

        Args:
            index: The round of the loop that is done, from 0.
            latents: What the loop goes on with.

        Raises:
            EngineError: This scheduler holds something that cannot be noted.
        """
        values = self._scheduler.__dict__
        fresh = self._fresh or {}
        changed = [name for name in _names(values) if not _same(values[name], fresh.get(name))]
        try:
            return pack(
                {
                    "format": _FORMAT,
                    "kind": type(self._scheduler).__name__,
                    "index": index,
                    "latents": latents,
                    "generator": self._generator.get_state(),
                    "names": changed,
                    "values": [values[name] for name in changed],
                }
            )
        except TypeError as error:
            raise EngineError(
                "This sampler keeps something that cannot be noted.", "Choose another sampler."
            ) from error

    def _watched(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(plain)  # the pipelines read the signature to know what a step takes
        def step(output: Any, timestep: Any, sample: Any, *args: Any, **kwargs: Any) -> Any:
            if self._fresh is None:
                values = self._scheduler.__dict__
                self._fresh = {name: _copied(values[name]) for name in _names(values)}
            if self._skips >= 0:
                return (sample,)
            return plain(output, timestep, sample, *args, **kwargs)

        return step

    def _awake(self) -> None:
        if self._own is None:
            return
        inner: Any = self._denoiser
        forward, inner._compiled_call_impl = self._own
        if forward is None:
            del inner.forward
        else:
            inner.forward = forward
        self._own = None


def _nothing(*args: Any, **kwargs: Any) -> tuple[torch.Tensor]:
    """In place of a denoiser: as many answers as were asked for, that nobody reads."""
    asked: torch.Tensor = args[0] if args else kwargs["hidden_states"]
    return (torch.zeros(asked.shape[0], *[1] * (asked.ndim - 1), device=asked.device),)


def _read(point: Point, scheduler: Any, place: torch.device) -> dict[str, Any]:
    noted = unpack(point.state, place)
    if noted.get("format") != _FORMAT or noted.get("kind") != type(scheduler).__name__:
        raise EngineError(
            "The noted step belongs to another version or another sampler.",
            "Start the picture anew: the same settings and seed give the same picture.",
        )
    values = dict(zip(noted["names"], noted["values"], strict=True))
    return {**noted, "scheduler": values}


def _names(values: dict[str, Any]) -> list[str]:
    """What a scheduler keeps in itself, but for its configuration and what wraps its methods."""
    return [name for name, one in values.items() if name != "_internal_dict" and not callable(one)]


def _copied(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, list | tuple):
        return type(value)(_copied(one) for one in value)
    return value.copy() if hasattr(value, "copy") else value


def _same(now: Any, before: Any) -> bool:
    """Whether a value is the one it was before the first step."""
    if type(now) is not type(before):
        return False
    if isinstance(now, torch.Tensor):
        return (
            now.dtype == before.dtype and now.device == before.device and torch.equal(now, before)
        )
    if isinstance(now, list | tuple):
        return len(now) == len(before) and all(map(_same, now, before))
    equal = now == before
    return bool(equal.all() if hasattr(equal, "all") else equal)

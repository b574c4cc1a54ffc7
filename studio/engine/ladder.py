"""Ladder: what is done when memory runs short, rung by rung, from the cheapest on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from studio.core.errors import MemoryShortage
from studio.engine.devices import Device
from studio.engine.kinds import denoiser_of
from studio.engine.slices import slice_up
from studio.engine.tiling import tile

#: Edge of a tile in latent cells: 384 px, so that a picture of 512 px has some.
_TILE = 48


@dataclass(frozen=True, slots=True)
class Rung:
    """One thing that can be done about a shortage.

    Attributes:
        key: A stable word.
        words: What an artist reads when it was done.
        applies: Whether it helps a pipeline on a device.
        apply: Does it, for good.
        lasts: Whether it is remembered for the model; the others are tried anew in each run.
    """

    key: str
    words: str
    applies: Callable[[Any, Device], bool]
    apply: Callable[[Any, Device], None]
    lasts: bool = True


def _always(_pipeline: Any, _device: Device) -> bool:
    return True


def _accelerated(_pipeline: Any, device: Device) -> bool:
    """On a CPU the models are where they would be taken to."""
    return device.place.type != "cpu"


def _nothing(_pipeline: Any, _device: Device) -> None:
    """Whoever holds other models and what was kept for later has let go of it already."""


def _tile(pipeline: Any, _device: Device) -> None:
    vae = pipeline.vae
    if not hasattr(vae, "use_tiling"):
        tile(vae, _TILE, int(pipeline.vae_scale_factor))
        return
    edge = min(_TILE, int(vae.tile_latent_min_size))
    vae.tile_latent_min_size = edge
    vae.tile_sample_min_size = edge * 2 ** (len(vae.config.block_out_channels) - 1)
    vae.enable_tiling()


def _slice(pipeline: Any, _device: Device) -> None:
    slice_up(denoiser_of(pipeline))


def _offload(pipeline: Any, device: Device) -> None:
    pipeline.enable_model_cpu_offload(device=device.place)


def _offload_groups(pipeline: Any, device: Device) -> None:
    pipeline.remove_all_hooks()
    pipeline._all_hooks = []  # else the pipeline would put the whole models back after its run
    rest = torch.device("cpu")
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            part.to(rest)
    pipeline.enable_group_offload(
        onload_device=device.place,
        offload_device=rest,
        offload_type="leaf_level",
        use_stream=device.place.type == "cuda",
    )


def _ask(_pipeline: Any, _device: Device) -> None:
    raise shortage()


#: In the order in which they are tried: what costs nothing first, what changes the picture last.
LADDER: tuple[Rung, ...] = (
    Rung("caches", "Memory ran short: other models were put away.", _always, _nothing, False),
    Rung(
        "tiles",
        "Memory ran short: the picture is developed in tiles.",
        _always,
        _tile,
    ),
    Rung(
        "slices",
        "Memory ran short: the model works in slices, a little slower.",
        _always,
        _slice,
    ),
    Rung(
        "models",
        "Memory ran short: parts of the model rest outside the graphics card.",
        _accelerated,
        _offload,
    ),
    Rung(
        "groups",
        "Memory ran short: the model is brought to the graphics card layer by layer, much slower.",
        _accelerated,
        _offload_groups,
    ),
    Rung("smaller", "", _always, _ask, False),
)
#: After one of these the weights rest in the machine's own memory.
_RESTING = frozenset({"models", "groups"})


def shortage() -> MemoryShortage:
    """What is said when nothing is left but a smaller picture, which is the artist's to decide."""
    return MemoryShortage(
        "There was not enough memory for this picture; nothing was changed.",
        "Work at a smaller size, choose a smaller model, or close other programs.",
    )


def rests(taken: tuple[str, ...]) -> bool:
    """Whether a model on those rungs is loaded beside its device."""
    return not _RESTING.isdisjoint(taken)


class Ladder:
    """Remembers for each model the rungs that it stands on, for as long as the process lives."""

    def __init__(self, device: Device) -> None:
        """Begin with all models at the foot."""
        self._device = device
        self._taken: dict[str, tuple[str, ...]] = {}

    def taken(self, path: str) -> tuple[str, ...]:
        """Keys of the rungs that the model from that path stands on."""
        return self._taken.get(path, ())

    def settle(self, path: str, pipeline: Any) -> None:
        """Put a model that was just loaded on its rungs; the last way to rest counts alone."""
        taken = self.taken(path)
        resting = [key for key in taken if key in _RESTING][-1:]
        for rung in LADDER:
            if rung.key in taken and (rung.key not in _RESTING or rung.key in resting):
                rung.apply(pipeline, self._device)

    def climb(self, path: str, pipeline: Any | None, tried: set[str]) -> Rung:
        """Take the next rung.

        Args:
            path: Of the model that ran short.
            pipeline: It; None: while it was loaded.
            tried: Keys of rungs that do not last and were tried in this run; grows.

        Raises:
            MemoryShortage: Nothing is left but what is asked first.
        """
        rung = self.upcoming(path, pipeline, tried)
        tried.add(rung.key)
        if pipeline is not None or not rung.lasts:
            rung.apply(pipeline, self._device)
        if rung.lasts:
            self._taken[path] = (*self.taken(path), rung.key)
        return rung

    def upcoming(self, path: str, pipeline: Any | None, tried: set[str]) -> Rung:
        """The rung that `climb` would take."""
        known = tried.union(self.taken(path))
        rungs = (one for one in LADDER if one.key not in known and self._helps(one, pipeline))
        return next(rungs, LADDER[-1])

    def _helps(self, rung: Rung, pipeline: Any | None) -> bool:
        if pipeline is not None:
            return rung.applies(pipeline, self._device)
        # Of a model that is not there yet only its place can be chosen.
        loading = rung.key in _RESTING and rung.applies(None, self._device)
        return loading or not rung.lasts

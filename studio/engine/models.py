"""Models: loads them, keeps them warm, and finds memory for their runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from studio.core.checkpoint import Checkpoint
from studio.core.errors import MemoryShortage
from studio.core.geometry import Size
from studio.core.memory import Memory, denoising, least, working
from studio.engine.devices import Device
from studio.engine.failures import out_of_memory
from studio.engine.families.diffusion import Diffusion
from studio.engine.family import Family
from studio.engine.gauge import Gauge
from studio.engine.ladder import Ladder, Rung, rests, shortage
from studio.engine.reclaim import reclaim
from studio.engine.warmth import Warmth

#: Told of each rung that is taken.
OnRung = Callable[[Rung], None]
#: What is done before a run on a CPU, whose system ends the process instead of saying no.
_AHEAD = "tiles"


class Models:
    """All that one engine process has in memory.

    Attributes:
        gauge: Of the device.
    """

    def __init__(self, configs: Path, device: Device) -> None:
        """Begin with none.

        Args:
            configs: Folder of the configurations that single files lack.
            device: Where they run.
        """
        self._configs, self._device = configs, device
        self.gauge = Gauge(device)
        self._warmth = Warmth(self.gauge.room)
        self._ladder = Ladder(device)

    def get(self, model: Checkpoint, told: OnRung) -> Family:
        """Have that model in memory.

        Raises:
            ModelError: It cannot be loaded.
            MemoryShortage: It does not fit.
        """
        family = self._warmth.find(model.path)
        if family is not None:
            return family
        self._warmth.make_room(_size(Path(model.path)))
        tried: set[str] = set()
        while True:
            try:
                family = self._load(model)
            except (MemoryShortage, MemoryError):
                family = None
            if family is not None:
                self._warmth.keep(model.path, family)
                return family
            told(self._climb(model.path, None, tried))

    def prepare(self, path: str, family: Family, size: Size, told: OnRung) -> None:
        """Before a run of that size: refuse what can never be, and make room on a CPU.

        Raises:
            MemoryShortage: The device as a whole is too small for it.
        """
        total, free = self.gauge.room()
        if not total:
            return
        if denoising(family.channels, size.area) > total:
            raise shortage()
        if self._device.place.type != "cpu":
            return
        needed = working(family.channels, size.area)
        if free < needed and self._warmth.only(path):
            free = self.gauge.room()[1]
        tried = {"caches"}
        if free < needed and self._ladder.upcoming(path, family.pipeline, tried).key == _AHEAD:
            told(self._climb(path, family, tried))
        tiled = _AHEAD in self._ladder.taken(path)
        if not tiled and least(family.channels, size.area) > total:
            raise shortage()

    def ease(self, path: str, family: Family, tried: set[str]) -> Rung:
        """A run of that model ran short: do the next thing about it.

        Raises:
            MemoryShortage: Nothing is left but a smaller picture.
        """
        return self._climb(path, family, tried)

    def reading(self, family: Family) -> Memory:
        """The device now."""
        return self.gauge.reading(family.bytes, self._warmth.held - family.bytes)

    def release(self) -> None:
        """Give the memory of all models back to the system."""
        self._warmth.clear()

    def _load(self, model: Checkpoint) -> Family:
        path, ladder = model.path, self._ladder
        resting = rests(ladder.taken(path))
        settle = partial(ladder.settle, path)
        try:
            family = Diffusion(model, self._configs, self._device, settle if resting else None)
        except RuntimeError as error:
            if out_of_memory(error):
                raise shortage() from None
            raise
        if not resting:
            settle(family.pipeline)
        return family

    def _climb(self, path: str, family: Family | None, tried: set[str]) -> Rung:
        if "caches" not in tried:
            others = self._warmth.only(path)
            kept = family is not None and family.forget()
            if not others and not kept:
                tried.add("caches")  # there was nothing to let go of
        rung = self._ladder.climb(path, None if family is None else family.pipeline, tried)
        reclaim()
        return rung


def _size(path: Path) -> int:
    """Bytes of the weights at that path; 0 where they cannot be told."""
    files = [path] if path.is_file() else path.glob("*/*.safetensors")
    try:
        return sum(one.stat().st_size for one in files)
    except OSError:
        return 0

"""Warmth: models that stay in memory for their next run; the least recently used go first."""

from __future__ import annotations

from collections.abc import Callable

from studio.engine import reclaim
from studio.engine.family import Family

#: Of what is free beside the models that are kept, so much may be taken for keeping them.
SHARE = 0.5


class Warmth:
    """Keeps as many models as fit a budget, by their bytes."""

    def __init__(self, room: Callable[[], tuple[int, int]], share: float = SHARE) -> None:
        """Keep none yet.

        Args:
            room: Gives all memory of the device and what of it is free, bytes; 0: not known.
            share: Of what is free so much may be used to keep models.
        """
        self._room, self._share = room, share
        self._kept: dict[str, Family] = {}  # the least recently used first

    @property
    def paths(self) -> tuple[str, ...]:
        """Of the models that are kept, the least recently used first."""
        return tuple(self._kept)

    @property
    def held(self) -> int:
        """Bytes of all that are kept."""
        return sum(one.bytes for one in self._kept.values())

    def find(self, path: str) -> Family | None:
        """The model from that path, which is now the one used last; None: it is not kept."""
        family = self._kept.pop(path, None)
        if family is not None:
            self._kept[path] = family
        return family

    def keep(self, path: str, family: Family) -> None:
        """Keep that one, as the one used last."""
        self._kept[path] = family

    def make_room(self, wanted: int) -> None:
        """Let models go, the least recently used first, until one of so many bytes fits.

        Args:
            wanted: Bytes; where they are not known, nothing else is kept.
        """
        while self._kept and (wanted <= 0 or not self._fits(wanted)):
            del self._kept[next(iter(self._kept))]
            reclaim.reclaim()

    def only(self, path: str) -> bool:
        """Let all but that one go.

        Returns:
            Whether there were others.
        """
        others = [one for one in self._kept if one != path]
        for one in others:
            del self._kept[one]
        reclaim.reclaim()
        return bool(others)

    def clear(self) -> None:
        """Give all memory back."""
        self._kept.clear()
        reclaim.reclaim()

    def _fits(self, wanted: int) -> bool:
        _, free = self._room()
        held = self.held
        return held + wanted <= self._share * (held + free)

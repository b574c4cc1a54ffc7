"""Series: the orders of a batch as one: a take for each, made in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from studio.core.messages import Candidate
from studio.core.piece import Over, Piece
from studio.core.request import Request
from studio.jobs.chain import Chain, Made
from studio.jobs.order import Scene, Settings
from studio.jobs.place import Place
from studio.jobs.tasks import Task, prepared


def ordered(
    wanted: Task,
    scene: Scene,
    cells: Sequence[Settings],
    over: Over,
    strength: float | None = None,
    varied: frozenset[str] = frozenset(),
) -> Chain:
    """What a task makes of a canvas with one or with several settings: then a take for each.

    Args:
        wanted: See `tasks.prepared`, as for all but the next two.
        scene: Likewise.
        cells: At least one.
        over: See `Chain`.
        strength: Likewise.
        varied: Likewise; of what varies a single one makes a single take, too.

    Raises:
        UsageError: The task has nothing to work on, or nothing that could vary so.
    """
    chains = []
    for one in cells:
        canvas, settings = prepared(wanted, scene, one, strength, varied)
        if varied or len(cells) > 1:
            settings = replace(settings, count=1)
        chains.append(Chain(canvas, settings, over))
    return chains[0] if len(chains) == 1 else Series(chains)


class Series(Chain):
    """Pixels are copied for the run that is next only, so a batch costs no more than one order."""

    def __init__(self, chains: Sequence[Chain]) -> None:
        """Of at least one chain, each of one take."""
        self._chains = tuple(chains)
        self._at = 0
        self._cut = False
        self._settings = replace(self._chains[0].settings, count=len(self._chains))

    @property
    def present(self) -> Chain:
        """The one whose turn it is, or the last one."""
        return self._chains[min(self._at, len(self._chains) - 1)]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """See `Chain.pieces`."""
        return self.present.pieces

    @property
    def remains(self) -> tuple[Settings, ...]:
        """See `Chain.remains`."""
        return tuple(one.settings for one in self._chains[self._at :])

    @property
    def masked(self) -> bool:
        """See `Chain.masked`."""
        return self.present.masked

    def again(self) -> Series:
        """See `Chain.again`; each has the seed after its own."""
        return Series([one.again() for one in self._chains])

    def skip(self) -> bool:
        """See `Chain.skip`."""
        self._at += 1
        return self._at < len(self._chains)

    def place(self, take: int = 0) -> Place:
        """See `Chain.place`."""
        inner = self.present.place()
        number = min(self._at + 1, len(self._chains))
        return Place(number, len(self._chains), inner.part, inner.parts, apart=True)

    def share(self, of_run: float) -> float:
        """See `Chain.share`."""
        return min(1.0, (self._at + self.present.share(of_run)) / len(self._chains))

    def outline(self) -> Request | None:
        """See `Chain.outline`.

        Raises:
            UsageError: Likewise.
        """
        return self._first_of(Chain.outline)

    def request(self) -> Request | None:
        """See `Chain.request`.

        Raises:
            UsageError: Likewise.
        """
        return self._first_of(Chain.request)

    def receive(self, candidate: Candidate) -> Made | None:
        """See `Chain.receive`."""
        made = self.present.receive(candidate)
        if made is None:
            return None
        self._cut = made.partial
        return replace(made, index=self._at)

    def _first_of(self, asked: Callable[[Chain], Request | None]) -> Request | None:
        """The answer of the first one that has something left to make."""
        while not self._cut and self._at < len(self._chains):
            request = asked(self._chains[self._at])
            if request is not None:
                return request
            self._at += 1
        return None

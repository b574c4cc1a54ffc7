"""Chain: the runs that make what was ordered, one after another, each on what those before made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from studio.core.geometry import Rect
from studio.core.messages import Candidate
from studio.core.piece import Over, Piece, around, laid
from studio.core.pixels import Pixels
from studio.core.request import MAX_COUNT, Request, seed_of
from studio.inpaint.region import Plan
from studio.jobs import order
from studio.jobs.order import Scene, Settings, Stage
from studio.jobs.place import Place


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """One finished take.

    Attributes:
        index: From 0.
        seed: The seed it was made with.
        pieces: What its runs made, to be laid over the picture in this order.
        request: Of its first run, with the take's own seed.
        partial: Whether it was stopped and kept before its last step.
    """

    index: int
    seed: int
    pieces: tuple[Piece, ...]
    request: Request
    partial: bool = False


class Chain:
    """An order that takes one run or many.

    One run makes all takes, as the engine is quicker so. Of several each makes a piece of one take,
    and the takes follow each other.
    """

    def __init__(self, scene: Scene, settings: Settings, over: Over) -> None:
        """Begin with nothing planned: no pixel is read before `request`.

        Args:
            scene: The canvas; what it reads must not change while the chain goes on.
            settings: What the artist chose.
            over: Lays a piece over what lies beneath.
        """
        self._scene, self._settings, self._over = scene, settings, over
        self.stages: tuple[Stage, ...] = ()  # as far as they are planned
        self._reaches: dict[Plan, Callable[[Rect], Pixels]] = {}
        self._take = 0
        self._pieces: list[Piece] = []
        self._first: Request | None = None
        self._cut = False  # the artist had enough: nothing follows

    @property
    def settings(self) -> Settings:
        """What the artist chose."""
        return self._settings

    @property
    def remains(self) -> tuple[Settings, ...]:
        """What is still to be made, picture by picture; nothing where one run makes all."""
        if not self.several or self._settings.count <= self._take:
            return ()
        settings, done = self._settings, self._take
        seed = seed_of(settings.seed, done)
        return (replace(settings, seed=seed, count=settings.count - done),)

    @property
    def masked(self) -> bool:
        """Whether masks count."""
        return self._scene.mask_of is not None

    def again(self) -> Chain:
        """The same order of the same canvas, with the seeds that follow its own."""
        following = replace(self._settings, seed=seed_after(self._settings.seed, self._settings))
        return Chain(self._scene, following, self._over)

    def skip(self) -> bool:
        """Leave out what cannot be made; returns whether anything comes after it."""
        return False

    @property
    def several(self) -> bool:
        """Whether a take needs more than one run; not known before the first is asked for."""
        return len(self.stages) > 1

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What the take being made has so far."""
        return tuple(self._pieces)

    @property
    def boxes(self) -> tuple[Rect, ...]:
        """What the model will look at, run by run, document px."""
        return tuple(stage.plan.box for stage in self.stages)

    def place(self, take: int = 0) -> Place:
        """Where the run that goes on stands.

        Args:
            take: Of that run, from 0; the only run of a chain makes all takes.
        """
        if not self.several:
            return Place(take + 1, self._settings.count)
        return Place(self._take + 1, self._settings.count, len(self._pieces) + 1, len(self.stages))

    def share(self, of_run: float) -> float:
        """How much of the whole order is done, 0 to 1, when so much of the run that goes on is."""
        if not self.several:
            return of_run
        runs = len(self.stages)
        return (self._take * runs + len(self._pieces) + of_run) / (self._settings.count * runs)

    @property
    def _complete(self) -> bool:
        return self._cut or 0 < self._settings.count <= self._take

    def outline(self) -> Request | None:
        """About what the next run asks for, without a pixel; None when all takes are made.

        Raises:
            UsageError: A value cannot be used, or there is nothing to paint in.
        """
        return None if self._complete else order.outline(self._scene, self._settings)

    def request(self) -> Request | None:
        """The request of the next run; None when all takes are made.

        It reads all that the run sees, which takes a while of a large picture: ask from a thread
        that nobody waits for, one call at a time.

        Raises:
            UsageError: A value cannot be used, or there is nothing to paint in.
        """
        if self._complete:
            return None
        self.stages = self.stages or order.stages(self._scene, self._settings)
        settings = self._settings
        if self.several:
            seed = seed_of(settings.seed, self._take)
            # A number of takes that cannot be stays, and is refused with the request.
            count = 1 if 1 <= settings.count <= MAX_COUNT else settings.count
            settings = replace(settings, seed=seed, count=count)
        stage = self.stages[len(self._pieces)]
        if stage.first is None:
            request = order.request_of(stage.plan, self._now(), settings)
        else:
            finer = replace(
                self._now(),
                mask_of=self._reach(stage.first),
                mask_bounds=stage.first.may_change,
            )
            request = order.request_of(stage.plan, finer, order.finer_settings(settings))
        if not self._pieces:
            # Without the pixels: of a batch they would be kept for every picture.
            self._first = replace(request, picture=None, mask=None)
        return request

    def receive(self, candidate: Candidate) -> Made | None:
        """What the run that goes on made.

        Returns:
            The take, if it is finished with this.
        """
        assert self._first is not None  # a candidate answers a request
        piece = Piece(candidate.area, candidate.pixels)
        self._cut = candidate.partial
        if not self.several:
            self._take = candidate.take + 1
            return self._made(candidate.take, candidate.seed, (piece,))
        self._pieces.append(piece)
        if len(self._pieces) < len(self.stages) and not self._cut:
            return None
        made = self._made(self._take, self._first.seed, self.pieces)
        self._take += 1
        self._pieces = []
        return made

    def _made(self, index: int, seed: int, pieces: tuple[Piece, ...]) -> Made:
        assert self._first is not None
        plain = replace(self._first, picture=None, mask=None, seed=seed)
        return Made(index, seed, pieces, plain, self._cut)

    def _reach(self, first: Plan) -> Callable[[Rect], Pixels]:
        """What the pieces of a second pass may change; all that its run saw is read once."""
        if first not in self._reaches:
            self._reaches[first] = order.reach(first, self._scene)
        return self._reaches[first]

    def _now(self) -> Scene:
        """The canvas with what this take has so far."""
        if not self._pieces:
            return self._scene
        bounds = self._scene.bounds.united(around(self._pieces))
        picture_of = laid(self._scene.picture_of, self._pieces, self._over)
        return replace(self._scene, picture_of=picture_of, bounds=bounds)


class Recalled(Chain):
    """A job that an earlier run of the program began: its own run, and none after it."""

    def __init__(self, request: Request) -> None:
        """That run, as it was ordered."""
        self.stages = ()
        self._first, self._pieces, self._take, self._cut = request, [], 0, False
        self._settings = Settings(request.model, request.prompt, count=request.count)

    @property
    def first(self) -> Request:
        """That run."""
        assert self._first is not None
        return self._first

    def again(self) -> Recalled:
        """The same run with the seeds that follow."""
        seed = seed_after(self.first.seed, self._settings)
        return Recalled(replace(self.first, seed=seed))

    @property
    def remains(self) -> tuple[Settings, ...]:
        """Nothing that is known of."""
        return ()

    def outline(self) -> Request | None:
        """None, as `request`."""
        return None

    def request(self) -> Request | None:
        """None: what went before and what was to follow is not known any more."""
        return None


def seed_after(seed: int, settings: Settings) -> int:
    """The first one that an order with that seed does not use."""
    return seed_of(seed, max(1, settings.count))

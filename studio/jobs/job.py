"""One generation in the queue: its state, how far it is and how long it will take."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from studio.core.messages import Stepped
from studio.core.request import Request

#: From each state the ones that may follow. Of a planned job the pixels are still being read. A
#: running job waits again when the engine has ended under it; a frozen one rests until the artist
#: lets it wait again. Both may finish all the same, when the engine was at their last step.
STATES: dict[str, frozenset[str]] = {
    "planned": frozenset({"waiting", "cancelled", "failed"}),
    "waiting": frozenset({"running", "frozen", "finished", "cancelled", "failed"}),
    "running": frozenset({"waiting", "frozen", "finished", "cancelled", "failed", "interrupted"}),
    "frozen": frozenset({"waiting", "finished", "cancelled", "failed"}),
    "finished": frozenset(),
    "cancelled": frozenset(),
    "failed": frozenset(),
    "interrupted": frozenset(),
}


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A snapshot of one job.

    Attributes:
        id: Unique in its queue, from 1.
        request: What was ordered. Once the job has ended it is without picture and mask, which
            are large and the canvas's own.
        state: A key of `STATES`.
        take: The take being made, from 0.
        step: The last step done of that take; 0 before the first.
        total: Steps of one take; 0 before the first step.
        seconds_left: An estimate for all takes; None before two steps are done.
        attempts: How often it was handed to an engine.
        made: The takes that are there.
    """

    id: int
    request: Request
    state: str = "waiting"
    take: int = 0
    step: int = 0
    total: int = 0
    seconds_left: float | None = None
    attempts: int = 0
    made: frozenset[int] = frozenset()
    _first: tuple[float, int] | None = field(default=None, repr=False)

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return not STATES[self.state]

    @property
    def begun(self) -> bool:
        """Whether the engine has shown a step of it."""
        return self.total > 0

    @property
    def progress(self) -> float:
        """The share of all steps of all takes that is done, 0 to 1."""
        if not self.total:
            return 0.0
        return (self.take * self.total + self.step) / (self.request.count * self.total)

    def to(self, state: str) -> Job:
        """The same job in another state.

        Raises:
            ValueError: That state cannot follow.
        """
        if state not in STATES[self.state]:
            raise ValueError(f"a {self.state} job cannot become {state}")
        if not STATES[state]:
            plain = replace(self.request, picture=None, mask=None)
            return replace(self, state=state, request=plain, seconds_left=None)
        if state == "running":
            return replace(self, state=state, attempts=self.attempts + 1)
        return replace(self, state=state).rested()

    def supplied(self, request: Request) -> Job:
        """The same job with its pixels, ready for its turn."""
        return replace(self.to("waiting"), request=request)

    def with_take(self, take: int) -> Job:
        """The same job with that take made."""
        return replace(self, made=self.made | {take})

    def rested(self) -> Job:
        """The same job as far as it is, with nothing known of how fast it will go on."""
        return replace(self, seconds_left=None, _first=None)

    def stepped(self, event: Stepped, now: float) -> Job:
        """The same job one step further.

        Args:
            event: The step.
            now: A monotonic time in s. The mean time of the steps since the first one is what the
                rest is estimated from: it includes what lies between two takes, and not the
                loading before the first.
        """
        done = event.take * event.total + event.step
        began, first = self._first or (now, done)
        left = None
        if done > first:
            left = (now - began) / (done - first) * (self.request.count * event.total - done)
        return replace(
            self,
            take=event.take,
            step=event.step,
            total=event.total,
            seconds_left=left,
            _first=(began, first),
        )

"""Place: which run of an order goes on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Which run of an order this is; take and part count from 1.

    Attributes:
        take: Which take.
        takes: How many there will be.
        part: Which run of that take: parts of a mask that lie far apart, passes of a large
            outpaint, pieces of a second pass.
        parts: How many runs a take has.
        apart: Whether each take has runs of its own, even a single one.
    """

    take: int = 1
    takes: int = 1
    part: int = 1
    parts: int = 1
    apart: bool = False

    def seconds_of_all(self, left: float, done: float) -> float:
        """Seconds left of all runs, when those that follow take as long as this one does.

        Args:
            left: Of the run that goes on.
            done: The share of it that is done.
        """
        if (self.parts == 1 and not self.apart) or done >= 1:
            return left  # a single run makes all takes, and knows of them
        follow = self.takes * self.parts - (self.take - 1) * self.parts - self.part
        return left + follow * left / (1 - done)

"""Attempts: how often a job is handed to a new engine after the one before it has ended."""

from __future__ import annotations

from studio.core.point import Point

#: So many engines may end at the same place of a job: the job may be what ends them.
_MOST = 2
#: So many times a job may be sent anew that no engine had taken up.
_MOST_SENT = 3


class Attempts:
    """Counts, for each job, the attempts that began at the same place.

    A job that got further with each engine goes on; one that ends them where it began is given up.
    """

    def __init__(self) -> None:
        self._counts: dict[int, tuple[tuple[int, int], int]] = {}
        self._void: dict[int, int] = {}

    def begin(self, job: int, point: Point | None) -> int:
        """A job goes to an engine, at that point.

        Returns:
            The number of the attempt at this place, from 1.
        """
        place, count = self._counts.get(job, ((0, 0), 0))
        here = _place(point)
        count = count + 1 if here == place else 1
        self._counts[job] = here, count
        return count

    def worthwhile(self, job: int, point: Point | None) -> bool:
        """Whether that job may go to another engine, at that point."""
        place, count = self._counts.get(job, ((0, 0), 0))
        return _place(point) != place or count < _MOST

    def void(self, job: int) -> None:
        """The last attempt does not count: the engine ended before it had taken that job up."""
        place, count = self._counts.get(job, ((0, 0), 0))
        self._void[job] = self._void.get(job, 0) + 1
        self._counts[job] = place, max(0, count - 1) if self._void[job] < _MOST_SENT else _MOST

    def end(self, job: int) -> None:
        """Forget that job."""
        self._counts.pop(job, None)
        self._void.pop(job, None)


def _place(point: Point | None) -> tuple[int, int]:
    return (0, 0) if point is None else (point.take, point.step)

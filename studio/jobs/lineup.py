"""Lineup: the order in which waiting jobs go to the engine."""

from __future__ import annotations

from collections.abc import Mapping

from studio.jobs.job import Job

#: So many ended jobs are remembered, without their pictures.
REMEMBERED = 100


def moved(jobs: Mapping[int, Job], number: int, before: int) -> dict[int, Job]:
    """The same jobs with one of them at another place.

    Args:
        jobs: By their ids, in their order.
        number: The one to move.
        before: The one that it shall come before; 0, or one that is not there: behind all.
    """
    others = {key: job for key, job in jobs.items() if key != number}
    if number not in jobs or number == before:
        return dict(jobs)
    if before not in others:
        return others | {number: jobs[number]}
    placed: dict[int, Job] = {}
    for key, job in others.items():
        if key == before:
            placed[number] = jobs[number]
        placed[key] = job
    return placed


def first_waiting(jobs: Mapping[int, Job]) -> Job | None:
    """The one whose turn it is."""
    return next((job for job in jobs.values() if job.state in ("planned", "waiting")), None)


def remembered(jobs: Mapping[int, Job], most: int = REMEMBERED) -> dict[int, Job]:
    """The same jobs without the oldest of those that have ended, `most` of which may stay."""
    ended = [number for number, job in jobs.items() if job.ended]
    gone = set(ended[: max(0, len(ended) - most)])
    return {number: job for number, job in jobs.items() if number not in gone}

"""Point: where a run can go on from, whatever happened to the process that made it."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.pixels import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """What a run was after one of its steps.

    Attributes:
        take: The take that was being made, from 0; those before it are finished.
        step: The last step done of it, 1 to total.
        total: Steps of one take.
        state: uint8 `[n]`: latents, sampler and noise generator, readable to the engine alone.
    """

    take: int
    step: int
    total: int
    state: Pixels

"""Rounds: what is done after each round of a pipeline's loop: hold, note, report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from studio.core.pixels import Pixels
from studio.engine.density import Densities
from studio.engine.family import Done, OnStep
from studio.engine.steps import Journal


class Rounds:
    """A pipeline's `callback_on_step_end`.

    A sampler of second order goes through the loop twice for a step, but for the last one.

    Attributes:
        foreseen: What the finished latents were taken to be after the last round.
        count: Rounds that are done.
    """

    foreseen: torch.Tensor

    def __init__(
        self,
        on_step: OnStep,
        journal: Journal,
        estimate: Callable[[], torch.Tensor | None],
        preview: Callable[[torch.Tensor], Pixels],
        held: Densities | None,
    ) -> None:
        """Join the parts of one run.

        Args:
            on_step: Told of each step.
            journal: Of this run.
            estimate: Gives what the scheduler takes the finished latents to be.
            preview: Makes a preview of latents as the loop has them.
            held: Holds the cells of a soft mask back.
        """
        self._on_step, self._journal, self._estimate = on_step, journal, estimate
        self._preview, self._held = preview, held
        self.count = 0

    def __call__(
        self, pipeline: Any, index: int, _time: Any, tensors: dict[str, Any]
    ) -> dict[str, Any]:
        """After round `index`, from 0, of the loop; `tensors` holds its latents."""
        self.count = index + 1
        if self._journal.passing(index):
            return tensors
        restored = self._journal.restored(index)
        if restored is not None:
            return {**tensors, "latents": restored}
        rounds, order = int(pipeline.num_timesteps), int(pipeline.scheduler.order)
        latents = before = tensors["latents"]
        if self._held is not None:
            latents = self._held.held(latents, pipeline.scheduler, index, rounds)
        if (index + 1) % order == 0 or index + 1 == rounds:
            guess = self._estimate()
            self.foreseen = before if guess is None else guess

            def preview() -> Pixels:
                return self._preview(self.foreseen)

            def state() -> Pixels:
                return self._journal.state(index, latents)

            self._on_step(Done(-(-(index + 1) // order), -(-rounds // order), preview, state))
        return {**tensors, "latents": latents}

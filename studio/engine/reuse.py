"""Reuse: parts of the denoiser that hardly change from step to step are not worked out anew.

The picture is another one, though a like one; so it is an approximation, and asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import diffusers

from studio.core.request import Request
from studio.engine.kinds import denoiser_of
from studio.engine.rounds import Rounds

#: A change of the first block's answer below this share lets the others be left out.
#: Source: the authors' advice for FLUX.1, https://github.com/chengzeyi/ParaAttention.
_THRESHOLD = 0.08
#: None of its classes is annotated.
_parts: Any = diffusers
#: The first rounds lay out the picture, and a run of few has none to spare.
_WHOLE, _FEWEST = 2, 8


class Reuse:
    """What one loaded pipeline can leave out.

    Attributes:
        keys: Members of `core.request.REUSES`.
    """

    def __init__(self, pipeline: Any) -> None:
        """Look at a pipeline."""
        self._denoiser = inner = denoiser_of(pipeline)
        self._deep = _deep(inner)
        able = bool(self._deep) or hasattr(inner, "enable_cache")
        self.keys: tuple[str, ...] = ("none", "blocks") if able else ("none",)

    @contextmanager
    def reusing(self, request: Request, rounds: Rounds) -> Iterator[None]:
        """Do as a request says for as long as the block lasts.

        Args:
            request: Its reuse and steps count.
            rounds: Of this run.
        """
        if request.reuse == "none" or request.reuse not in self.keys:
            yield
        elif self._deep:
            with self._every_other_round(rounds, request.steps):
                yield
        else:
            self._denoiser.enable_cache(_parts.FirstBlockCacheConfig(threshold=_THRESHOLD))
            try:
                with self._denoiser.cache_context("cond"):
                    yield
            finally:
                self._denoiser.disable_cache()

    @contextmanager
    def _every_other_round(self, rounds: Rounds, steps: int) -> Iterator[None]:
        """Keep what the deep blocks said for the next round.

        Source: X. Ma et al., DeepCache: accelerating diffusion models for free (2023), with an
            interval of 2 and the skip branch of the first block.
        """
        calls = _Calls(rounds)
        hook = self._denoiser.register_forward_pre_hook(calls.begun)
        try:
            if steps >= _FEWEST:
                for block in self._deep:
                    block.forward = _keeping(block.forward, calls)
            yield
        finally:
            hook.remove()
            for block in self._deep:
                block.__dict__.pop("forward", None)


class _Calls:
    """Which call of the denoiser it is: a round may have several, for parts of its batch."""

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds
        self._round = -1
        self.place = 0

    def begun(self, *_: Any) -> None:
        """The denoiser is called."""
        now = self._rounds.count
        self.place = self.place + 1 if now == self._round else 0
        self._round = now

    @property
    def reused(self) -> bool:
        """Whether this round takes what the one before it kept."""
        return self._round >= _WHOLE and self._round % 2 == 1


def _keeping(whole: Callable[..., Any], calls: _Calls) -> Callable[..., Any]:
    kept: dict[int, Any] = {}

    def forward(*args: Any, **kwargs: Any) -> Any:
        if calls.reused and calls.place in kept:
            return kept.pop(calls.place)
        answer = whole(*args, **kwargs)
        if not calls.reused:
            kept[calls.place] = answer
        return answer

    return forward


def _deep(denoiser: Any) -> list[Any]:
    """All blocks of a U-Net but the outermost; none of another denoiser."""
    down, up = getattr(denoiser, "down_blocks", ()), getattr(denoiser, "up_blocks", ())
    if len(down) < 2 or len(down) != len(up):
        return []
    return [*list(down)[1:], denoiser.mid_block, *list(up)[:-1]]

"""Phrases: prompts as the denoiser reads them, kept for runs with the same words."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import torch

from studio.core.request import Request

#: So many pairs of prompts are kept; the largest known take 8 MB.
KEPT = 8

Words = Mapping[str, torch.Tensor]


class Phrases:
    """Asks a pipeline's text encoders once for each pair of prompts."""

    def __init__(self, pipeline: Any, names: tuple[str, ...], place: torch.device) -> None:
        """Read from the pipeline what it takes.

        Args:
            pipeline: As it was loaded.
            names: What its `encode_prompt` returns, in this order.
            place: Where the denoiser reads them.
        """
        self._pipeline, self._names, self._place = pipeline, names, place
        self._accepted = frozenset(inspect.signature(pipeline.encode_prompt).parameters)
        self._kept: dict[tuple[str, str | None], Words] = {}  # the least recently used first

    def of(self, request: Request) -> Words:
        """Both prompts of a request, float32, by the names under which the pipeline takes them.

        Without guidance the negative one has no effect, and whatever was read beside the prompt
        will do.
        """
        guided = request.guidance > 1.0
        key = self._key(request, guided)
        if key not in self._kept and not guided:
            key = next((one for one in self._kept if one[0] == request.prompt), key)
        words = self._kept.pop(key, None)
        if words is None:
            words = self._read(request, guided)
        self._kept[key] = words
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        if guided:
            return words
        return {name: one for name, one in words.items() if not name.startswith("negative")}

    def forget(self) -> bool:
        """Let all of them go; whether there were any."""
        some = bool(self._kept)
        self._kept.clear()
        return some

    def _key(self, request: Request, guided: bool) -> tuple[str, str | None]:
        if "negative_prompt" not in self._accepted:
            return request.prompt, None  # the guidance is told to the denoiser, not to the words
        return request.prompt, request.negative if guided else None

    def _read(self, request: Request, guided: bool) -> Words:
        wanted = {
            "prompt": request.prompt,
            "prompt_2": None,
            "prompt_3": None,
            "negative_prompt": request.negative,
            "device": self._place,
            "num_images_per_prompt": 1,
            "do_classifier_free_guidance": guided,
        }
        found = self._pipeline.encode_prompt(
            **{name: one for name, one in wanted.items() if name in self._accepted}
        )
        named = dict(zip(self._names, found, strict=False))
        return {name: one.float() for name, one in named.items() if one is not None}

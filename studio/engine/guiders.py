"""Guiders: diffusers' ways beyond classifier-free guidance, on its ordinary pipelines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import diffusers
import torch

from studio.core.guiders import GUIDERS
from studio.core.request import Request
from studio.engine.kinds import denoiser_of
from studio.engine.rounds import Rounds

#: Keys of `core.guiders.GUIDERS` that mend the two answers of a round, as their authors advise.
_MENDERS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "rescaled": (diffusers.ClassifierFreeGuidance, {"guidance_rescale": 0.7}),
    "zero_star": (diffusers.ClassifierFreeZeroStarGuidance, {"zero_init_steps": 0}),
    "projected": (
        diffusers.AdaptiveProjectedGuidance,
        {"eta": 0.0, "adaptive_projected_guidance_rescale": 15.0},
    ),
    "tangential": (diffusers.TangentialClassifierFreeGuidance, {}),
}
_PERTURBED = "attention"
#: Source: D. Ahn et al., Self-rectifying diffusion sampling with perturbed-attention guidance
#: (2024), section 5: the middle block, scale 3.
_LAYERS, _SCALE = "mid", 3.0


class Guides:
    """What one loaded pipeline can be guided by.

    Attributes:
        keys: Of `core.guiders.GUIDERS`.
    """

    def __init__(self, pipeline: Any, perturbed: type[Any] | None) -> None:
        """Look at a pipeline.

        Args:
            pipeline: As it was loaded.
            perturbed: Its kind with perturbed attention; None: there is none.
        """
        self._pipeline, self._perturbed = pipeline, perturbed
        # Only where both answers come from one call can they be mended on the way.
        both = hasattr(type(pipeline), "do_classifier_free_guidance")
        able = {"plain", *(_MENDERS if both else ())}
        if perturbed is not None and _has_middle(denoiser_of(pipeline)):
            able.add(_PERTURBED)
        self.keys = tuple(one.key for one in GUIDERS if one.key in able)

    @contextmanager
    def guiding(self, request: Request, rounds: Rounds) -> Iterator[Any]:
        """The pipeline to call for a request, guided as it says for as long as the block lasts.

        Args:
            request: Its guider and guidance count.
            rounds: Of this run.
        """
        if request.guider == _PERTURBED and self._perturbed is not None:
            with self._restored():
                yield self._with_perturbation()
        elif request.guider in _MENDERS and request.guidance > 1.0:
            hook = denoiser_of(self._pipeline).register_forward_hook(_mender(request, rounds))
            try:
                yield self._pipeline
            finally:
                hook.remove()
        else:
            yield self._pipeline

    def _with_perturbation(self) -> Any:
        kind: Any = self._perturbed
        parts = {**self._pipeline.components, "pag_applied_layers": _LAYERS}
        if "requires_safety_checker" in self._pipeline.config:
            parts["requires_safety_checker"] = False
        pipeline = kind(**parts)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    @contextmanager
    def _restored(self) -> Iterator[None]:
        """The pipeline puts the attention back only at its end; a run may be stopped before."""
        denoiser = denoiser_of(self._pipeline)
        before = dict(denoiser.attn_processors)
        try:
            yield
        finally:
            denoiser.set_attn_processor(before)


def _mender(request: Request, rounds: Rounds) -> Any:
    """A hook that lets the pipeline's own sum of the two answers be the guider's."""
    kind, settings = _MENDERS[request.guider]
    guider = kind(guidance_scale=request.guidance, **settings)

    def mend(_module: Any, _arguments: Any, output: Any) -> Any:
        without, with_prompt = output[0].chunk(2)
        if without.shape[1:].numel() == 1:
            return output  # a round that is skipped
        guider.set_state(rounds.count, request.steps, torch.zeros(()))
        found = guider.forward(pred_cond=with_prompt, pred_uncond=without).pred
        return (torch.cat([found, found]), *output[1:])

    return mend


def _has_middle(denoiser: Any) -> bool:
    return any(
        name.startswith("mid_block") and ".attn1." in name
        for name in getattr(denoiser, "attn_processors", {})
    )

"""Idle: parts of a model that are there and change nothing."""

from __future__ import annotations

from typing import Any


def drop_idle_attention(vae: Any) -> None:
    """Take the attention out of an autoencoder's middle where its answer is always 0; same bits.

    An AsymmetricAutoencoderKL cannot be built without. Its cost grows with the square of the
    picture's area; the starter model's was never trained.

    Args:
        vae: Of any kind; changed in place.
    """
    for coder in (getattr(vae, "encoder", None), getattr(vae, "decoder", None)):
        attentions: Any = getattr(getattr(coder, "mid_block", None), "attentions", ())
        for place, attention in enumerate(attentions):
            if _silent(attention):
                attentions[place] = None


def _silent(attention: Any) -> bool:
    out = getattr(attention, "to_out", None)
    return out is not None and not any(bool(weights.any()) for weights in out[0].parameters())

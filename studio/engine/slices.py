"""Slices: the denoiser's work in smaller pieces, one after the other; the picture stays."""

from __future__ import annotations

import functools
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

#: Rows of a score matrix that are worked on at a time.
_ROWS = 1024


def slice_up(denoiser: Any) -> None:
    """Have a denoiser take one picture of its batch at a time, and attention head by head.

    Guidance asks for two answers in one batch; one after the other they need half the memory.
    """
    whole = denoiser.forward

    @functools.wraps(whole)
    def forward(*args: Any, **kwargs: Any) -> Any:
        with _Heads():
            batch = int((args[0] if args else kwargs["hidden_states"]).shape[0])
            if batch < 2 or _mixes(denoiser):
                return whole(*args, **kwargs)
            answers = [
                whole(*_one(args, batch, index), **_one(kwargs, batch, index))
                for index in range(batch)
            ]
            return tuple(torch.cat(parts) for parts in zip(*answers, strict=True))

    denoiser.forward = forward


class _Heads(TorchFunctionMode):
    """Attention for one head and some rows at a time: its scores are never all in memory."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if func is not functional.scaled_dot_product_attention or len(args) < 3:
            return func(*args, **kwargs)
        mask = kwargs.get("attn_mask")
        if mask is not None or args[3:] or args[0].shape[-2] <= _ROWS:
            return func(*args, **kwargs)
        return _by_heads(*args, **kwargs)


def _by_heads(query: Tensor, key: Tensor, value: Tensor, **settings: Any) -> Tensor:
    """What scaled dot-product attention gives for `[batch, heads, n, d]`."""
    if settings.get("is_causal"):
        return functional.scaled_dot_product_attention(query, key, value, **settings)
    result = torch.empty(*query.shape[:-1], value.shape[-1], dtype=query.dtype, device=query.device)
    for item in range(query.shape[0]):
        for head in range(query.shape[1]):
            one = (slice(item, item + 1), slice(head, head + 1))
            for start in range(0, query.shape[2], _ROWS):
                rows = (*one, slice(start, start + _ROWS))
                result[rows] = functional.scaled_dot_product_attention(
                    query[rows], key[one], value[one], **settings
                )
    return result


def _mixes(denoiser: Any) -> bool:
    """Whether its attention looks at the whole batch at once, as perturbed attention does."""
    processors = getattr(denoiser, "attn_processors", {})
    return any(type(one).__name__.startswith("PAG") for one in processors.values())


def _one(values: Any, batch: int, index: int) -> Any:
    """The same arguments for one item of the batch."""
    if isinstance(values, Tensor):
        whole = values.ndim > 0 and values.shape[0] == batch
        return values[index : index + 1] if whole else values
    if isinstance(values, dict):
        return {name: _one(value, batch, index) for name, value in values.items()}
    if isinstance(values, tuple):
        return tuple(_one(value, batch, index) for value in values)
    return values

"""Attention on a CPU with bfloat16 instructions: as matrix products, which torch's own is not."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from studio.engine.devices import Device

#: Rows of the score matrix that are worked on at a time: what they need stays in the cache.
_BLOCK = 1024
#: Below so many queries times keys the calls cost more than they save.
_WORTHWHILE = 256 * 64


def attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Scaled dot-product attention without a mask.

    torch's own kernel works in float32 on such a processor, whatever it is given, unless that has
    tile instructions too (AMX). Matrix products in bfloat16 took 0.4 to 0.5 of its time for the
    sizes of Stable Diffusion 1.5 at 512 x 512, with an error of twice bfloat16's own rounding.

    Args:
        query: bfloat16 `[batch, heads, n, d]`.
        key: bfloat16 `[batch, heads, m, d]`.
        value: bfloat16 `[batch, heads, m, d]`.

    Returns:
        bfloat16 `[batch, heads, n, d]`.

    Source: Vaswani et al., Attention Is All You Need, equation 1; in blocks of queries as in
    Rabe and Staats, Self-attention Does Not Need O(n^2) Memory.
    """
    batch, heads, count, width = query.shape
    rows = (query * width**-0.5).flatten(0, 1)
    columns = key.flatten(0, 1).transpose(1, 2)
    values = value.flatten(0, 1)
    result = torch.empty(rows.shape, dtype=query.dtype)
    for head in range(batch * heads):
        for start in range(0, count, _BLOCK):
            part = slice(start, start + _BLOCK)
            shares = torch.mm(rows[head, part], columns[head]).softmax(-1)
            torch.mm(shares, values[head], out=result[head, part])
    return result.view(batch, heads, count, width)


def preferable(device: Device) -> bool:
    """Whether `attend` is the faster way there."""
    return (
        device.place.type == "cpu"
        and device.precision == torch.bfloat16
        and not torch.cpu._is_amx_tile_supported()
    )


class Blocks:
    """An attention processor for the denoisers of diffusers that have `set_attn_processor`.

    What it computes is what `diffusers.models.attention_processor.AttnProcessor2_0` does.
    """

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """The layer's output for hidden states `[batch, n, c]` or `[batch, c, h, w]`."""
        states = hidden_states
        if attn.spatial_norm is not None:
            states = attn.spatial_norm(states, temb)
        if hidden_states.ndim == 4:
            states = states.flatten(2).transpose(1, 2)
        if attn.group_norm is not None:
            states = attn.group_norm(states.transpose(1, 2)).transpose(1, 2)
        words = states if encoder_hidden_states is None else encoder_hidden_states
        if encoder_hidden_states is not None and attn.norm_cross:
            words = attn.norm_encoder_hidden_states(words)
        query, key, value = (
            part.unflatten(-1, (attn.heads, -1)).transpose(1, 2)
            for part in (attn.to_q(states), attn.to_k(words), attn.to_v(words))
        )
        if attn.norm_q is not None:
            query = attn.norm_q(query)
        if attn.norm_k is not None:
            key = attn.norm_k(key)
        seen = _attended(attn, query, key, value, attention_mask)
        states = attn.to_out[0](seen.transpose(1, 2).flatten(2).to(query.dtype))
        if hidden_states.ndim == 4:
            states = states.transpose(1, 2).reshape(hidden_states.shape)
        if attn.residual_connection:
            states = states + hidden_states
        result: Tensor = states / attn.rescale_output_factor
        return result


def _attended(attn: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    worthwhile = query.shape[2] * key.shape[2] >= _WORTHWHILE
    if mask is None and worthwhile and query.dtype == torch.bfloat16:
        return attend(query, key, value)
    if mask is not None:
        batch, _, length, _ = key.shape
        mask = attn.prepare_attention_mask(mask, length, batch)
        mask = mask.view(batch, attn.heads, -1, mask.shape[-1])
    return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)

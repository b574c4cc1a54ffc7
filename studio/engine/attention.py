"""Attention on a CPU with bfloat16 instructions: as matrix products, which torch's own is not."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from studio.engine.devices import Device

#: Scores that are worked on at a time: what they need stays in the cache.
_CELLS = 1 << 20
#: So many queries at least, as a matrix product of few rows is slow.
_FEWEST = 128
#: Below so many queries times keys the calls cost more than they save.
_WORTHWHILE = 256 * 64
#: Matrix products are fastest where both sides are a multiple of this.
_TILE = 16
#: Sums of exponentials between which scores are below 21, and rounded by 0.04 at the most.
_LEAST, _MOST = 1e-7, 1e9


def attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Scaled dot-product attention without a mask.

    torch's own kernel works in float32 on such a processor, whatever it is given, unless that has
    tile instructions too (AMX). Matrix products in bfloat16 took 0.3 of its time for the largest
    layers of Stable Diffusion 1.5 at 512 x 512, with an error of twice bfloat16's own rounding.

    The usual search for the greatest score of a row is left out: it guards the exponentials
    against overflow, of which scores that bfloat16 can tell apart are far. Keys less their mean
    keep the scores small, as that moves all scores of a row alike. A head whose sums show greater
    ones is done by torch.

    Args:
        query: bfloat16 `[batch, heads, n, d]`.
        key: bfloat16 `[batch, heads, m, d]`.
        value: bfloat16 `[batch, heads, m, d]`.

    Returns:
        bfloat16 `[batch, heads, n, d]`, in memory as `[batch, n, heads, d]`.

    Source: Vaswani et al., Attention Is All You Need, equation 1; in blocks of queries as in
        Rabe and Staats, Self-attention Does Not Need O(n^2) Memory; keys less their mean as in
        Zhang et al., SageAttention, section 4.2.
    """
    batch, heads, count, width = query.shape
    length = key.shape[2]
    exact = key.float()
    columns = ((exact - exact.mean(2, keepdim=True)) * width**-0.5).to(query.dtype)
    # A column of ones beside the values makes the product give the sums as well.
    values = value.new_zeros(batch, heads, length, (width // _TILE + 1) * _TILE)
    values[..., :width] = value
    values[..., width] = 1
    rows = min(count, max(_FEWEST, _CELLS // length))
    room = query.new_empty(rows, length)
    found = query.new_empty(count, values.shape[-1])
    result = query.new_empty(batch, count, heads, width).transpose(1, 2)
    for one in range(batch):
        for head in range(heads):
            for asked, answer in zip(
                torch.split(query[one, head], rows), torch.split(found, rows), strict=True
            ):
                scores = room[: len(asked)]
                torch.mm(asked, columns[one, head].t(), out=scores)
                torch.mm(torch.exp(scores, out=scores), values[one, head], out=answer)
            sums = found[:, width : width + 1]
            if bool(((sums > _LEAST) & (sums < _MOST)).all()):
                torch.div(found[:, :width], sums, out=result[one, head])
            else:
                part = (slice(one, one + 1), slice(head, head + 1))
                result[part] = functional.scaled_dot_product_attention(
                    query[part], key[part], value[part]
                )
    return result


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

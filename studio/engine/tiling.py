"""Tiling: an autoencoder of a kind that has no tiles of its own works in tiles all the same."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from diffusers.models.autoencoders.vae import DecoderOutput, DiagonalGaussianDistribution
from diffusers.models.modeling_outputs import AutoencoderKLOutput

#: Cells that two neighbours share; one fades into the other over them.
_SHARED = 8

Make = Callable[[slice, slice], torch.Tensor]


def tile(vae: Any, edge: int, grid: int) -> None:
    """Let an autoencoder encode and decode in tiles from now on.

    Args:
        vae: Whose `decode` may take a picture and a mask as well; changed in place.
        edge: Of a tile in cells, more than twice what two neighbours share.
        grid: Edge of a cell in px.
    """
    encode, decode = vae.encode, vae.decode

    def encode_in_tiles(pictures: torch.Tensor, return_dict: bool = True) -> Any:
        def part(rows: slice, columns: slice) -> torch.Tensor:
            inside = pictures[..., _scaled(rows, grid), _scaled(columns, grid)]
            return torch.as_tensor(encode(inside).latent_dist.parameters)

        high, wide = (side // grid for side in pictures.shape[-2:])
        found = DiagonalGaussianDistribution(_joined(part, high, wide, edge, 1))
        return AutoencoderKLOutput(latent_dist=found) if return_dict else (found,)

    def decode_in_tiles(
        cells: torch.Tensor,
        generator: torch.Generator | None = None,
        image: torch.Tensor | None = None,
        mask: torch.Tensor | None = None,
        return_dict: bool = True,
    ) -> Any:
        def part(rows: slice, columns: slice) -> torch.Tensor:
            shown = {
                name: one[..., _scaled(rows, grid), _scaled(columns, grid)]
                for name, one in (("image", image), ("mask", mask))
                if one is not None
            }
            inside = cells[..., rows, columns]
            return torch.as_tensor(decode(inside, generator, return_dict=False, **shown)[0])

        high, wide = cells.shape[-2:]
        found = _joined(part, high, wide, edge, grid)
        return DecoderOutput(sample=found) if return_dict else (found,)

    vae.encode, vae.decode = encode_in_tiles, decode_in_tiles


def _joined(make: Make, high: int, wide: int, edge: int, grid: int) -> torch.Tensor:
    """The whole of its tiles, each fading into its neighbours.

    Args:
        make: A tile of those rows and columns of cells, `[n, c, rows x grid, columns x grid]`.
        high: Of the whole, in cells.
        wide: Likewise.
        edge: Of a tile, in cells.
        grid: Values per cell and side.
    """
    across = _spans(wide, edge)
    bands = []
    downs = _spans(high, edge)
    for rows in downs:
        tiles = [make(rows, columns).movedim(-1, 0) for columns in across]
        bands.append(_faded(tiles, across, grid).movedim(0, -1).movedim(-2, 0))
    return _faded(bands, downs, grid).movedim(0, -2)


def _faded(parts: list[torch.Tensor], spans: list[slice], grid: int) -> torch.Tensor:
    """Parts one after the other along their first axis, each fading into the next."""
    whole = parts[0]
    for (before, span), part in zip(pairwise(spans), parts[1:], strict=True):
        shared = (before.stop - span.start) * grid
        share = torch.arange(0.5, shared, device=part.device, dtype=part.dtype) / shared
        share = share.view(-1, *(1,) * (part.dim() - 1))
        between = torch.lerp(whole[-shared:], part[:shared], share)
        whole = torch.cat([whole[:-shared], between, part[shared:]])
    return whole


def _spans(side: int, edge: int) -> list[slice]:
    """Where tiles begin and end along a side, each at least `_SHARED` cells into the next."""
    count = max(1, -(-(side - _SHARED) // (edge - _SHARED)))
    if count == 1:
        return [slice(0, side)]
    starts = [round(number * (side - edge) / (count - 1)) for number in range(count)]
    return [slice(start, start + edge) for start in starts]


def _scaled(span: slice, grid: int) -> slice:
    return slice(span.start * grid, span.stop * grid)

"""Layers to one picture; what a layer does not cover stays bit-identical."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.blends import BLENDS, Colours
from studio.document.layer import Layer
from studio.document.tiles import pieces


def flatten(layers: Sequence[Layer], rect: Rect) -> Pixels:
    """The visible layers over each other.

    Args:
        layers: Bottom to top.
        rect: Document px.

    Returns:
        uint8 `[h, w, 4]` straight alpha, a fresh array. The bottom layer's pixels are taken as
        they are, colours under full transparency included, so that an untouched picture comes
        out as it went in.
    """
    picture = np.zeros((max(0, rect.height), max(0, rect.width), 4), np.uint8)
    shown = [layer for layer in layers if layer.visible and layer.opacity > 0]
    for key, inner, outer in pieces(rect):
        stack: list[tuple[Layer, Pixels]] = []
        for layer in reversed(shown):
            tile = layer.pixels.tile(key)
            if tile is not None:
                stack.append((layer, tile[inner]))
                if layer is shown[0] or _covers(layer, tile[inner]):
                    break
        target = picture[outer]
        for layer, part in reversed(stack):
            if layer.opacity >= 1 and (layer is shown[0] or _covers(layer, part)):
                target[...] = part
            else:
                over(target, part, layer.opacity, layer.blend)
    return picture


def over(target: Pixels, source: Pixels, opacity: float = 1.0, blend: str = "normal") -> None:
    """Lay `source` over `target`, in place.

    Where the source's alpha is 0 the target stays bit-identical; where it is 255 at full opacity
    and in mode normal the target becomes the source bit for bit.

    Args:
        target: uint8 `[h, w, 4]` straight alpha.
        source: uint8 `[h, w, 4]` straight alpha.
        opacity: 0 to 1, multiplies the source's alpha.
        blend: A key of `BLENDS`.

    Source: W3C Compositing and Blending Level 1, sections 5.1 and 9.1.4.
    """
    alpha = source[..., 3]
    if not alpha.any():
        return
    if opacity < 1:
        alpha = np.rint(np.arange(256) * opacity).astype(np.uint8)[alpha]
    if blend != "normal":
        _blend_over(target, source, alpha, blend)
    elif target[..., 3].min(initial=255) == 255:
        _over_opaque(target, source, alpha)
    else:
        _over_any(target, source, alpha)


def _covers(layer: Layer, part: Pixels) -> bool:
    return (
        layer.blend == "normal"
        and layer.opacity >= 1
        and bool(part[..., 3].min(initial=255) == 255)
    )


def _over_opaque(target: Pixels, source: Pixels, alpha: Pixels) -> None:
    share = alpha.astype(np.uint16)[..., None]
    mixed = source[..., :3] * share
    mixed += target[..., :3] * (255 - share)
    mixed += 128
    # (t + (t >> 8)) >> 8 with t = x + 128 is x / 255 rounded, for every x up to 255 * 255.
    mixed += mixed >> 8
    target[..., :3] = mixed >> 8


def _over_any(target: Pixels, source: Pixels, alpha: Pixels) -> None:
    # Weights and weighted sums stay below 2^24, so float32 holds them exactly.
    share = alpha.astype(np.float32)[..., None]
    above = share * 255
    below = target[..., 3:] * (255 - share)
    weight = above + below
    np.maximum(weight, 1, out=below)
    mixed = (source[..., :3] * above + target[..., :3] * (weight - above)) / below
    target[..., :3] = np.where(weight > 0, np.rint(mixed), target[..., :3])
    target[..., 3:] = np.rint(weight / 255)


def _blend_over(target: Pixels, source: Pixels, alpha: Pixels, blend: str) -> None:
    share = _unit(alpha[..., None])
    back = _unit(target[..., 3:])
    colour = _unit(source[..., :3])
    below = _unit(target[..., :3])
    mixed = share * ((1 - back) * colour + back * BLENDS[blend](below, colour))
    mixed += (1 - share) * back * below
    total = share + back * (1 - share)
    result = np.rint(mixed / np.maximum(total, 1e-6) * 255)
    touched = share > 0
    target[..., :3] = np.where(touched, result, target[..., :3])
    target[..., 3:] = np.where(touched, np.rint(total * 255), target[..., 3:])


def _unit(values: Pixels) -> Colours:
    return np.multiply(values, np.float32(1 / 255), dtype=np.float32)

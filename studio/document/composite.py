"""Layers to one picture; what a layer does not cover stays bit-identical."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.blends import BLENDS, Blend, Colours
from studio.document.layer import Layer
from studio.document.tiles import Box, Key, TileGrid, pieces, tile_rect

#: Pixels mixed at a time: what that needs stays in the cache; a whole tile takes ten times as long.
_BAND = 16384


@dataclass(frozen=True, slots=True, eq=False)
class _Folder:
    """A group as it is mixed."""

    opacity: float
    blend: str
    nodes: list[Node]


Node = Layer | _Folder
Mix = Callable[[Pixels, Pixels, Pixels], None]


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
    nodes = _nodes(layers, 0)
    for key, inner, outer in pieces(rect):
        _draw(picture[outer], nodes, key, inner)
    return picture


def clipped(layers: Sequence[Layer], bounds: Rect, rect: Rect) -> Pixels:
    """The visible layers over each other as far as `bounds` go, zeros outside; as `flatten`."""
    inside = rect.intersected(bounds)
    if inside == rect:
        return flatten(layers, rect)
    picture = np.zeros((max(0, rect.height), max(0, rect.width), 4), np.uint8)
    if not inside.empty:
        place = inside.moved(-rect.x, -rect.y)
        picture[place.rows, place.columns] = flatten(layers, inside)
    return picture


def flattened(layers: Sequence[Layer]) -> TileGrid:
    """The visible layers as the pixels of one; what only the bottom one holds is not copied."""
    result = TileGrid(4)
    shown = [layer for layer in layers if layer.visible and layer.opacity > 0]
    for key in sorted(set[Key]().union(*(layer.pixels.keys() for layer in shown))):
        holders = [layer for layer in shown if layer.pixels.tile(key) is not None]
        if holders == shown[:1] and shown[0].opacity >= 1 and not shown[0].groups:
            result.take(key, shown[0].pixels)
        else:
            result.write(tile_rect(key), flatten(layers, tile_rect(key)))
    return result


def merged(lower: Layer, upper: Layer) -> TileGrid:
    """The pixels of both as one layer's, which has the lower's blend mode and full opacity."""
    result = lower.pixels.snapshot()
    if lower.opacity < 1:
        for key, tile in lower.pixels.items():
            faded = tile.copy()
            faded[..., 3] = np.rint(faded[..., 3] * lower.opacity)
            result.write(tile_rect(key), faded)
    for key, tile in upper.pixels.items():
        mixed = result.read(tile_rect(key))
        over(mixed, tile, upper.opacity, upper.blend)
        result.write(tile_rect(key), mixed)
    return result


def _nodes(layers: Iterable[Layer], depth: int) -> list[Node]:
    """What is shown at that depth of groups, bottom to top."""
    nodes: list[Node] = []
    shown = (layer for layer in layers if layer.visible and layer.opacity > 0)
    for group, members in groupby(shown, lambda layer: (*layer.groups, None)[depth : depth + 1]):
        inside = group[0] if group else None
        if inside is None:
            nodes.extend(members)
        elif inside.visible and inside.opacity > 0:
            nodes.append(_Folder(inside.opacity, inside.blend, _nodes(members, depth + 1)))
    return nodes


def _draw(target: Pixels, nodes: Sequence[Node], key: Key, inner: Box) -> bool:
    """Lay what the nodes have in that part of a tile over nothing; whether there was any."""
    stack: list[tuple[Node, Pixels]] = []
    for node in reversed(nodes):
        part = _part(node, key, inner)
        if part is not None:
            stack.append((node, part))
            if node is nodes[0] or _covers(node, part):
                break
    for node, part in reversed(stack):
        if node.opacity >= 1 and (node is nodes[0] or _covers(node, part)):
            target[...] = part
        else:
            over(target, part, node.opacity, node.blend)
    return bool(stack)


def _part(node: Node, key: Key, inner: Box) -> Pixels | None:
    if isinstance(node, Layer):
        tile = node.pixels.tile(key)
        return None if tile is None else tile[inner]
    rows, columns = inner
    mixed = np.zeros((rows.stop - rows.start, columns.stop - columns.start, 4), np.uint8)
    return mixed if _draw(mixed, node.nodes, key, inner) else None


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
    if not source[..., 3].any():
        return
    if blend == "normal":
        _over(target, source, _alpha(source, opacity))
    else:
        _in_bands(
            partial(_blend_over, blend=BLENDS[blend]), target, source, _alpha(source, opacity)
        )


def _alpha(source: Pixels, opacity: float) -> Pixels:
    if opacity >= 1:
        return source[..., 3]
    levels = np.rint(np.arange(256) * opacity).astype(np.uint8)
    return np.take(levels, source[..., 3])


def _over(target: Pixels, source: Pixels, alpha: Pixels) -> None:
    """Mix what is half transparent; most of a layer is there or is not, and is copied or left."""
    words, laid = target.view(np.uint32)[..., 0], source.view(np.uint32)[..., 0]
    np.copyto(words, laid, where=alpha == 255)
    soft = alpha - np.uint8(1) < 254
    count = np.count_nonzero(soft)
    if 2 * count > alpha.size:
        mix = _over_opaque if target[..., 3].min() == 255 else _over_any
        _in_bands(mix, target, source, alpha)
    elif count:
        below = words[soft].view(np.uint8).reshape(1, count, 4)
        above = laid[soft].view(np.uint8).reshape(1, count, 4)
        mix = _over_opaque if below[..., 3].min() == 255 else _over_any
        mix(below, above, alpha[soft][None])
        words[soft] = below.view(np.uint32)[0, :, 0]


def _in_bands(mix: Mix, target: Pixels, source: Pixels, alpha: Pixels) -> None:
    rows = max(1, _BAND // target.shape[1])
    for top in range(0, target.shape[0], rows):
        band = slice(top, top + rows)
        mix(target[band], source[band], alpha[band])


def _covers(node: Node, part: Pixels) -> bool:
    return (
        node.blend == "normal" and node.opacity >= 1 and bool(part[..., 3].min(initial=255) == 255)
    )


def _over_opaque(target: Pixels, source: Pixels, alpha: Pixels) -> None:
    # All four bytes of a pixel at once, alpha too, which is put right in the end: loops over three
    # of four bytes take ten times as long.
    share = (alpha.astype(np.uint32) * np.uint32(0x01010101)).view(np.uint8).reshape(source.shape)
    mixed = np.multiply(source, share, dtype=np.uint16)
    mixed += np.multiply(target, 255 - share, dtype=np.uint16)
    mixed += 128
    # (t + (t >> 8)) >> 8 with t = x + 128 is x / 255 rounded, for every x up to 255 * 255.
    mixed += mixed >> 8
    mixed >>= 8
    result = mixed.astype(np.uint8)
    result[..., 3] = 255
    target[...] = result


def _over_any(target: Pixels, source: Pixels, alpha: Pixels) -> None:
    # Weights and weighted sums stay below 2^24, so float32 holds them exactly.
    share = alpha.astype(np.float32)
    above = share * 255
    below = (255 - share) * target[..., 3]
    weight = above + below
    shown = weight > 0
    safe = np.maximum(weight, 1)
    for channel in range(3):
        mixed = np.rint((source[..., channel] * above + target[..., channel] * below) / safe)
        np.copyto(target[..., channel], mixed, where=shown, casting="unsafe")
    target[..., 3] = np.rint(weight / 255)


def _blend_over(target: Pixels, source: Pixels, alpha: Pixels, blend: Blend) -> None:
    share, back = _unit(alpha), _unit(target[..., 3])
    colour, below = _planes(source), _planes(target)
    mixed = share * ((1 - back) * colour + back * blend(below, colour))
    mixed += (1 - share) * back * below
    total = share + back * (1 - share)
    result = np.rint(mixed / np.maximum(total, 1e-6) * 255)
    touched = alpha > 0
    for channel in range(3):
        np.copyto(target[..., channel], result[channel], where=touched, casting="unsafe")
    np.copyto(target[..., 3], np.rint(total * 255), where=touched, casting="unsafe")


def _planes(pixels: Pixels) -> Colours:
    return np.stack([_unit(pixels[..., channel]) for channel in range(3)])


def _unit(values: Pixels) -> Colours:
    return np.multiply(values, np.float32(1 / 255), dtype=np.float32)

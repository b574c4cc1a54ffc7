"""Pictures of several layers for the tests of file formats."""

from __future__ import annotations

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.blends import BLENDS
from studio.document.files.metadata import Recipe
from studio.document.layer import Group, Layer
from studio.document.layered import Layered
from studio.document.masks import Mask


def noise(width: int, height: int, seed: int) -> Pixels:
    """uint8 `[h, w, 4]`, any alpha, colours under full transparency too."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[: height // 4, :, 3] = 0
    return pixels


def layer(name: str, area: Rect, seed: int, **properties: object) -> Layer:
    """A layer of noise at that place."""
    made = Layer(name)
    for key, value in properties.items():
        setattr(made, key, value)
    made.pixels.write(area, noise(area.width, area.height, seed))
    return made


def rich() -> Layered:
    """One of everything: every blend mode, groups in groups, offsets, locks, masks, a frame."""
    outer = Group("Gruppe ä", opacity=0.5, blend="multiply", locked=True)
    inner = Group("inner <&>", visible=False)
    layers = [layer("ground", Rect(-20, -10, 320, 300), 1, kind="image")]
    for number, blend in enumerate(BLENDS):
        area = Rect(number * 20 - 60, 30, 64 + number, 280)
        layers.append(layer(f"{blend} ✏️", area, number, blend=blend, opacity=number / 9))
    layers.append(layer("in", Rect(5, 6, 7, 8), 30, groups=(outer,), locked=True))
    layers.append(layer("deep", Rect(290, 280, 40, 40), 31, groups=(outer, inner)))
    layers.append(layer("out", Rect(1, 1, 30, 30), 32, groups=(outer,), visible=False))
    layers.append(Layer("empty", alpha_locked=True, kind="result"))
    masks = (Mask("mask", strength=0.4, colour=(1, 2, 3)), Mask("second ♥", visible=False))
    masks[0].pixels.write(Rect(-30, 5, 100, 90), noise(100, 90, 40)[..., 0])
    return Layered(
        Rect(-20, -10, 320, 300),
        tuple(layers),
        masks,
        active=3,
        active_mask=1,
        frame=Rect(-50, -40, 256, 192),
        dpi=(300.0, 300.0),
        recipe=Recipe(prompt="a cat", steps=4),
    )


def described(picture: Layered) -> list[tuple[object, ...]]:
    """What is told of each layer beside its pixels; groups by their properties and membership."""
    known: dict[int, int] = {}
    return [
        (
            each.name,
            each.visible,
            each.opacity,
            each.blend,
            each.locked,
            tuple(
                (
                    one.name,
                    one.visible,
                    one.opacity,
                    one.blend,
                    one.locked,
                    known.setdefault(one.id, len(known)),
                )
                for one in each.groups
            ),
        )
        for each in picture.layers
    ]


def same_pixels(one: Layered, other: Layered) -> bool:
    """Whether all layers hold the same, each seen from its own picture's corner."""
    area = one.bounds.grown(100)
    there = other.bounds.grown(100)
    return all(
        np.array_equal(mine.pixels.read(area), theirs.pixels.read(there))
        for mine, theirs in zip(one.layers, other.layers, strict=True)
    )

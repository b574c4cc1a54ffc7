"""What OpenRaster has no word for, in a member of our own: masks, frame, kinds, locks of alpha.

Other programs leave members that stack.xml does not name alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from studio.core.geometry import Rect
from studio.document.files.metadata import Recipe, recipe_of, texts
from studio.document.layer import KINDS, Layer
from studio.document.layered import Layered
from studio.document.masks import COLOUR, Mask
from studio.document.tiles import TileGrid

MEMBER = "sfumato/picture.json"
MOST_BYTES = 4 << 20
MOST_MASKS = 256
_VERSION = 1
_FURTHEST = 1 << 24

#: Gives the densities of a member as a grid, with its first pixel at that place.
ReadMask = Callable[[str, int, int], TileGrid]


def written(
    picture: Layered, layers: Mapping[str, Layer], masks: Sequence[tuple[Mask, str, Rect]]
) -> bytes:
    """The member's bytes.

    Args:
        picture: What is written.
        layers: By the members that hold their pixels.
        masks: In their order, with the member that holds their densities and its rectangle.
    """
    left, top = picture.bounds.x, picture.bounds.y
    frame = picture.frame.moved(-left, -top)
    values: dict[str, Any] = {
        "version": _VERSION,
        "frame": [frame.x, frame.y, frame.width, frame.height],
        "active mask": picture.active_mask,
        "layers": {
            source: {"kind": each.kind, "alpha locked": each.alpha_locked}
            for source, each in layers.items()
        },
        "masks": [
            {
                "name": mask.name,
                "src": source,
                "x": area.x - left,
                "y": area.y - top,
                "strength": mask.strength,
                "colour": list(mask.colour),
                "visible": mask.visible,
            }
            for mask, source, area in masks
        ],
    }
    if picture.recipe is not None:
        values["recipe"] = texts(picture.recipe)
    return json.dumps(values, indent=1).encode()


class Extras:
    """What such a member tells; anything that makes no sense is taken as not said."""

    def __init__(self, data: bytes) -> None:
        """Of the member's bytes; empty ones tell nothing."""
        try:
            values = json.loads(data) if data else {}
        except (ValueError, RecursionError):
            values = {}
        self._values: dict[str, Any] = values if isinstance(values, dict) else {}

    @property
    def frame(self) -> Rect:
        """The frame, empty where none is told."""
        numbers = self._values.get("frame")
        if isinstance(numbers, list) and len(numbers) == 4 and all(map(_is_whole, numbers)):
            frame = Rect(*numbers)
            return Rect(0, 0, 0, 0) if frame.empty else frame
        return Rect(0, 0, 0, 0)

    @property
    def recipe(self) -> Recipe | None:
        """What the picture was made with."""
        values = self._values.get("recipe")
        return recipe_of(values.get) if isinstance(values, dict) else None

    def mend(self, layer: Layer, source: str) -> None:
        """Give a layer that was read from that member its kind and its lock."""
        layers = self._values.get("layers")
        values = layers.get(source) if isinstance(layers, dict) else None
        if isinstance(values, dict):
            kind = values.get("kind")
            layer.kind = kind if kind in KINDS else layer.kind
            layer.alpha_locked = values.get("alpha locked") is True

    def masks(self, read: ReadMask) -> tuple[tuple[Mask, ...], int]:
        """All masks in their order, and the index of the active one."""
        listed = self._values.get("masks")
        found = listed[:MOST_MASKS] if isinstance(listed, list) else []
        masks = tuple(_mask(each, read) for each in found if _is_mask(each))
        active = self._values.get("active mask")
        inside = isinstance(active, int) and 0 <= active < len(masks)
        return masks, int(active) if inside and active is not None else 0


def _is_mask(values: object) -> bool:
    if not isinstance(values, dict):
        return False
    return isinstance(values.get("src"), str) and all(_is_whole(values.get(x)) for x in "xy")


def _mask(values: dict[str, Any], read: ReadMask) -> Mask:
    strength, colour, name = values.get("strength"), values.get("colour"), values.get("name")
    plain = isinstance(colour, list) and len(colour) == 3 and all(map(_is_byte, colour))
    strength = strength if isinstance(strength, int | float) and 0 <= strength <= 1 else 1.0
    return Mask(
        name if isinstance(name, str) else "",
        read(values["src"], values["x"], values["y"]),
        float(strength),
        (colour[0], colour[1], colour[2]) if plain and colour is not None else COLOUR,
        values.get("visible") is not False,
    )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _FURTHEST


def _is_byte(value: object) -> bool:
    return _is_whole(value) and isinstance(value, int) and 0 <= value <= 255

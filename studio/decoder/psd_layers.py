"""Photoshop's layers as psd-tools gives them, to what the studio has; runs in the child only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.api.layers import Group, GroupMixin, Layer
from psd_tools.constants import ColorMode, Resource, Tag

from studio.core.pixels import Pixels
from studio.document.files.psd_modes import BLENDS, KEYS, PASS_THROUGH

_LONGEST_NAME = 255
_LOCK_ALL, _LOCK_ALPHA = 0x80000000, 0x01
_DEEPEST = 64
#: Kinds of layers that become pixels, as they are called in a sentence.
_FROZEN = {"type": "text", "smartobject": "smart objects", "shape": "shapes"}

Header = dict[str, Any]


class Reading:
    """One open file."""

    def __init__(self, psd: PSDImage) -> None:
        """Of a file that psd-tools has opened."""
        self._psd = psd
        self._notes: dict[str, None] = {}
        self._dropped: dict[str, None] = {}
        self._modes: dict[str, None] = {}
        self._icc = self._foreign_profile()

    def frames(self) -> Iterator[tuple[Header, Pixels | None]]:
        """Headers, and the pixels of layers: uint8 `[h, w, 4]` sRGB straight alpha."""
        psd = self._psd
        yield {"kind": "picture", "size": [psd.width, psd.height], "dpi": self._dpi()}, None
        if len(psd) == 0:
            yield from self._flat()
        else:
            yield from self._inside(psd, [])
        yield {"kind": "done", "notes": list(self._said())}, None

    def _inside(self, folder: GroupMixin, groups: list[Header]) -> Iterator[tuple[Header, Pixels]]:
        for layer in folder:
            if isinstance(layer, Group):
                if len(groups) < _DEEPEST:
                    yield from self._inside(layer, [*groups, self._group(layer)])
                else:
                    self._notes["Groups that lie too deep in each other were left out."] = None
                continue
            pixels = self._pixels(layer)
            if pixels is None:
                self._dropped[layer.kind] = None
                continue
            height, width = pixels.shape[:2]
            area = [layer.left, layer.top, width, height] if pixels.size else [0, 0, 0, 0]
            locks = int(layer.locks.value) if layer.locks else 0
            header = {
                **self._looks(layer),
                "kind": "layer",
                "area": area,
                "locked": bool(locks & _LOCK_ALL),
                "alpha locked": bool(locks & _LOCK_ALPHA),
                "groups": groups,
            }
            yield header, pixels

    def _flat(self) -> Iterator[tuple[Header, Pixels]]:
        image = self._psd.topil(apply_icc=self._icc)
        if image is None:
            raise ValueError("neither layers nor a picture")
        self._notes["It has no layers: its picture became one."] = None
        pixels = _rgba(image)
        yield (
            {
                "kind": "layer",
                "name": "",
                "visible": True,
                "opacity": 1.0,
                "blend": "normal",
                "area": [0, 0, pixels.shape[1], pixels.shape[0]],
                "locked": False,
                "alpha locked": False,
                "groups": [],
            },
            pixels,
        )

    def _group(self, group: Group) -> Header:
        looks = self._looks(group)
        if bytes(group.blend_mode.value) == PASS_THROUGH:
            looks["blend"] = "normal"
            if any(each.blend_mode.value != KEYS["normal"] for each in group):
                self._notes[
                    "A group that let its layers through to those beneath is now mixed by itself."
                ] = None
        if group.has_mask() and not (group.mask and group.mask.disabled):
            self._notes["Masks of groups were left out."] = None
        locks = int(group.locks.value) if group.locks else 0
        looks["locked"] = bool(locks & _LOCK_ALL)
        return {**looks, "id": group.layer_id if group.layer_id > 0 else id(group)}

    def _looks(self, layer: Layer) -> Header:
        key = bytes(layer.blend_mode.value)
        if key not in BLENDS and key != PASS_THROUGH:
            self._modes[layer.blend_mode.name.lower().replace("_", " ")] = None
        fill = layer.tagged_blocks.get_data(Tag.BLEND_FILL_OPACITY, 255)
        return {
            "name": str(layer.name).rstrip("\0")[:_LONGEST_NAME],
            "visible": bool(layer.visible),
            "opacity": layer.opacity / 255 * int(getattr(fill, "value", fill)) / 255,
            "blend": BLENDS.get(key, "normal"),
        }

    def _pixels(self, layer: Layer) -> Pixels | None:
        """What a layer holds, its mask applied; None where it has no pixels to give."""
        if layer.width <= 0 or layer.height <= 0:
            return np.zeros((0, 0, 4), np.uint8) if layer.kind == "pixel" else None
        image = layer.topil(apply_icc=self._icc)
        if image is None:
            return np.zeros((0, 0, 4), np.uint8) if layer.kind == "pixel" else None
        pixels = _rgba(image)
        if layer.kind in _FROZEN:
            self._notes[f"Its {_FROZEN[layer.kind]} became pixels."] = None
        if layer.clipping:
            self._notes["Layers that were clipped to the one beneath are no longer."] = None
        if layer.has_effects():
            self._notes["Effects of layers, such as shadows, were left out."] = None
        self._apply_mask(layer, pixels)
        return pixels

    def _apply_mask(self, layer: Layer, pixels: Pixels) -> None:
        mask = layer.mask
        if mask is None or mask.disabled:
            return
        alpha = np.full(pixels.shape[:2], mask.background_color, np.uint8)
        image = mask.topil() if mask.width > 0 and mask.height > 0 else None
        if image is not None:
            left, top = mask.left - layer.left, mask.top - layer.top
            canvas = Image.fromarray(alpha)
            canvas.paste(image.convert("L"), (left, top))
            alpha = np.asarray(canvas)
        pixels[..., 3] = (pixels[..., 3].astype(np.uint16) * alpha + 127) // 255
        self._notes["Masks of layers were applied to their pixels."] = None

    def _dpi(self) -> list[float] | None:
        info = self._psd.image_resources.get_data(Resource.RESOLUTION_INFO)
        across, down = (getattr(info, each, 0) / 65536 for each in ("horizontal", "vertical"))
        return [across, down] if across >= 1 and down >= 1 else None

    def _foreign_profile(self) -> bool:
        """Whether colours have to be brought into sRGB."""
        if self._psd.color_mode == ColorMode.CMYK:
            self._notes["Its print colours (CMYK) were converted to sRGB."] = None
        if self._psd.depth > 8:
            self._notes[f"It had {self._psd.depth} bits per channel; the studio works with 8."] = (
                None
            )
        data = self._psd.image_resources.get_data(Resource.ICC_PROFILE)
        if not data:
            return False
        try:
            title = ImageCms.getProfileDescription(_profile(bytes(data))).strip()
        except (ImageCms.PyCMSError, OSError, ValueError):
            self._notes["Its colour profile cannot be used; colours may look different."] = None
            return False
        if "srgb" in title.lower():
            return False
        self._notes[f"Its colours were converted from {title[:80]} to sRGB."] = None
        return True

    def _said(self) -> Iterator[str]:
        if self._dropped:
            kinds = ", ".join(self._dropped)
            yield f"Layers without pixels were left out: {kinds}."
        if self._modes:
            yield f"Blend modes that the studio lacks became normal: {', '.join(self._modes)}."
        yield from self._notes


def _profile(data: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(data))


def _rgba(image: Image.Image) -> Pixels:
    return np.array(image.convert("RGBA"))

"""Contents: everything that a document shows, as one value: to begin with, or to go back to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels, size_of
from studio.document.files.metadata import Recipe
from studio.document.layer import Layer
from studio.document.layered import Layered, frozen
from studio.document.limits import check_size
from studio.document.masks import Mask

NOTHING = Rect(0, 0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """What is there, without history and name; layers and masks are the document's own objects.

    Attributes:
        layers: Bottom to top.
        active: The layer that tools paint on, one of them.
        masks: In the order in which they are listed; never none.
        mask: The mask that tools paint, one of them.
        bounds: The picture's rectangle; empty without a picture.
        frame: What the next run works on; an empty one leaves the frame where it is.
    """

    layers: tuple[Layer, ...]
    active: Layer | None
    masks: tuple[Mask, ...]
    mask: Mask
    bounds: Rect
    frame: Rect

    @classmethod
    def plain(cls, layer: Layer | None, bounds: Rect) -> Contents:
        """One layer or none, one empty mask, the frame around the picture."""
        mask = Mask(_tr("mask"))
        layers = () if layer is None else (layer,)
        return cls(layers, layer, (mask,), mask, bounds, bounds)

    @classmethod
    def of_layered(cls, picture: Layered) -> Contents:
        """What a file holds, with a mask and a frame where it has none; its layers are taken over.

        Raises:
            UsageError: A side is shorter than 1 px or longer than the limit.
        """
        check_size(picture.bounds.size)
        layers = picture.layers or (Layer(_tr("background")),)
        masks = picture.masks or (Mask(_tr("mask")),)
        frame = picture.bounds if picture.frame.empty else picture.frame
        active = layers[-1] if picture.active is None else layers[picture.active]
        return cls(layers, active, masks, masks[picture.active_mask], picture.bounds, frame)

    @classmethod
    def of_pixels(cls, pixels: Pixels, name: str) -> Contents:
        """A picture as one layer: uint8 `[h, w, 4]`.

        Raises:
            UsageError: A side is shorter than 1 px or longer than the limit.
        """
        check_size(size_of(pixels))
        layer = Layer(name or _tr("picture"), kind="image")
        bounds = Rect.of(size_of(pixels))
        layer.pixels.write(bounds, pixels)
        return cls.plain(layer, bounds)

    @classmethod
    def blank(cls, size: Size, colour: tuple[int, int, int, int] | None) -> Contents:
        """One plain layer of that colour (sRGB and alpha), or transparent.

        Raises:
            UsageError: A side is shorter than 1 px or longer than the limit.
        """
        check_size(size)
        layer = Layer(_tr("background"))
        bounds = Rect.of(size)
        if colour is not None:
            layer.pixels.fill(bounds, colour)
        return cls.plain(layer, bounds)

    def layered(self, notes: tuple[str, ...] = (), recipe: Recipe | None = None) -> Layered:
        """All of it as a value for files; later painting leaves it alone."""
        masks = tuple(replace(each, pixels=each.pixels.snapshot()) for each in self.masks)
        return Layered(
            self.bounds,
            frozen(self.layers),
            masks,
            active=None if self.active is None else self.layers.index(self.active),
            active_mask=self.masks.index(self.mask),
            frame=self.frame,
            recipe=recipe,
            notes=notes,
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Document", text)

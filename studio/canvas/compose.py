"""Compose: the document's picture and mask as images for any rectangle of the screen."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QImage, QPainter, QTransform

from studio.canvas.edges import beside, core, to_padding
from studio.canvas.pyramid import (
    LEVELS,
    Packed,
    Pyramid,
    halved_colours,
    halved_mask,
    scaled_down,
)
from studio.canvas.viewport import NEAREST_FROM, Viewport
from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds
from studio.document.composite import flatten
from studio.document.document import Document
from studio.document.layer import Layer
from studio.document.masks import Mask
from studio.document.tiles import TILE, tile_rect

#: Pixels from here on have full alpha.
OPAQUE = np.uint32(0xFF000000)
#: Opaque greys: Qt draws these several times faster than images of one channel.
_GREYS = np.arange(256, dtype=np.uint32) * np.uint32(0x010101) | OPAQUE
#: Seconds of the processor's time that the picture may take in one repaint: half a frame.
PATIENCE = 0.008
#: Tiles that a repaint computes at any rate, so that a small picture never comes in parts.
LEAST = 8
#: Share of the mask's colour where its density is full (window.md).
TINT = 0.45


@dataclass(frozen=True, slots=True)
class Drawn:
    """Part of a pyramid's level, ready to be drawn.

    Attributes:
        part: Px of that level.
        image: Of the size of `part`.
        missing: What there was no time for yet and is transparent, px of that level.
    """

    level: int
    part: Rect
    image: QImage
    missing: tuple[Rect, ...] = ()

    @property
    def opaque(self) -> bool:
        """Whether nothing under it is seen."""
        return not self.image.hasAlphaChannel()

    @property
    def on_document(self) -> Rect:
        """The document px that it shows."""
        return scaled_up(self.part, self.level)

    def paint(self, painter: QPainter, viewport: Viewport, smooth: bool) -> None:
        """Draw it where it belongs; the painter is in px of the sheet."""
        scale = viewport.zoom * (1 << self.level)
        left, top = viewport.origin
        painter.save()
        turn = painter.worldTransform()
        slanted = bool(turn.m11()) and bool(turn.m12())
        interpolated = (smooth and scale != 1.0) or (slanted and viewport.zoom < NEAREST_FROM)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, interpolated)
        painter.setWorldTransform(QTransform(scale, 0, 0, scale, left, top), True)
        painter.drawImage(QPointF(self.part.x, self.part.y), self.image)
        painter.restore()


@dataclass(frozen=True, slots=True, eq=False)
class Densities:
    """Part of a mask on the screen.

    Attributes:
        area: Device px.
        pixels: uint8 `[h, w]` of that area.
    """

    area: Rect
    pixels: Pixels


class Composer:
    """Pyramids over a document's picture and mask, told what became stale by their owner."""

    def __init__(self, document: Document) -> None:
        """Nothing is computed before it is drawn.

        `late` gathers what of the picture there was no time to compute, document px; the owner
        takes it out and has it drawn again.
        """
        self.late: list[Rect] = []
        self._until: float | None = None
        self._reads = 0
        self._document = document
        self._picture = Pyramid(self._read_picture, halved_colours)
        self._masks: dict[int, Pyramid] = {}
        self._lifted: tuple[Layer, ...] = ()
        self._bounds = document.bounds
        self._before: Rect | None = None  # bounds, when nothing but they changed since

    def lift(self, layers: tuple[Layer, ...]) -> None:
        """Leave these layers out of the picture, while they are shown elsewhere."""
        changed = {*self._lifted, *layers}
        self._lifted = layers
        for each in changed:
            self.picture_changed(each.pixels.bounds())

    def picture_changed(self, area: Rect) -> None:
        """The composite changed there, document px."""
        before, self._before = self._before, None
        if before is not None and area == before.united(self._document.bounds):
            for part in beside(area, core(before, self._document.bounds)):
                self._picture.invalidate(part)
            return
        self._picture.invalidate(to_padding(area, self._document.bounds))

    def bounds_changed(self) -> None:
        """The picture's rectangle changed; its pixels did not, unless layers changed as well."""
        self._before, self._bounds = self._bounds, self._document.bounds

    def stack_changed(self) -> None:
        """Layers or masks changed: with other bounds may come other pixels."""
        self._before = None

    def mask_changed(self, area: Rect) -> None:
        """Densities of masks changed there, or masks came and went; document px."""
        held = {mask.id for mask in self._document.masks.all}
        self._masks = {key: value for key, value in self._masks.items() if key in held}
        for pyramid in self._masks.values():
            pyramid.invalidate(area)

    def picture_at(self, viewport: Viewport, exposed: Rect) -> Drawn | None:
        """What of the picture lies in `exposed` (device px); None when it is transparent."""
        area = _needed(viewport, exposed).intersected(self._document.bounds)
        level = min(viewport.level, LEVELS - 1)
        part = scaled_down(area, level)
        pixels, late, missing = self._picture.read_partly(
            level, part, self._document.bounds, self._spent
        )
        self.late += [scaled_up(each, level) for each in late]
        if pixels is None and not missing:
            return None
        if pixels is None:
            pixels = np.zeros((part.height, part.width), np.uint32)
        # Qt rounds the edge of a scaled image in its own way: one px more on the picture's edges
        # leaves no gap to where the caller clips.
        whole = scaled_down(self._document.bounds, level)
        left, right = int(part.x == whole.x), int(part.right == whole.right)
        top, bottom = int(part.y == whole.y), int(part.bottom == whole.bottom)
        if left or right or top or bottom:
            pixels = np.pad(pixels, ((top, bottom), (left, right)), mode="edge")
            part = Rect.between(
                part.x - left, part.y - top, part.right + right, part.bottom + bottom
            )
        return Drawn(level, part, as_image(pixels), tuple(missing))

    def mask_at(
        self, viewport: Viewport, exposed: Rect, smooth: bool, mask: Mask | None = None
    ) -> Densities | None:
        """What of a mask lies in `exposed` (device px), as it looks on the screen.

        Args:
            viewport: Upright.
            exposed: Device px.
            smooth: Whether to interpolate.
            mask: The active one unless told.
        """
        mask = mask or self._document.masks.active
        pyramid = self._masks.setdefault(mask.id, Pyramid(_reader(mask), halved_mask))
        return on_screen(pyramid, mask.pixels.bounds(), viewport, exposed, smooth)

    def tint(self, densities: Densities, mask: Mask | None = None) -> QImage:
        """These densities in the colour of a mask, the active one unless told."""
        mask = mask or self._document.masks.active
        table = tint_table(mask.colour, TINT * mask.strength)
        return as_image(np.take(table, densities.pixels))

    def hurry(self, hurried: bool) -> None:
        """From now on leave for later what takes too long, or take all the time again."""
        self._until = time.thread_time() + PATIENCE if hurried else None
        self._reads = 0

    def _spent(self) -> bool:
        if self._until is None or self._reads < LEAST:
            return False
        return time.thread_time() > self._until

    def _composite(self, area: Rect) -> Pixels:
        if not self._lifted:
            return self._document.composite(area)
        return flatten([one for one in self._document.layers if one not in self._lifted], area)

    def _read_picture(self, area: Rect) -> Packed | None:
        self._reads += 1
        bounds = self._document.bounds
        if bounds.contains(area):
            return premultiplied(self._composite(area))
        # The edge goes on to the end of its tile, so that no transparent pixel is averaged or
        # interpolated into the picture's border.
        tile = tile_rect((area.x // TILE, area.y // TILE))
        inside = tile.intersected(bounds)
        if inside.empty:
            return None
        pixels = premultiplied(self._composite(inside))
        rows = np.arange(area.y, area.bottom).clip(inside.y, inside.bottom - 1) - inside.y
        columns = np.arange(area.x, area.right).clip(inside.x, inside.right - 1) - inside.x
        repeated: Packed = pixels[rows[:, None], columns]
        return repeated


def _reader(mask: Mask) -> Callable[[Rect], Pixels | None]:
    """Gives the densities of whole tiles; None where there are none."""

    def read(area: Rect) -> Pixels | None:
        grid = mask.pixels
        if grid.tile((area.x // TILE, area.y // TILE)) is None:
            return None
        return grid.read(area)

    return read


def on_screen(
    pyramid: Pyramid, within: Rect, viewport: Viewport, exposed: Rect, smooth: bool
) -> Densities | None:
    """The densities of a pyramid within `exposed` (device px); None when all are 0.

    All are 0 outside `within` (document px), so a far view does not look for them there.
    Without `smooth` no marked pixel of the pyramid is skipped, however far the view is zoomed out.
    """
    level = viewport.level
    if not smooth and viewport.zoom * (1 << level) < 1:
        level += 1
    level = min(level, LEVELS - 1)
    part = scaled_down(_needed(viewport, exposed).intersected(within), level)
    pixels = pyramid.read(level, part, within)
    if pixels is None:
        return None
    marked = mask_bounds(pixels)
    # Nothing all around, so that interpolation ends in nothing.
    greys = np.full((marked.height + 2, marked.width + 2), _GREYS[0])
    greys[1:-1, 1:-1] = np.take(_GREYS, pixels[marked.rows, marked.columns])
    drawn = Drawn(level, marked.moved(part.x, part.y).grown(1), as_image(greys))
    area = viewport.touched(drawn.on_document).intersected(exposed)
    if area.empty:
        return None
    target = QImage(area.width, area.height, QImage.Format.Format_RGB32)
    target.fill(0)
    painter = QPainter(target)
    painter.translate(-area.x, -area.y)
    drawn.paint(painter, viewport, smooth)
    painter.end()
    shown = image_rows(target).reshape(area.height, area.width, 4)[..., 0].copy()
    return Densities(area, shown)


def as_image(pixels: Packed) -> QImage:
    """An image over the same memory, which it keeps alive.

    Args:
        pixels: uint32 `[h, w]` premultiplied ARGB, contiguous.
    """
    height, width = pixels.shape
    if pixels.size and pixels.min() >= OPAQUE:
        kind = QImage.Format.Format_RGB32  # drawn in half the time, and nothing lies under it
    else:
        kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, pixels.strides[0], kind)


def image_rows(image: QImage) -> Pixels:
    """The bytes of an image as uint8 `[h, bytes per line]`; valid as long as the image lives."""
    rows = np.frombuffer(image.constBits(), np.uint8)
    return rows.reshape(image.height(), image.bytesPerLine())


def premultiplied(pixels: Pixels) -> Packed:
    """Straight RGBA, uint8 `[h, w, 4]`, as uint32 `[h, w]` of premultiplied ARGB."""
    height, width = pixels.shape[:2]
    pixels = np.ascontiguousarray(pixels)
    straight = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGBA8888)
    image = straight.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return image_rows(image).view(np.uint32).copy()


@functools.lru_cache(maxsize=16)
def tint_table(colour: tuple[int, int, int], share: float) -> Packed:
    """Premultiplied ARGB for each density 0 to 255; `share` is the alpha of density 255."""
    alpha = np.arange(256) / 255 * min(max(share, 0.0), 1.0)
    table = np.rint(alpha * 255).astype(np.uint32) << np.uint32(24)
    for channel, shift in zip(colour, (16, 8, 0), strict=True):
        table |= np.rint(alpha * channel).astype(np.uint32) << np.uint32(shift)
    return table


def scaled_up(area: Rect, level: int) -> Rect:
    """The document px under px of that level."""
    edge = 1 << level
    return Rect(area.x * edge, area.y * edge, area.width * edge, area.height * edge)


def device_rect(area: Rect) -> QRect:
    """The same rectangle for Qt."""
    return QRect(area.x, area.y, area.width, area.height)


def _needed(viewport: Viewport, exposed: Rect) -> Rect:
    """Document px that `exposed` depends on, with what interpolation takes from beside them."""
    return viewport.seen(exposed).grown(2 << min(viewport.level, LEVELS - 1))

"""Viewport: where the document lies on the screen, as a frozen value.

Three spaces: document px (an infinite plane), device px (real pixels of the screen, counted from
the view's top left corner) and Qt's own view px (device px divided by the screen's ratio).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from studio.core.geometry import Rect, Size

MIN_ZOOM, MAX_ZOOM = 0.01, 64.0
#: From here on the single pixels of the picture are shown as squares.
NEAREST_FROM = 4.0
#: Zoom that lands this near to 1:1 (in doublings) becomes 1:1, which alone is pixel exact.
SNAP = 0.06


@dataclass(frozen=True, slots=True)
class Viewport:
    """A zoom and a position.

    Attributes:
        zoom: Device px per document px.
        x: Device px of the document's column 0.
        y: Device px of the document's row 0.
        size: Of the view, device px.
    """

    zoom: float
    x: float
    y: float
    size: Size

    @property
    def level(self) -> int:
        """The pyramid level to draw from: shrunk by less than two while drawing."""
        return max(0, math.floor(-math.log2(self.zoom) + 1e-9))

    @property
    def smooth(self) -> bool:
        """Whether to interpolate; at whole zooms of 100 % there is nothing to interpolate."""
        return self.zoom < NEAREST_FROM and self.zoom != 1.0

    @property
    def origin(self) -> tuple[int, int]:
        """`x` and `y` on whole device px, so that 1:1 is exact and panning never blurs."""
        return round(self.x), round(self.y)

    def to_document(self, x: float, y: float) -> tuple[float, float]:
        """The document px under a device px."""
        left, top = self.origin
        return (x - left) / self.zoom, (y - top) / self.zoom

    def to_device(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the document lies on the screen."""
        left, top = self.origin
        return x * self.zoom + left, y * self.zoom + top

    def device_rect(self, area: Rect) -> Rect:
        """The device px that `area` (document px) covers, its edges on the nearest whole px."""
        left, top = self.to_device(area.x, area.y)
        right, bottom = self.to_device(area.right, area.bottom)
        return Rect.between(round(left), round(top), round(right), round(bottom))

    def touched(self, area: Rect) -> Rect:
        """All device px whose look may depend on `area` (document px), interpolation included."""
        if area.empty:
            return Rect(0, 0, 0, 0)
        margin = 2 + math.ceil(min(self.zoom, NEAREST_FROM))
        left, top = self.to_device(area.x, area.y)
        right, bottom = self.to_device(area.right, area.bottom)
        return Rect.between(
            math.floor(left) - margin,
            math.floor(top) - margin,
            math.ceil(right) + margin,
            math.ceil(bottom) + margin,
        )

    def seen(self, area: Rect) -> Rect:
        """The document px needed to draw `area` (device px)."""
        left, top = self.to_document(area.x, area.y)
        right, bottom = self.to_document(area.right, area.bottom)
        return Rect.between(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))

    def panned(self, dx: float, dy: float) -> Viewport:
        """Moved by that many device px."""
        return replace(self, x=self.x + dx, y=self.y + dy)

    def zoomed(self, zoom: float, at: tuple[float, float]) -> Viewport:
        """At another zoom, the document px under the device px `at` staying where it is."""
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        if abs(math.log2(zoom)) < SNAP:
            zoom = 1.0
        ratio = zoom / self.zoom
        return replace(
            self, zoom=zoom, x=at[0] - (at[0] - self.x) * ratio, y=at[1] - (at[1] - self.y) * ratio
        )

    def resized(self, size: Size) -> Viewport:
        """In a view of another size; what was in the middle stays in the middle."""
        dx, dy = (size.width - self.size.width) / 2, (size.height - self.size.height) / 2
        return replace(self, size=size, x=self.x + dx, y=self.y + dy)

    def fitted(self, area: Rect, free: Rect) -> Viewport:
        """`area` (document px) whole and in the middle of `free` (device px)."""
        if area.empty or self.size.empty:
            return self
        zoom = min(max(1, free.width) / area.width, max(1, free.height) / area.height)
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        x = free.x + free.width / 2 - (area.x + area.width / 2) * zoom
        y = free.y + free.height / 2 - (area.y + area.height / 2) * zoom
        return replace(self, zoom=zoom, x=x, y=y)

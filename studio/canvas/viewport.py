"""Viewport: where the document lies on the screen, as a frozen value.

Three spaces: document px (an infinite plane), device px (real pixels of the screen, counted from
the view's top left corner) and Qt's own view px (device px divided by the screen's ratio). A view
that is rotated or mirrored shows a sheet on which the document lies upright: everything is drawn
on the sheet (`upright`), and the sheet is turned about the middle of the view (`turn`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtGui import QTransform

from studio.core.geometry import Rect, Size

Spot = tuple[float, float]

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
        x: Device px of the document's column 0, on the sheet.
        y: Device px of the document's row 0, on the sheet.
        size: Of the view, device px.
        angle: Of the sheet on the screen, degrees clockwise, -180 to 180.
        mirrored: Whether left and right of the sheet are swapped before it is rotated.
    """

    zoom: float
    x: float
    y: float
    size: Size
    angle: float = 0.0
    mirrored: bool = False

    @property
    def turned(self) -> bool:
        """Whether the sheet does not lie on the screen as it is."""
        return self.mirrored or self.angle != 0.0

    @property
    def slanted(self) -> bool:
        """Whether rows of the sheet are neither rows nor columns of the screen."""
        return self.angle % 90 != 0.0

    @property
    def upright(self) -> Viewport:
        """The same sheet, not turned."""
        return replace(self, angle=0.0, mirrored=False) if self.turned else self

    @property
    def pivot(self) -> tuple[int, int]:
        """What the sheet is turned about: whole px, so that right angles keep pixels exact."""
        return self.size.width // 2, self.size.height // 2

    @property
    def turn(self) -> QTransform:
        """From the sheet to the screen, both in device px."""
        a, b, c, d = self._matrix
        x, y = self.pivot
        return QTransform(a, b, c, d, x - a * x - c * y, y - b * x - d * y)

    @property
    def _matrix(self) -> tuple[float, float, float, float]:
        """What the sheet's unit vectors become on the screen: x of the first, its y, the second."""
        # Exact at right angles, where math.sin is not.
        quarter = self.angle / 90
        if quarter == int(quarter):
            cosine, sine = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarter) % 4]
        else:
            cosine, sine = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        flip = -1.0 if self.mirrored else 1.0
        return cosine * flip, sine * flip, -sine, cosine

    def direction_on_screen(self, dx: float, dy: float) -> Spot:
        """A way on the sheet (or in the document) as the eye sees it, of the same length."""
        a, b, c, d = self._matrix
        return a * dx + c * dy, b * dx + d * dy

    def direction_on_sheet(self, dx: float, dy: float) -> Spot:
        """A way of the hand on the screen as one on the sheet, of the same length."""
        a, b, c, d = self._matrix
        return a * dx + b * dy, c * dx + d * dy

    def on_sheet(self, x: float, y: float) -> Spot:
        """The px of the sheet under a device px."""
        if not self.turned:
            return x, y
        px, py = self.pivot
        dx, dy = self.direction_on_sheet(x - px, y - py)
        return px + dx, py + dy

    def on_screen(self, x: float, y: float) -> Spot:
        """The device px over a px of the sheet."""
        if not self.turned:
            return x, y
        px, py = self.pivot
        dx, dy = self.direction_on_screen(x - px, y - py)
        return px + dx, py + dy

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

    def to_document(self, x: float, y: float) -> Spot:
        """The document px under a device px."""
        left, top = self.origin
        x, y = self.on_sheet(x, y)
        return (x - left) / self.zoom, (y - top) / self.zoom

    def to_device(self, x: float, y: float) -> Spot:
        """Where a point of the document lies on the screen."""
        left, top = self.origin
        return self.on_screen(x * self.zoom + left, y * self.zoom + top)

    def device_rect(self, area: Rect) -> Rect:
        """The device px that `area` (document px) covers, its edges on the nearest whole px."""
        left, top, right, bottom = self._box(area)
        return Rect.between(round(left), round(top), round(right), round(bottom))

    def touched(self, area: Rect) -> Rect:
        """All device px whose look may depend on `area` (document px), interpolation included."""
        if area.empty:
            return Rect(0, 0, 0, 0)
        margin = 2 + math.ceil(min(self.zoom, NEAREST_FROM)) * (2 if self.slanted else 1)
        return _whole(*self._box(area)).grown(margin)

    def seen(self, area: Rect) -> Rect:
        """The document px needed to draw `area` (device px)."""
        return _whole(*_around(area, self.to_document))

    def sheet(self, area: Rect) -> Rect:
        """All px of the sheet that are seen in `area` (device px)."""
        if not self.turned:
            return area
        whole = _whole(*_around(area, self.on_sheet))
        return whole.grown(1) if self.slanted else whole

    def panned(self, dx: float, dy: float) -> Viewport:
        """Moved by that many device px on the screen."""
        dx, dy = self.direction_on_sheet(dx, dy) if self.turned else (dx, dy)
        return replace(self, x=self.x + dx, y=self.y + dy)

    def zoomed(self, zoom: float, at: Spot) -> Viewport:
        """At another zoom, the document px under the device px `at` staying where it is."""
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        if abs(math.log2(zoom)) < SNAP:
            zoom = 1.0
        ratio = zoom / self.zoom
        at = self.on_sheet(*at)
        return replace(
            self, zoom=zoom, x=at[0] - (at[0] - self.x) * ratio, y=at[1] - (at[1] - self.y) * ratio
        )

    def rotated(self, angle: float, at: Spot) -> Viewport:
        """At another angle (degrees), the document px under the device px `at` staying there."""
        return self._held_at(at, replace(self, angle=(angle + 180.0) % 360.0 - 180.0))

    def flipped(self, at: Spot) -> Viewport:
        """Left and right of the screen swapped about the device px `at`."""
        return self._held_at(at, replace(self, angle=-self.angle, mirrored=not self.mirrored))

    def resized(self, size: Size) -> Viewport:
        """In a view of another size; what was in the middle stays in the middle."""
        dx, dy = (size.width - self.size.width) / 2, (size.height - self.size.height) / 2
        return replace(self, size=size, x=self.x + dx, y=self.y + dy)

    def fitted(self, area: Rect, free: Rect) -> Viewport:
        """`area` (document px) whole and in the middle of `free` (device px)."""
        if area.empty or self.size.empty:
            return self
        a, b, c, d = (abs(each) for each in self._matrix)
        wide, high = a * area.width + c * area.height, b * area.width + d * area.height
        zoom = min(max(1, free.width) / wide, max(1, free.height) / high)
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        x, y = self.on_sheet(free.x + free.width / 2, free.y + free.height / 2)
        return replace(
            self,
            zoom=zoom,
            x=x - (area.x + area.width / 2) * zoom,
            y=y - (area.y + area.height / 2) * zoom,
        )

    def _held_at(self, at: Spot, turned: Viewport) -> Viewport:
        """`turned`, moved so that the sheet's px under the device px `at` is what it was."""
        before, after = self.on_sheet(*at), turned.on_sheet(*at)
        return replace(turned, x=self.x + after[0] - before[0], y=self.y + after[1] - before[1])

    def _box(self, area: Rect) -> tuple[float, float, float, float]:
        if self.turned:
            return _around(area, self.to_device)
        (left, top), (right, bottom) = (
            self.to_device(area.x, area.y),
            self.to_device(area.right, area.bottom),
        )
        return left, top, right, bottom


def _around(
    area: Rect, mapped: Callable[[float, float], Spot]
) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what the corners of `area` become."""
    corners = [mapped(x, y) for x in (area.x, area.right) for y in (area.y, area.bottom)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _whole(left: float, top: float, right: float, bottom: float) -> Rect:
    return Rect.between(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))

"""Surface: a widget that shows a document, zooms and pans, and repaints only what changed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QMargins, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.canvas.compose import device_rect
from studio.canvas.guides import paint_rulers
from studio.canvas.look import Look
from studio.canvas.overlay import HANDLE, PROGRESS
from studio.canvas.scene import Scene
from studio.canvas.tools.base import Spot
from studio.canvas.viewport import Viewport
from studio.core.geometry import Rect, Size
from studio.document.document import Document

#: Painting one more rectangle costs about as much as painting so many px.
OVERHEAD = 20_000
#: A region that cannot be told by so many rectangles is painted as one.
MOST_RECTS = 12


class Surface(QWidget):
    """The document through a viewport.

    Signals:
        zoom_changed: Device px per document px.
        view_changed: Zoom, position or size; what floats over the picture may follow it.
    """

    zoom_changed = Signal(float)
    view_changed = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        """Show that document."""
        super().__init__(parent)
        self.document = document
        self.scene = Scene(document)
        self._ratio = 1.0
        self._rulers = False
        self._insets = QMargins(24, 24, 24, 24)
        self._viewport = Viewport(1.0, 0.0, 0.0, Size(1, 1))
        # Until the artist zooms or pans, the whole picture stays in view.
        self._fits = True
        self._frame = document.frame
        self._behind = False
        self._catch_up = QTimer(self)
        self._catch_up.setSingleShot(True)
        self._catch_up.setInterval(0)
        self._catch_up.timeout.connect(self._on_late)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        document.changed.connect(self._on_changed)
        document.masks.changed.connect(self._on_mask_changed)
        document.bounds_changed.connect(self._on_bounds_changed)
        document.frame_changed.connect(self._on_frame_changed)
        document.layers_changed.connect(self.scene.composer.stack_changed)
        document.masks.listing_changed.connect(self.scene.composer.stack_changed)

    @property
    def viewport(self) -> Viewport:
        """Where the document lies on the screen now."""
        return self._viewport

    @property
    def grain(self) -> float:
        """Document px per view px."""
        return self._ratio / self._viewport.zoom

    def zoom(self) -> float:
        """Device px per document px: 1 shows each pixel of the picture as one of the screen."""
        return self._viewport.zoom

    def set_zoom(self, zoom: float) -> None:
        """Zoom about the middle of the view."""
        self.zoom_at(zoom, QPointF(self.width() / 2, self.height() / 2))

    def zoom_at(self, zoom: float, position: QPointF) -> None:
        """Zoom; the document px under `position` (view px) stays where it is."""
        if not math.isfinite(zoom) or zoom <= 0:
            return
        self._fits = False
        self._look_through(self._viewport.zoomed(zoom, self._device_px(position)))

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by that many view px."""
        self._fits = False
        self._look_through(self._viewport.panned(dx * self._ratio, dy * self._ratio))

    def pan_document(self, dx: float, dy: float) -> None:
        """Move the picture by that many document px, along its own rows and columns."""
        self._fits = False
        viewport = self._viewport
        dx, dy = viewport.direction_on_screen(dx * viewport.zoom, dy * viewport.zoom)
        self._look_through(viewport.panned(dx, dy))

    @property
    def view_rotation(self) -> float:
        """How far the picture is rotated on the screen: degrees clockwise, -180 to 180."""
        return self._viewport.angle

    @property
    def view_flipped(self) -> bool:
        """Whether the picture is shown as in a mirror."""
        return self._viewport.mirrored

    def rotate_view(self, degrees: float, position: QPointF | None = None) -> None:
        """Rotate what is shown clockwise; the document is not touched.

        Args:
            degrees: Further than now.
            position: View px that stays where it is; the middle of the view without one.
        """
        if math.isfinite(degrees):
            self._fits = self._fits and position is None
            self._turn_to(
                self._viewport.rotated(self.view_rotation + degrees, self._device_px(position))
            )

    def reset_view_rotation(self) -> None:
        """Upright again; a flipped view stays flipped."""
        self._turn_to(self._viewport.rotated(0.0, self._device_px(None)))

    def flip_view(self) -> None:
        """Swap left and right of the screen, as in a mirror; the document is not touched."""
        self._turn_to(self._viewport.flipped(self._device_px(None)))

    def set_rulers(self, shown: bool) -> None:
        """Rulers in document px along the upper and the left edge; none on a slanted view."""
        self._rulers = shown
        self.update()

    def set_pixel_grid(self, shown: bool) -> None:
        """Whether lines part single pixels from 800 % on."""
        self.scene.shown.grid = shown
        self.update()

    def fit(self) -> None:
        """The whole picture in view, and all of the frame."""
        area = self.document.bounds.united(self.document.frame)
        self._fits = True
        ratio, insets = self._ratio, self._insets
        free = Rect.between(
            round(insets.left() * ratio),
            round(insets.top() * ratio),
            round((self.width() - insets.right()) * ratio),
            round((self.height() - insets.bottom()) * ratio),
        )
        self._look_through(self._viewport.fitted(area, free))

    def one_to_one(self) -> None:
        """One px of the picture on one px of the screen."""
        self.set_zoom(1.0)

    def set_insets(self, insets: QMargins) -> None:
        """How much of each side `fit` leaves to what floats over the canvas, view px."""
        self._insets = insets
        if self._fits:
            self.fit()

    def set_look(self, look: Look) -> None:
        """Other colours around the picture."""
        self.scene.look = look
        self.update()

    def to_document(self, position: QPointF) -> Spot:
        """The document px under a view px."""
        return self._viewport.to_document(position.x() * self._ratio, position.y() * self._ratio)

    def to_view(self, area: Rect) -> QRect:
        """Where `area` (document px) lies in the view, view px."""
        return self._in_view(self._viewport.device_rect(area))

    def damage(self, area: Rect) -> None:
        """Repaint what shows `area` (document px)."""
        self.update(self._in_view(self._viewport.touched(area)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the exposed rectangles only."""
        if self._ratio != self.devicePixelRatioF():
            self._on_resized()
        painter = QPainter(self)
        painter.scale(1 / self._ratio, 1 / self._ratio)
        viewport = self._viewport
        self.scene.composer.hurry(True)
        for rect in exposed_rects(event.region()):
            exposed = self._on_device(rect)
            painter.save()
            painter.setClipRect(device_rect(exposed))
            if viewport.turned:
                painter.setTransform(viewport.turn, True)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, viewport.slanted)
            self.scene.paint(painter, viewport.upright, viewport.sheet(exposed), self._ratio)
            painter.restore()
        if self._rulers and not viewport.slanted:
            paint_rulers(painter, self.scene.look, viewport, self._ratio)
        painter.end()
        self.scene.composer.hurry(False)
        self._behind = bool(self.scene.composer.late)
        if self._behind:
            # The rest comes with the next turns of the event loop, between the artist's gestures.
            self._catch_up.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is in the middle stays there, or all of the picture stays in view."""
        self._on_resized()

    def _on_resized(self) -> None:
        self._ratio = self.devicePixelRatioF()
        size = Size(round(self.width() * self._ratio), round(self.height() * self._ratio))
        self._viewport = self._viewport.resized(size)
        if self._fits:
            self.fit()
        else:
            self.view_changed.emit()

    def _device_px(self, position: QPointF | None) -> Spot:
        """Device px of a view px, or of the middle."""
        if position is None:
            return self._viewport.pivot
        return position.x() * self._ratio, position.y() * self._ratio

    def _turn_to(self, viewport: Viewport) -> None:
        self._look_through(viewport)
        if self._fits:
            self.fit()

    def _look_through(self, viewport: Viewport) -> None:
        before, self._viewport = self._viewport, viewport
        if viewport.zoom != before.zoom:
            self.zoom_changed.emit(viewport.zoom)
        if viewport != before:
            self.update()
            self.view_changed.emit()

    def _on_late(self) -> None:
        late, self.scene.composer.late = self.scene.composer.late, []
        for area in late:
            self.damage(area)

    @property
    def complete(self) -> bool:
        """Whether everything that was painted is up to date; else the rest follows by itself."""
        return not self._behind

    def _on_changed(self, area: Rect) -> None:
        self.scene.composer.picture_changed(area)
        self.damage(area)

    def _on_mask_changed(self, area: Rect) -> None:
        self.scene.composer.mask_changed(area)
        self.damage(area)

    def _on_bounds_changed(self) -> None:
        self.scene.composer.bounds_changed()
        if self._fits or self.document.history.count() == 0:
            self.fit()
        self.update()

    def _on_frame_changed(self) -> None:
        before, self._frame = self._frame, self.document.frame
        margin = round((HANDLE + PROGRESS) * self._ratio)
        old, new = (self._viewport.device_rect(frame) for frame in (before, self._frame))
        if self._viewport.slanted:
            self.update(self._region(old.grown(margin)).united(self._region(new.grown(margin))))
            return
        # The edges of both, and what lies inside only one of them and so is dimmed or not.
        region = self._region(old).xored(self._region(new))
        for frame in (old, new):
            edge = self._region(frame.grown(margin)).subtracted(self._region(frame.grown(-margin)))
            region = region.united(edge)
        self.update(region)

    def _region(self, area: Rect) -> QRegion:
        return QRegion() if area.empty else QRegion(self._in_view(area))

    def _in_view(self, area: Rect) -> QRect:
        """View px that hold `area` (device px)."""
        ratio = self._ratio
        left, top = math.floor(area.x / ratio), math.floor(area.y / ratio)
        right, bottom = math.ceil(area.right / ratio), math.ceil(area.bottom / ratio)
        return QRect(left, top, right - left, bottom - top)

    def _on_device(self, rect: Rect) -> Rect:
        """Device px that `rect` (view px) touches."""
        ratio = self._ratio
        return Rect.between(
            math.floor(rect.x * ratio),
            math.floor(rect.y * ratio),
            math.ceil(rect.right * ratio),
            math.ceil(rect.bottom * ratio),
        )


def exposed_rects(region: QRegion) -> list[Rect]:
    """What to paint of a region: few rectangles, at the price of some px more."""
    merged: list[Rect] = []
    # A region can be iterated over, of which PySide6's type hints do not know.
    for each in cast("Iterable[QRect]", region):
        rect = _of_qt(each)
        for index, other in enumerate(merged):
            both = rect.united(other)
            if both.size.area <= rect.size.area + other.size.area + OVERHEAD:
                merged[index] = both
                break
        else:
            merged.append(rect)
            if len(merged) > MOST_RECTS:
                return [_of_qt(region.boundingRect())]
    return merged


def _of_qt(rect: QRect) -> Rect:
    return Rect(rect.x(), rect.y(), rect.width(), rect.height())

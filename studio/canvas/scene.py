"""Scene: everything the canvas shows, drawn bottom to top for one exposed rectangle."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter

from studio.canvas import guides, overlay
from studio.canvas.comparison import Comparison
from studio.canvas.compose import Composer, device_rect, scaled_up
from studio.canvas.lifted import Lifted
from studio.canvas.look import Look
from studio.canvas.placed import Placed, Together
from studio.canvas.reach import Reach
from studio.canvas.viewport import NEAREST_FROM, Viewport
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.masks import Mask

Point = tuple[float, float]
NOTHING = Rect(0, 0, 0, 0)
#: Of the mask's outline while its tint is shown: a tint alone is lost on a picture of its colour.
FAINT = 0.5


@dataclass(slots=True)
class Shown:
    """What lies over the picture at the moment; points and lengths in document px.

    Attributes:
        preview: The forming picture.
        made: What earlier runs of the same take made, under it.
        take: A finished one that is being considered.
        comparison: How that is compared with the picture.
        boxes: What the model will look at, run by run.
        held: The one of them that can be dragged.
        running: Whether the mask's outline stands for its tint.
        progress: 0 to 1 along the frame's lower edge, or None.
        plain: Whether nothing but the picture is shown.
        reach: What the next run may change, while that is shown.
        handles: Whether the frame is being edited.
        path: Of a selection being drawn.
        ring: Where the brush is, its radius and the radius of its hard core.
        box: Corners of the box around content that can be dragged.
        lifted: That content while it is dragged.
        crop: What a crop would leave.
        grid: Whether lines between pixels are shown where there is room for them.
    """

    preview: Placed | None = None
    made: Together | None = None
    take: Placed | Together | None = None
    comparison: Comparison | None = None
    boxes: tuple[Rect, ...] = ()
    held: Rect = NOTHING
    running: bool = False
    progress: float | None = None
    plain: bool = False
    reach: Reach | None = None
    handles: bool = False
    path: tuple[Point, ...] = ()
    ring: tuple[Point, float, float] | None = None
    box: tuple[Point, ...] = ()
    lifted: Lifted | None = None
    crop: Rect = NOTHING
    grid: bool = True


class Scene:
    """Draws; holds no state but its caches and what its owner puts into `shown`."""

    def __init__(self, document: Document) -> None:
        """A scene of that document."""
        self._document = document
        self.composer = Composer(document)
        self.shown = Shown()
        self.look = Look()

    def paint(self, painter: QPainter, viewport: Viewport, exposed: Rect, ratio: float) -> None:
        """Draw all of `exposed` (px of the sheet); `ratio` of the painter's px are a view px.

        Args:
            painter: Its px are the sheet's; its clip is kept.
            viewport: Upright.
            exposed: Px of the sheet.
            ratio: Device px per view px.
        """
        painter.save()
        if not viewport.device_rect(self._document.bounds).contains(exposed):
            painter.fillRect(device_rect(exposed), QColor(*self.look.surround))
        self._paint_picture(painter, viewport, exposed, ratio)
        if self.shown.plain:
            painter.restore()
            return
        if self.shown.grid:
            bounds = self._document.bounds
            guides.paint_grid(painter, self.look, viewport, bounds, exposed)
        if self.shown.reach is not None:
            overlay.paint_reach(painter, self.look, self.shown.reach, viewport, exposed)
        else:
            self._paint_masks(painter, viewport, exposed)
        self._paint_boxes(painter, viewport, ratio)
        self._paint_frame(painter, viewport, exposed, ratio)
        if self.shown.take is not None and self.shown.comparison is not None:
            self.shown.comparison.paint_line(painter, self.look, viewport, ratio)
        self._paint_handles(painter, viewport, exposed, ratio)
        self._paint_hand(painter, viewport, ratio)
        painter.restore()

    def _paint_picture(
        self, painter: QPainter, viewport: Viewport, exposed: Rect, ratio: float
    ) -> None:
        picture = viewport.device_rect(self._document.bounds)
        inside = picture.intersected(exposed)
        beyond = viewport.device_rect(self._document.frame).intersected(exposed)
        framed = self._document.has_picture or self.shown.running
        if framed and not beyond.empty and not picture.contains(beyond):
            overlay.paint_checks(painter, self.look, beyond, ratio)
        if self._document.has_picture and not picture.contains(exposed):
            overlay.paint_border(painter, self.look, picture, ratio)
        if not inside.empty:
            painter.save()
            painter.setClipRect(device_rect(inside), Qt.ClipOperation.IntersectClip)
            drawn = self.composer.picture_at(viewport, inside)
            if drawn is None or not drawn.opaque:
                overlay.paint_checks(painter, self.look, inside, ratio)
            if drawn is not None:
                for part in drawn.missing:
                    place = viewport.device_rect(scaled_up(part, drawn.level)).grown(1)
                    painter.fillRect(device_rect(place), QColor(*self.look.surround))
                drawn.paint(painter, viewport, viewport.smooth)
            painter.restore()
        if self.shown.plain:
            return
        if self.shown.lifted is not None and not inside.empty:
            painter.save()
            painter.setClipRect(device_rect(inside), Qt.ClipOperation.IntersectClip)
            self.shown.lifted.paint(painter, viewport)
            painter.restore()
        for placed in (self.shown.made, self.shown.preview):
            if placed is not None:
                placed.paint(painter, viewport, exposed)
        take, comparison = self.shown.take, self.shown.comparison
        if take is not None and comparison is not None:
            comparison.paint(painter, viewport, exposed, take)
        elif take is not None:
            take.paint(painter, viewport, exposed)

    def _paint_masks(self, painter: QPainter, viewport: Viewport, exposed: Rect) -> None:
        if self.shown.take is None:
            for mask in self._document.masks.all:
                if mask.visible:
                    self._paint_mask(painter, viewport, exposed, mask)

    def _paint_mask(self, painter: QPainter, viewport: Viewport, exposed: Rect, mask: Mask) -> None:
        # The outline's slope looks one px beyond what is painted.
        wider = exposed.grown(2)
        densities = self.composer.mask_at(viewport, wider, viewport.smooth, mask)
        if densities is None:
            return
        if not self.shown.running:
            place = QPoint(densities.area.x, densities.area.y)
            painter.drawImage(place, self.composer.tint(densities, mask))
        if viewport.zoom >= NEAREST_FROM:
            # Round every square of a soft edge a line would only be noise.
            densities = self.composer.mask_at(viewport, wider, True, mask) or densities
        overlay.paint_outline(painter, densities, 1.0 if self.shown.running else FAINT)

    def _paint_boxes(self, painter: QPainter, viewport: Viewport, ratio: float) -> None:
        if self.shown.take is not None or self.shown.running:
            return
        for box in self.shown.boxes:
            place = viewport.device_rect(box)
            corners = [
                (place.x, place.y),
                (place.right, place.y),
                (place.right, place.bottom),
                (place.x, place.bottom),
            ]
            overlay.paint_path(painter, self.look, corners, ratio, closed=True)
            if self.shown.handles and box == self.shown.held:
                overlay.paint_handles(painter, self.look, corners, ratio)

    def _paint_frame(
        self, painter: QPainter, viewport: Viewport, exposed: Rect, ratio: float
    ) -> None:
        # Without a picture a frame means something only while a first one forms in it.
        if self._document.frame.empty or not (self._document.has_picture or self.shown.running):
            return
        frame = viewport.device_rect(self._document.frame)
        if self.shown.handles:
            overlay.paint_dim(painter, self.look, frame, exposed)
        # Nothing of it is drawn farther inside than a handle.
        if frame.grown(-round(overlay.HANDLE * ratio)).contains(exposed):
            return
        overlay.paint_frame(painter, self.look, frame, ratio, self.shown.handles)
        if self.shown.progress is not None:
            overlay.paint_progress(painter, self.look, frame, ratio, self.shown.progress)

    def _paint_handles(
        self, painter: QPainter, viewport: Viewport, exposed: Rect, ratio: float
    ) -> None:
        if self.shown.box:
            corners = [viewport.to_device(x, y) for x, y in self.shown.box]
            overlay.paint_box(painter, self.look, corners, ratio)
        if not self.shown.crop.empty:
            crop = viewport.device_rect(self.shown.crop)
            overlay.paint_dim(painter, self.look, crop, exposed)
            overlay.paint_frame(painter, self.look, crop, ratio, handles=True)

    def _paint_hand(self, painter: QPainter, viewport: Viewport, ratio: float) -> None:
        if len(self.shown.path) > 1:
            points = [viewport.to_device(x, y) for x, y in self.shown.path]
            overlay.paint_path(painter, self.look, points, ratio, closed=True)
        if self.shown.ring is not None and self._document.has_picture:
            at, radius, core = self.shown.ring
            zoom = viewport.zoom
            overlay.paint_ring(
                painter, self.look, viewport.to_device(*at), radius * zoom, core * zoom, ratio
            )

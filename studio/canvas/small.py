"""Small: any part of the picture and its masks at the size of a thumbnail, from the pyramid."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from studio.canvas.compose import device_rect
from studio.canvas.overlay import paint_checks
from studio.canvas.surface import Surface
from studio.canvas.viewport import Viewport
from studio.core.geometry import Rect, Size


def paint_small(painter: QPainter, surface: Surface, viewport: Viewport, exposed: Rect) -> bool:
    """Draw what lies in `exposed`, in little time; whether there was time for all of it.

    Args:
        painter: In device px.
        surface: Whose picture, and whose pyramid.
        viewport: Upright; where the picture goes.
        exposed: Device px.
    """
    composer, document = surface.scene.composer, surface.document
    inside = viewport.device_rect(document.bounds).intersected(exposed)
    if inside.empty:
        return True
    # What the canvas itself still has to draw is none of ours.
    theirs, composer.late = composer.late, []
    composer.hurry(True)
    drawn = composer.picture_at(viewport, inside)
    composer.hurry(False)
    ours, composer.late = composer.late, theirs
    painter.save()
    painter.setClipRect(device_rect(inside), Qt.ClipOperation.IntersectClip)
    if drawn is None or not drawn.opaque:
        paint_checks(painter, surface.scene.look, inside, 0.5)
    if drawn is not None:
        drawn.paint(painter, viewport, viewport.smooth)
    for mask in document.masks.all:
        densities = composer.mask_at(viewport, inside, True, mask) if mask.visible else None
        if densities is not None:
            place = QPoint(densities.area.x, densities.area.y)
            painter.drawImage(place, composer.tint(densities, mask))
    painter.restore()
    return not ours


def small_image(surface: Surface, area: Rect, edge: int) -> QImage | None:
    """That part of the picture, `edge` px along its longer side; None when it takes too long.

    Args:
        surface: Whose picture.
        area: Document px.
        edge: Px.
    """
    if area.empty:
        return None
    zoom = min(edge / max(area.width, area.height), 4.0)
    size = Size(max(1, round(area.width * zoom)), max(1, round(area.height * zoom)))
    viewport = Viewport(zoom, -area.x * zoom, -area.y * zoom, size)
    image = QImage(size.width, size.height, QImage.Format.Format_RGB32)
    image.fill(QColor(*surface.scene.look.surround))
    painter = QPainter(image)
    done = paint_small(painter, surface, viewport, Rect.of(size))
    painter.end()
    return image if done else None

"""Overlay: frame, progress, the path of a tool and the brush's ring, drawn in device px."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from studio.canvas.compose import Densities, as_image, device_rect, on_screen
from studio.canvas.look import Colour, Look
from studio.canvas.outline import outline
from studio.canvas.pyramid import Packed
from studio.canvas.reach import Reach
from studio.canvas.viewport import Viewport
from studio.core.geometry import Rect

#: View px.
HANDLE = 8.0
PROGRESS = 3.0
CHECK = 8
#: A ring smaller than this (device px) cannot be aimed with; a cross is drawn instead.
LEAST_RING = 3.0


def paint_checks(painter: QPainter, look: Look, area: Rect, ratio: float) -> None:
    """The squares that stand for transparency, fixed to the screen."""
    edge = max(1, round(CHECK * ratio))
    tile = QImage(2 * edge, 2 * edge, QImage.Format.Format_RGB32)
    tile.fill(QColor(*look.checks[0]))
    light = QPainter(tile)
    light.fillRect(0, 0, edge, edge, QColor(*look.checks[1]))
    light.fillRect(edge, edge, edge, edge, QColor(*look.checks[1]))
    light.end()
    painter.fillRect(device_rect(area), QBrush(tile))


def paint_border(painter: QPainter, look: Look, area: Rect, ratio: float) -> None:
    """A thin line just outside the picture."""
    _around(painter, area, max(1, round(ratio)), look.border)


def paint_dim(painter: QPainter, look: Look, frame: Rect, exposed: Rect) -> None:
    """Darken what lies outside the frame."""
    inside = frame.intersected(exposed)
    if inside.empty:
        inside = Rect(exposed.x, exposed.y, 0, 0)
    for part in (
        Rect.between(exposed.x, exposed.y, exposed.right, inside.y),
        Rect.between(exposed.x, inside.bottom, exposed.right, exposed.bottom),
        Rect.between(exposed.x, inside.y, inside.x, inside.bottom),
        Rect.between(inside.right, inside.y, exposed.right, inside.bottom),
    ):
        if not part.empty:
            painter.fillRect(device_rect(part), QColor(*look.dim))


def paint_frame(painter: QPainter, look: Look, frame: Rect, ratio: float, handles: bool) -> None:
    """A light line with a dark one on either side, so that it shows on any picture."""
    thin = max(1, round(ratio))
    _around(painter, frame.grown(-thin), thin, look.edge)
    _around(painter, frame, thin, look.line)
    _around(painter, frame.grown(thin), thin, look.edge)
    if not handles:
        return
    corners = (
        (frame.x, frame.y),
        (frame.right, frame.y),
        (frame.right, frame.bottom),
        (frame.x, frame.bottom),
    )
    paint_handles(painter, look, corners, ratio)


def paint_box(
    painter: QPainter, look: Look, corners: Sequence[tuple[float, float]], ratio: float
) -> None:
    """A box with handles, however it is turned: its four corners in device px."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    path.closeSubpath()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((look.edge, 3 * ratio), (look.line, ratio)):
        painter.setPen(QPen(QColor(*colour), width))
        painter.drawPath(path)
    painter.restore()
    paint_handles(painter, look, corners, ratio)


def paint_handles(
    painter: QPainter, look: Look, corners: Sequence[tuple[float, float]], ratio: float
) -> None:
    """A square on each corner and in the middle of each side."""
    half = HANDLE * ratio / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(*look.edge[:3], 220), max(1, round(ratio))))
    painter.setBrush(QColor(*look.line[:3]))
    for (x, y), (right, bottom) in zip(corners, (*corners[1:], corners[0]), strict=True):
        for across, down in ((x, y), ((x + right) / 2, (y + bottom) / 2)):
            left, top = round(across - half), round(down - half)
            box = QRectF(left, top, round(2 * half), round(2 * half))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, 0.5, 0.5), ratio, ratio)
    painter.restore()


def paint_progress(
    painter: QPainter, look: Look, frame: Rect, ratio: float, fraction: float
) -> None:
    """A thin bar along the frame's lower edge, inside it."""
    height = round(PROGRESS * ratio)
    track = Rect(frame.x, frame.bottom - height, frame.width, height)
    painter.fillRect(device_rect(track), QColor(*look.edge))
    done = round(frame.width * min(max(fraction, 0.0), 1.0))
    painter.fillRect(device_rect(Rect(track.x, track.y, done, height)), QColor(*look.accent))


def paint_path(
    painter: QPainter, look: Look, points: Sequence[tuple[float, float]], ratio: float, closed: bool
) -> None:
    """A two-tone line through device px: dark all along, light dashes on it."""
    line = QPolygonF([QPointF(x, y) for x, y in points])
    path = QPainterPath()
    path.addPolygon(line)
    if closed:
        path.closeSubpath()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(*look.edge[:3], 200), ratio))
    painter.drawPath(path)
    dashes = QPen(QColor(*look.line), ratio)
    dashes.setDashPattern([4, 4])
    painter.setPen(dashes)
    painter.drawPath(path)
    painter.restore()


def paint_ring(
    painter: QPainter, look: Look, at: tuple[float, float], radius: float, core: float, ratio: float
) -> None:
    """The brush's edge as a two-tone ring and, if soft, the edge of its hard core; device px."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle = QPointF(*at)
    if radius < LEAST_RING * ratio:
        for colour, width in ((look.edge, 3 * ratio), (look.line, ratio)):
            painter.setPen(QPen(QColor(*colour), width))
            painter.drawLine(middle - QPointF(5 * ratio, 0), middle + QPointF(5 * ratio, 0))
            painter.drawLine(middle - QPointF(0, 5 * ratio), middle + QPointF(0, 5 * ratio))
    else:
        for colour, far in ((look.edge, ratio), (look.line, 0.0)):
            painter.setPen(QPen(QColor(*colour), ratio))
            painter.drawEllipse(middle, radius + far, radius + far)
        if LEAST_RING * ratio <= core < radius - 2 * ratio:
            painter.setPen(QPen(QColor(*look.line[:3], 110), ratio))
            painter.drawEllipse(middle, core, core)
    painter.restore()


def paint_outline(painter: QPainter, densities: Densities, opacity: float) -> None:
    """The mask's edge as a two-tone line."""
    lines = outline(densities.pixels)
    if lines is not None:
        place, pixels = lines
        painter.setOpacity(opacity)
        at = QPoint(densities.area.x + place.x, densities.area.y + place.y)
        painter.drawImage(at, as_image(pixels))
        painter.setOpacity(1.0)


def paint_reach(
    painter: QPainter, look: Look, reach: Reach, viewport: Viewport, exposed: Rect
) -> None:
    """Tint exactly the pixels that the next run may change, and dim all others."""
    marked = on_screen(reach.pyramid, reach.bounds, viewport, exposed, smooth=False)
    table = np.array([_packed(look.hidden), _packed(look.reached)], np.uint32)
    colours: Packed = np.full((exposed.height, exposed.width), table[0], np.uint32)
    if marked is not None:
        place = marked.area.moved(-exposed.x, -exposed.y)
        colours[place.rows, place.columns] = table[(marked.pixels > 0).view(np.uint8)]
    painter.drawImage(QPoint(exposed.x, exposed.y), as_image(colours))


def _packed(colour: Colour) -> int:
    red, green, blue, alpha = colour
    scaled = [round(channel * alpha / 255) for channel in (red, green, blue)]
    return alpha << 24 | scaled[0] << 16 | scaled[1] << 8 | scaled[2]


def _around(painter: QPainter, area: Rect, thin: int, colour: Colour) -> None:
    """A line of that width just outside `area`."""
    outer = area.grown(thin)
    for side in (
        Rect(outer.x, outer.y, outer.width, thin),
        Rect(outer.x, area.bottom, outer.width, thin),
        Rect(outer.x, area.y, thin, area.height),
        Rect(area.right, area.y, thin, area.height),
    ):
        painter.fillRect(device_rect(side), QColor(*colour))

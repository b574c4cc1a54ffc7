"""Ellipse: masks the ellipse that fills a rectangle of whole pixels."""

from __future__ import annotations

import math
from typing import ClassVar

from studio.canvas.tools.base import Spot
from studio.canvas.tools.rectangle import Rectangle
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.mask_ops import filled_ellipse

#: Corners of the line that is shown while the ellipse is drawn.
CORNERS = 72


class Ellipse(Rectangle):
    """Drawn like a rectangle, from corner to corner."""

    name: ClassVar[str] = "ellipse"

    def _filled(self, span: Rect, part: Rect) -> Pixels:
        return filled_ellipse(span, part)

    def _outline(self, span: Rect) -> tuple[Spot, ...]:
        turns = [2 * math.pi * corner / CORNERS for corner in range(CORNERS)]
        return tuple(
            (
                span.x + span.width / 2 * (1 + math.cos(turn)),
                span.y + span.height / 2 * (1 + math.sin(turn)),
            )
            for turn in turns
        )

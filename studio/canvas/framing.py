"""Framing: places of the generation frame that are computed, each as one step of undo."""

from __future__ import annotations

import math

from studio.canvas.tools.frame import GRID, LEAST, gestures
from studio.core.geometry import Rect, snap_nearest, snap_up
from studio.document.document import Document
from studio.document.edits import MoveFrame

#: Proportions that are offered, width to height.
ASPECTS = ((1, 1), (4, 3), (3, 4), (3, 2), (2, 3), (16, 9), (9, 16), (21, 9))
#: Of the mask's longer side, what a frame around it shows beyond it; at least `CONTEXT` px.
AROUND = 0.25
CONTEXT = 32
SIDES = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}


def fit_frame_to_mask(document: Document, grid: int = GRID) -> MoveFrame | None:
    """The frame around everything that visible masks hold, with some of what lies around it.

    Args:
        document: Whose frame.
        grid: Edge lengths are multiples of it, px; the model's.

    Returns:
        None when nothing is masked or nothing would change.
    """
    masked = document.masks.bounds()
    if masked.empty:
        return None
    margin = max(CONTEXT, round(max(masked.width, masked.height) * AROUND))
    wide = snap_up(max(LEAST, masked.width + 2 * margin), grid)
    high = snap_up(max(LEAST, masked.height + 2 * margin), grid)
    frame = _centred(masked, wide, high)
    # As long as it fits it stays on the picture: a fill should not become an outpainting.
    bounds = document.bounds
    x = _within(frame.x, wide, bounds.x, bounds.right) if wide <= bounds.width else frame.x
    y = _within(frame.y, high, bounds.y, bounds.bottom) if high <= bounds.height else frame.y
    return _moved(document, Rect(x, y, wide, high))


def frame_aspect(document: Document, width: int, height: int, grid: int = GRID) -> MoveFrame | None:
    """The frame in those proportions, about as large as it was and with the same middle.

    Args:
        document: Whose frame.
        width: Proportion, above 0.
        height: Proportion, above 0.
        grid: Edge lengths are multiples of it, px; the model's.

    Raises:
        ValueError: A proportion is not above 0.
    """
    if width <= 0 or height <= 0:
        raise ValueError(f"no frame is {width} to {height}")
    frame = document.frame if not document.frame.empty else document.bounds
    if frame.empty:
        return None
    unit = math.sqrt(frame.size.area / (width * height))
    wide, high = (max(snap_up(LEAST, grid), snap_nearest(unit * n, grid)) for n in (width, height))
    return _moved(document, _centred(frame, wide, high))


def zoom_out(document: Document, factor: float, grid: int = GRID) -> MoveFrame | None:
    """The frame that many times as large as the picture, around it: what is new is outpainted.

    Args:
        document: Whose frame.
        factor: Above 1, such as 1.5 or 2.
        grid: Edge lengths are multiples of it, px; the model's.

    Raises:
        ValueError: The factor is not a number above 1.
    """
    if not math.isfinite(factor) or factor <= 1:
        raise ValueError(f"{factor} does not zoom out")
    bounds = document.bounds
    if bounds.empty:
        return None
    wide = snap_up(math.ceil(bounds.width * factor), grid)
    high = snap_up(math.ceil(bounds.height * factor), grid)
    return _moved(document, _centred(bounds, wide, high))


def pan_frame(
    document: Document, side: str, share: float = 0.5, grid: int = GRID
) -> MoveFrame | None:
    """The frame moved past one side of the picture, which is outpainted there.

    Args:
        document: Whose frame; its size stays.
        side: 'left', 'right', 'top' or 'bottom'.
        share: Of the frame, what lies beyond the picture; above 0, at most 1.
        grid: What lies beyond is a multiple of it, px; the model's.

    Raises:
        KeyError: There is no such side.
        ValueError: The share is not above 0 and at most 1.
    """
    across, down = SIDES[side]
    if not 0 < share <= 1:
        raise ValueError(f"a share of {share} of the frame cannot lie beyond the picture")
    frame, bounds = document.frame, document.bounds
    if bounds.empty or frame.empty:
        return None
    x, y = frame.x, frame.y
    if across:
        beyond = snap_nearest(frame.width * share, grid)
        x = bounds.right + beyond - frame.width if across > 0 else bounds.x - beyond
    if down:
        beyond = snap_nearest(frame.height * share, grid)
        y = bounds.bottom + beyond - frame.height if down > 0 else bounds.y - beyond
    return _moved(document, Rect(x, y, frame.width, frame.height))


def _moved(document: Document, frame: Rect) -> MoveFrame | None:
    return None if frame == document.frame else MoveFrame(document, frame, next(gestures))


def _centred(around: Rect, width: int, height: int) -> Rect:
    x = around.x + (around.width - width) // 2
    y = around.y + (around.height - height) // 2
    return Rect(x, y, width, height)


def _within(at: int, length: int, low: int, high: int) -> int:
    return min(max(at, low), high - length)

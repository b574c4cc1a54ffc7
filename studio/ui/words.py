"""Sentences about the next run and the running one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.core.geometry import Rect
from studio.inpaint.region import Plan


def seconds_left(seconds: float) -> str:
    """How long it still takes, as one says it: '4 s', '2 min'."""
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 100 else f"{round(whole / 60)} min"


def intention(bounds: Rect, plan: Plan, whole: Rect, masked: bool) -> str:
    """What the next run will do, before it does it.

    Args:
        bounds: The picture, document px.
        plan: Of the run.
        whole: The frame, up to where an outpainting reaches, by however many runs.
        masked: Whether a mask counts.
    """
    at = _tr("at {width} × {height}").format(width=plan.working.width, height=plan.working.height)
    if bounds.empty or plan.box.intersected(bounds).empty:
        return f"{_tr('A new picture')} {_size(plan.box)} {at}"
    if masked:
        return _tr("Inpaint {mask}; the model sees {box} {at}").format(
            mask=_size(plan.mask), box=_size(plan.box), at=at
        )
    if not bounds.contains(plan.box):
        return f"{_tr('Outpaint to')} {_size(bounds.united(whole))} {at}"
    if plan.box == bounds:
        return _tr("The whole picture will change: paint a mask to protect it")
    return f"{_tr('Everything in the frame will change')}: {_size(plan.box)} {at}"


def _size(area: Rect) -> str:
    return f"{area.width} × {area.height} px"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Words", text)

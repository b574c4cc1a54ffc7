"""Sentences about the next run and the running one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.core.geometry import Rect
from studio.inpaint.passes import COARSE
from studio.inpaint.region import Plan


def seconds_left(seconds: float) -> str:
    """How long it still takes, as one says it: '4 s', '2 min'."""
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 100 else f"{round(whole / 60)} min"


def intention(
    bounds: Rect, plan: Plan, whole: Rect, masked: bool, lacking: bool | None = False
) -> str:
    """What the next run will do, before it does it.

    Args:
        bounds: The picture, document px.
        plan: Of the run.
        whole: The frame, up to where an outpainting reaches, by however many runs.
        masked: Whether a mask counts.
        lacking: Whether some of the picture is transparent there; None: it was not looked for.
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
        return _whole(lacking)
    return f"{_framed(lacking)}: {_size(plan.box)} {at}"


def softness(detail: float) -> str:
    """What is lost where the model works at less than the size of the picture; '' for nothing.

    Args:
        detail: Working px per document px.
    """
    if detail >= COARSE:
        return ""
    return _tr("soft, worked at {percent} % of its size: frame or mask less").format(
        percent=round(100 * detail)
    )


def _whole(lacking: bool | None) -> str:
    if lacking is None:
        return _tr("The whole picture will change, or what is transparent in it: paint a mask")
    if lacking:
        return _tr("Only what is transparent will change: paint a mask to change more")
    return _tr("The whole picture will change: paint a mask to protect it")


def _framed(lacking: bool | None) -> str:
    if lacking is None:
        return _tr("Everything in the frame will change, or what is transparent in it")
    if lacking:
        return _tr("Only what is transparent in the frame will change")
    return _tr("Everything in the frame will change")


def _size(area: Rect) -> str:
    return f"{area.width} × {area.height} px"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Words", text)

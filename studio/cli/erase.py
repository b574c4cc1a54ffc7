"""`erase`: what is masked is covered with what surrounds it, without a model."""

from __future__ import annotations

import argparse
import time

from studio.cli import canvas, saving
from studio.cli.report import Report
from studio.cli.session import application
from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.messages import Candidate
from studio.core.pixels import mask_bounds
from studio.core.request import MAX_SEED
from studio.document.document import Document
from studio.document.files.image import export_image
from studio.inpaint import islands
from studio.inpaint.erase import erased
from studio.inpaint.region import Plan

#: Boxes are planned as for a model of this native edge and grid: as much context serves well.
_NATIVE, _GRID = 512, 8


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Erase and save.

    Raises:
        StudioError: It cannot be done.
    """
    if not 0 <= chosen.seed <= MAX_SEED:
        raise UsageError(f"The seed cannot be {chosen.seed}.", f"Take 0 to {MAX_SEED}.")
    application()
    begun = time.monotonic()
    saving.check_target(chosen.out)
    document = canvas.opened(chosen, report)
    if chosen.mask != canvas.ALL:
        canvas.lay_mask(document, chosen.mask)
    _check_rest(document)
    layers: list[Candidate] = []
    for plan in _plans(document):
        layers.append(_layer(document, plan, chosen.fill, chosen.seed))
        saving.lay(document, layers[-1])
    for _ in layers:
        document.history.undo()
    pixels = saving.composite(document, layers)
    (target,) = saving.targets(chosen, document, 1)
    for sentence in export_image(target, pixels):
        report.note(sentence)
    figures = [saving.figures(document, pixels)] if chosen.report else []
    report.finished([str(target)], chosen.seed, time.monotonic() - begun, figures)


def _check_rest(document: Document) -> None:
    """Something must be left to cover with."""
    mask = document.mask.effective(document.bounds)
    there = document.composite(document.bounds)[..., 3] > 0
    if document.mask.bounds().empty or not (there & (mask == 0)).any():
        raise UsageError(
            "With all of the picture masked there is nothing to cover it with.",
            "Mask only what shall go.",
        )


def _plans(document: Document) -> tuple[Plan, ...]:
    area = document.mask.bounds()
    parts = islands.islands(document.mask.effective(area), area.x, area.y)
    return islands.plans(document.bounds, document.frame, parts, _NATIVE, _GRID)


def _layer(document: Document, plan: Plan, how: str, seed: int) -> Candidate:
    """One part of the mask; what the box shows of others is not copied from, as it shall go."""
    mask = document.mask.effective(plan.box)
    layer = erased(document.composite(plan.box), mask, how, seed)
    own = plan.mask.moved(-plan.box.x, -plan.box.y)
    area: Rect = mask_bounds(mask[own.rows, own.columns]).moved(own.x, own.y)
    return Candidate(
        job=0,
        take=0,
        seed=seed,
        area=area.moved(plan.box.x, plan.box.y),
        pixels=layer[area.rows, area.columns],
    )

"""`erase`: what is masked is covered with what surrounds it, without a model."""

from __future__ import annotations

import argparse
import time

from studio.cli import canvas, saving
from studio.cli.report import Report
from studio.cli.session import application
from studio.core.errors import UsageError
from studio.core.request import MAX_SEED
from studio.document.composite import over
from studio.document.files.image import export_image
from studio.inpaint.erase import nothing_left, pieces


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
    if chosen.mask == canvas.ALL:
        raise nothing_left()
    canvas.lay_mask(document, chosen.mask)
    made = pieces(
        document.composite,
        document.masks.active.effective,
        document.bounds,
        document.masks.active.bounds(),
        over,
        chosen.fill,
        chosen.seed,
    )
    pixels = saving.composite(document, made)
    (target,) = saving.targets(chosen, document, 1)
    for sentence in export_image(target, pixels):
        report.note(sentence)
    figures = [saving.figures(canvas.scene(document), pixels)] if chosen.report else []
    report.finished([str(target)], chosen.seed, time.monotonic() - begun, figures)

"""`imagine`, `inpaint`, `outpaint`: document, runs, engine, files."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Iterator
from dataclasses import replace

from studio.cli import canvas, saving
from studio.cli.models import library
from studio.cli.report import Report
from studio.cli.session import Session, application
from studio.core.checkpoint import Checkpoint
from studio.core.request import MAX_SEED
from studio.document.composite import over
from studio.document.document import Document
from studio.document.files.image import export_image
from studio.document.files.metadata import Recipe
from studio.jobs.chain import Chain, Made
from studio.jobs.order import Scene, Settings

#: Of a whole picture so much may change when nothing else is said: it stays recognisable.
_WHOLE_PICTURE = 0.6


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Make the takes and save them.

    Raises:
        StudioError: It cannot be done.
        KeyboardInterrupt: It was cancelled.
    """
    application()
    saving.check_target(chosen.out)
    model = library().get(chosen.model)
    document = canvas.prepared(chosen, model, report)
    settings = _settings(chosen, model)
    chain = Chain(_scene(document), settings, over)
    chain.request()  # what cannot be done is refused before an engine is started
    with Session(report) as session:
        takes = list(_takes(session, chain))
    _save(chosen, document, takes, report, session.seconds)


def _settings(chosen: argparse.Namespace, model: Checkpoint) -> Settings:
    given = {
        name: getattr(chosen, name)
        for name in ("negative", "steps", "guidance", "strength", "sampler", "seed", "count")
        if getattr(chosen, name) is not None
    }
    if chosen.command == "inpaint" and chosen.mask == canvas.ALL:
        given.setdefault("strength", _WHOLE_PICTURE)
    given.setdefault("seed", secrets.randbelow(MAX_SEED + 1))
    prompt = chosen.text if chosen.command == "imagine" else chosen.prompt
    return replace(Settings.recommended(model, prompt), **given)


def _scene(document: Document) -> Scene:
    """The canvas as it is now."""
    mask = document.mask
    return Scene(document.composite, mask.effective, document.bounds, document.frame, mask.bounds())


def _takes(session: Session, chain: Chain) -> Iterator[Made]:
    """All takes, each finished by the last of its runs."""
    while (request := chain.request()) is not None:
        for candidate in session.run(request, chain.place):
            made = chain.receive(candidate)
            if made is not None:
                yield made


def _save(
    chosen: argparse.Namespace,
    document: Document,
    takes: list[Made],
    report: Report,
    seconds: float,
) -> None:
    files, figures = [], []
    for made, target in zip(takes, saving.targets(chosen, document, len(takes)), strict=True):
        pixels = saving.composite(document, made.pieces)
        for sentence in export_image(target, pixels, Recipe.of(made.request)):
            report.note(sentence)
        files.append(str(target))
        if chosen.command != "imagine" and chosen.report:
            figures.append(saving.figures(document, pixels))
    report.finished(files, takes[0].seed, seconds, figures)

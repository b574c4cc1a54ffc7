"""`imagine`, `inpaint`, `outpaint`: document, runs, engine, files."""

from __future__ import annotations

import argparse
import secrets
from dataclasses import replace

from studio.cli import canvas, saving
from studio.cli.models import library
from studio.cli.report import Place, Report
from studio.cli.session import Session, application
from studio.core.checkpoint import Checkpoint
from studio.core.messages import Candidate
from studio.core.request import MAX_SEED, Request
from studio.document.document import Document
from studio.document.files.image import export_image
from studio.document.files.metadata import Recipe
from studio.inpaint.region import Plan
from studio.jobs import order
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
    plans = order.runs(_scene(document), model)
    # All takes are checked at once, and each is then a run of its own, with its own seed.
    first = order.request_of(plans[0], _scene(document), settings)
    with Session(report) as session:
        takes = [
            _take(session, document, plans, replace(settings, seed=seed, count=1), place)
            for place, seed in _places(first, len(plans))
        ]
    _save(chosen, document, first, takes, report, session.seconds)


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


def _places(first: Request, parts: int) -> list[tuple[Place, int]]:
    """Each take's first place and its seed; take k uses seed + k, and 0 follows the last seed."""
    return [
        (Place(number + 1, first.count, 1, parts), (first.seed + number) % (MAX_SEED + 1))
        for number in range(first.count)
    ]


def _take(
    session: Session, document: Document, plans: tuple[Plan, ...], settings: Settings, place: Place
) -> list[Candidate]:
    """All runs of one take, each on what those before it made; the document is as before then."""
    made: list[Candidate] = []
    for number, plan in enumerate(plans, 1):
        request = order.request_of(plan, _scene(document), settings)
        made.append(session.run(request, replace(place, part=number)))
        saving.lay(document, made[-1])
    for _ in made:
        document.history.undo()
    return made


def _save(
    chosen: argparse.Namespace,
    document: Document,
    first: Request,
    takes: list[list[Candidate]],
    report: Report,
    seconds: float,
) -> None:
    files, figures = [], []
    for number, target in enumerate(saving.targets(chosen, document, len(takes))):
        pixels = saving.composite(document, takes[number])
        made_with = replace(first, seed=takes[number][0].seed)
        for sentence in export_image(target, pixels, Recipe.of(made_with)):
            report.note(sentence)
        files.append(str(target))
        if chosen.command != "imagine" and chosen.report:
            figures.append(saving.figures(document, pixels))
    report.finished(files, first.seed, seconds, figures)

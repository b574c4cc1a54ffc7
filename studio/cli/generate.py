"""`imagine`, `inpaint`, `outpaint`: document, runs, engine, files."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Iterator
from dataclasses import replace

from studio.cli import batching, canvas, saving
from studio.cli.models import library
from studio.cli.report import Report
from studio.cli.session import Session, application
from studio.core.checkpoint import Checkpoint
from studio.core.errors import StudioError, UsageError
from studio.core.request import MAX_SEED
from studio.document.composite import over
from studio.document.document import Document
from studio.document.files.image import export_image
from studio.document.files.metadata import Recipe
from studio.jobs.batches import Batch
from studio.jobs.chain import Chain, Made
from studio.jobs.order import Scene, Settings
from studio.jobs.series import ordered
from studio.jobs.tasks import prepared

#: Of a whole picture so much may change when nothing else is said: it stays recognisable.
_WHOLE_PICTURE = 0.6
#: Tasks that make something of the words; the others carry on what is there.
_ASK = ("fill", "add", "background")


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
    scene, settings = canvas.scene(document), _settings(chosen, model)
    saving.check_target(chosen.sheet)
    cells = batching.planned(chosen, settings)
    if cells is None and chosen.sheet is not None:
        raise UsageError("A contact sheet needs several pictures.", "Give --across steps=10,20.")
    wanted = canvas.asked(chosen)
    orders = [settings] if cells is None else [cell.settings for cell in cells.cells]
    varied = frozenset[str]() if cells is None else cells.varied
    strength = chosen.strength if document.has_picture else None
    chain = ordered(wanted, scene, orders, over, strength, varied)
    chain.request()  # what cannot be done is refused before an engine is started
    with Session(report) as session:
        takes = list(_takes(session, chain, report))
    if chosen.command != "imagine":  # what the task may change is what the report is about
        scene, _ = prepared(wanted, scene, settings, chosen.strength)
    _save(chosen, document, scene, takes, report, session.seconds, cells)


def _settings(chosen: argparse.Namespace, model: Checkpoint) -> Settings:
    given = {
        name: getattr(chosen, name)
        for name in ("negative", "steps", "guidance", "strength", "sampler", "seed", "count")
        if getattr(chosen, name) is not None
    }
    if chosen.command == "inpaint" and chosen.mask == canvas.ALL:
        given.setdefault("strength", _WHOLE_PICTURE)
    given.setdefault("seed", secrets.randbelow(MAX_SEED + 1))
    prompt = chosen.text if chosen.command == "imagine" else _prompt(chosen)
    return replace(Settings.recommended(model, prompt), **given)


def _prompt(chosen: argparse.Namespace) -> str:
    """What should be there; only some tasks can do without being told."""
    if chosen.prompt is None and canvas.asked(chosen).key in _ASK:
        raise UsageError("Nothing says what should be there.", "Give --prompt TEXT.")
    return str(chosen.prompt or "")


def _takes(session: Session, chain: Chain, report: Report) -> Iterator[Made]:
    """All takes, each finished by the last of its runs; of a batch what cannot be is left out."""
    while (request := chain.request()) is not None:
        try:
            candidates = session.run(request, chain.place)
        except StudioError as error:
            if error.kind == "engine" or not chain.skip():
                raise
            report.note(f"One picture is left out: {error}")
            continue
        for candidate in candidates:
            made = chain.receive(candidate)
            if made is not None:
                yield made


def _save(
    chosen: argparse.Namespace,
    document: Document,
    scene: Scene,
    takes: list[Made],
    report: Report,
    seconds: float,
    cells: Batch | None,
) -> None:
    files, figures, pictures = [], [], []
    for made, target in zip(takes, saving.targets(chosen, document, len(takes)), strict=True):
        pixels = saving.composite(document, made.pieces)
        for sentence in export_image(target, pixels, Recipe.of(made.request)):
            report.note(sentence)
        files.append(str(target))
        pictures.append((made, pixels))
        if chosen.command != "imagine" and chosen.report:
            figures.append(saving.figures(scene, pixels))
    if cells is not None and chosen.sheet is not None:
        batching.save_sheet(chosen.sheet, cells, pictures)
        files.append(str(chosen.sheet))
    report.finished(files, takes[0].seed, seconds, figures)

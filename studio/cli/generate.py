"""`imagine`, `inpaint`, `outpaint`: document, request, engine, files."""

from __future__ import annotations

import argparse
import os
import re
import secrets
from dataclasses import replace
from pathlib import Path

from studio.cli import canvas
from studio.cli.models import library
from studio.cli.report import Report
from studio.cli.session import Session
from studio.core.checkpoint import Checkpoint
from studio.core.errors import FileError
from studio.core.messages import Candidate
from studio.core.request import MAX_SEED, Request
from studio.document.document import Document
from studio.document.edits import AddTake
from studio.document.files.encode import kind_of
from studio.document.files.image import export_image
from studio.document.files.metadata import Recipe
from studio.jobs.order import Settings, build_request

#: Of a whole picture so much may change when nothing else is said: it stays recognisable.
_WHOLE_PICTURE = 0.6


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Make the takes and save them.

    Raises:
        StudioError: It cannot be done.
        KeyboardInterrupt: It was cancelled.
    """
    if chosen.out is not None:
        _check_target(chosen.out)
    model = library().get(chosen.model)
    document = canvas.prepared(chosen, model, report)
    request = build_request(
        document.composite,
        document.mask.effective,
        document.bounds,
        document.frame,
        document.mask.bounds(),
        _settings(chosen, model),
    )
    session = Session(request, report)
    candidates = session.run()
    paths = targets(chosen, document, len(candidates))
    files = [
        _saved(document, request, candidate, target, report)
        for candidate, target in zip(candidates, paths, strict=True)
    ]
    report.finished(files, request.seed, session.seconds)


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


def _saved(
    document: Document, request: Request, candidate: Candidate, target: Path, report: Report
) -> str:
    """Lay a take over the picture, write both as one file, and take it off again."""
    document.history.push(AddTake(document, candidate.pixels, candidate.area))
    pixels = document.composite(document.bounds)
    document.history.undo()
    for sentence in export_image(target, pixels, Recipe.of(request, candidate.take)):
        report.note(sentence)
    return str(target)


def _check_target(out: Path) -> None:
    """Refuse a target that cannot be written before minutes of work, not after."""
    kind_of(out.suffix, out.name)
    folder = out.absolute().parent
    if not folder.is_dir():
        raise FileError(f"There is no folder {folder}.", "Make it first, or save elsewhere.")
    target = out if out.exists() else folder
    if out.is_dir() or not os.access(target, os.W_OK):
        raise FileError(f"{out} cannot be written.", "Save under another name or elsewhere.")


def targets(chosen: argparse.Namespace, document: Document, count: int) -> list[Path]:
    """One path for each take: the one asked for and its numbers, or new names."""
    if chosen.out is not None:
        return [chosen.out, *(_numbered(chosen.out, number) for number in range(2, count + 1))]
    words = re.findall(r"\w+", chosen.text if chosen.command == "imagine" else document.name)
    stem = "-".join(words[:8])[:60].lower() or "picture"
    base = Path(f"{stem}.png" if chosen.command == "imagine" else f"{stem}-{chosen.command}.png")
    found: list[Path] = []
    number = 1
    while len(found) < count:
        path = base if number == 1 else _numbered(base, number)
        if not path.exists():
            found.append(path)
        number += 1
    return found


def _numbered(path: Path, number: int) -> Path:
    return path.with_stem(f"{path.stem}-{number}")

"""`convert`: a picture from one kind of file into another, with its layers where both have them."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from studio.cli.report import Report
from studio.cli.session import application
from studio.core.errors import FileError
from studio.document.files.exchange import FLAT, LAYERED, export_picture, open_picture
from studio.document.layered import Layered
from studio.project.exchange import SUFFIX, export_project, open_project

_PROJECT = b"SQLite format 3\0"


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Read one file and write the other.

    Raises:
        FileError: One cannot be read, or the other not be written.
    """
    begun = time.monotonic()
    _check_target(chosen.source, chosen.target)
    application()
    picture = _read(chosen.source)
    for sentence in picture.notes:
        report.note(sentence)
    lost = _write(chosen.target, picture)
    for sentence in lost:
        report.note(sentence)
    report.converted(
        str(chosen.target), len(picture.layers), [*picture.notes, *lost], time.monotonic() - begun
    )


def _read(path: Path) -> Layered:
    return open_project(path) if _is_project(path) else open_picture(path)


def _write(path: Path, picture: Layered) -> tuple[str, ...]:
    if path.suffix.lower() == SUFFIX:
        return export_project(path, picture)
    return export_picture(path, picture)


def _is_project(path: Path) -> bool:
    """By content; what cannot be read is left to those who say why."""
    if not path.is_file():
        return path.suffix.lower() == SUFFIX
    try:
        with path.open("rb") as file:
            return file.read(len(_PROJECT)) == _PROJECT
    except OSError:
        return False


def _check_target(source: Path, target: Path) -> None:
    """Refuse a target that cannot be written before minutes of work, not after."""
    kinds = (SUFFIX, *LAYERED, *FLAT)
    if target.suffix.lower() not in kinds:
        raise FileError(
            f"The studio does not write such a file: '{target.name}'.",
            f"End the name with one of {', '.join(kinds)}.",
        )
    folder = target.absolute().parent
    if not folder.is_dir():
        raise FileError(f"There is no folder {folder}.", "Make it first, or save elsewhere.")
    if target.exists() and source.exists() and target.samefile(source):
        raise FileError(
            f"'{target.name}' cannot become itself.", "Give the new file a name of its own."
        )

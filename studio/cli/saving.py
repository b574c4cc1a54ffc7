"""Where the pictures of a command go, and what is told of them."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path

from studio.core.errors import FileError
from studio.core.piece import Piece
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.edits import AddTake
from studio.document.files.encode import kind_of
from studio.inpaint.blend import effective_mask
from studio.inpaint.report import Report, report
from studio.jobs.order import Scene


def check_target(out: Path | None) -> None:
    """Refuse a target that cannot be written before minutes of work, not after.

    Raises:
        FileError: It cannot be.
    """
    if out is None:
        return
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


def composite(document: Document, pieces: Sequence[Piece]) -> Pixels:
    """The picture with a take on it, uint8 `[h, w, 4]`; the document is as it was then."""
    document.history.push(AddTake.of(document, pieces))
    pixels = document.composite(document.bounds)
    document.history.undo()
    return pixels


def figures(scene: Scene, after: Pixels) -> Report:
    """What an edit did to the picture of a command.

    Args:
        scene: As it was before, with the mask that counted.
        after: uint8 `[h, w, 4]`, the frame of an outpaint or else the picture.
    """
    area = scene.bounds.united(scene.frame)
    before = scene.picture_of(area)
    mask = None if scene.mask_of is None or scene.masked.empty else scene.mask_of(area)
    return report(before, after, effective_mask(before, mask))

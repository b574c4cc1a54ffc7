"""The document a command works on: its picture, its mask, its frame."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from studio.cli.report import Report
from studio.core.checkpoint import Checkpoint
from studio.core.errors import FileError, UsageError
from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels, size_of
from studio.document.document import Document
from studio.document.edits import MaskWrite
from studio.document.files.image import open_image
from studio.jobs.order import Scene
from studio.jobs.tasks import FILL, Task, framed, task

ELLIPSE, ALL = "ellipse", "all"
#: Darker than this is black: lossy files leave such traces of it.
_BLACK = 8


def prepared(chosen: argparse.Namespace, model: Checkpoint, report: Report) -> Document:
    """The document of `imagine`, `inpaint` or `outpaint`.

    Raises:
        FileError: A picture or mask cannot be read or does not fit.
        UsageError: There is nothing to paint.
    """
    if chosen.command == "imagine":
        document = Document()
        size = chosen.size or Size(model.native, model.native)
        document.set_frame(Rect.of(size))
        return document
    document = opened(chosen, report)
    if chosen.command == "outpaint":
        document.set_frame(_grown(document.bounds, chosen, model.row.grid))
    elif chosen.mask is None and asked(chosen).strengths:
        pass  # what only goes over the picture may go over all of it
    elif chosen.mask is None:
        _check_transparent(document.composite(document.bounds))
    elif chosen.mask != ALL:
        lay_mask(document, chosen.mask)
    return document


def asked(chosen: argparse.Namespace) -> Task:
    """The task of a command."""
    if chosen.command == "imagine":
        return FILL
    return task(chosen.task or ("fill" if chosen.command == "inpaint" else "expand"))


def opened(chosen: argparse.Namespace, report: Report) -> Document:
    """The picture of the command, with nothing masked.

    Raises:
        FileError: It cannot be read.
    """
    found = open_image(chosen.image)
    for sentence in found.notes:
        report.note(sentence)
    return Document.from_pixels(found.pixels, found.name, chosen.image)


def scene(document: Document) -> Scene:
    """The canvas as it is now."""
    mask = document.masks.active
    return Scene(document.composite, mask.effective, document.bounds, document.frame, mask.bounds())


def lay_mask(document: Document, given: str) -> None:
    """Mask what a file says, or the ellipse.

    Raises:
        FileError: The mask cannot be read or does not fit.
    """
    mask = _mask(given, document.bounds.size)
    document.history.push(MaskWrite(document, document.bounds, mask))


def _grown(bounds: Rect, chosen: argparse.Namespace, grid: int) -> Rect:
    sides = (chosen.left, chosen.top, chosen.right, chosen.bottom)
    if max(sides) == min(sides) == 0 and chosen.task is not None:
        return framed(task(chosen.task), bounds, bounds, grid)
    if min(sides) < 0 or max(sides) == 0:
        raise UsageError(
            "Nothing says where the picture is to be carried on.",
            "Give --left, --top, --right or --bottom with a number of px above 0, or --task.",
        )
    return Rect.between(
        bounds.x - chosen.left,
        bounds.y - chosen.top,
        bounds.right + chosen.right,
        bounds.bottom + chosen.bottom,
    )


def _check_transparent(pixels: Pixels) -> None:
    if int(pixels[..., 3].min()) == 255:
        raise UsageError(
            "Nothing says which part of the picture is to be repainted.",
            "Give --mask FILE, --mask ellipse, or --mask all for the whole picture.",
        )


def _mask(given: str, size: Size) -> Pixels:
    if given == ELLIPSE:
        return _ellipse(size)
    path = Path(given)
    read = open_image(path).pixels
    if size_of(read) != size:
        got = size_of(read)
        raise FileError(
            f"The mask {path.name} is {got.width} x {got.height} px, "
            f"the picture {size.width} x {size.height} px.",
            "Both must have the same size.",
        )
    mask = density(read)
    if not mask.any():
        raise FileError(
            f"The mask {path.name} is black everywhere: nothing would change.",
            "Paint white what is to be repainted, or use --mask all for the whole picture.",
        )
    return mask


def density(pixels: Pixels) -> Pixels:
    """What a mask file says: its brightness, or its opacity where that alone tells anything.

    Args:
        pixels: uint8 `[h, w, 4]` sRGB straight alpha.

    Returns:
        uint8 `[h, w]`, 0 keep to 255 repaint.
    """
    colours, alpha = pixels[..., :3].astype(np.uint32), pixels[..., 3]
    light = (colours @ np.array([299, 587, 114], np.uint32) + 500) // 1000
    there = alpha > 0
    if alpha.min() != alpha.max() and np.ptp(light[there]) == 0:
        mask = alpha.copy()
    else:
        mask = ((light * alpha + 127) // 255).astype(np.uint8)
    mask[mask < _BLACK] = 0
    return mask


def _ellipse(size: Size) -> Pixels:
    """White over the middle third of width and height."""
    x = (np.arange(size.width) + 0.5) / size.width - 0.5
    y = (np.arange(size.height) + 0.5) / size.height - 0.5
    inside = x[None, :] ** 2 + y[:, None] ** 2 <= (1 / 6) ** 2
    inside[size.height // 2, size.width // 2] = True  # in the smallest picture, too
    return np.where(inside, np.uint8(255), np.uint8(0))

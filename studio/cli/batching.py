"""Batches on the command line: `--across`, `--down`, choices in the prompt, `--sheet`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from studio.core.errors import UsageError
from studio.core.geometry import Size
from studio.core.pixels import Pixels, resize, size_of
from studio.core.request import seed_of
from studio.document.files.image import export_image
from studio.jobs.batches import Axis, Batch, axis, batch
from studio.jobs.chain import Made
from studio.jobs.order import Settings
from studio.jobs.sheet import LARGEST, sheet


def planned(chosen: argparse.Namespace, settings: Settings) -> Batch | None:
    """The batch that a command asks for; None: it asks for a single order.

    Raises:
        UsageError: An axis makes no sense, or it makes too many pictures.
    """
    across, down = _axis(chosen.across, "--across"), _axis(chosen.varied_down, "--down")
    if settings.count > 1 and across is not None and down is not None:
        raise UsageError(
            "--count has no place beside two axes.", "Leave one out, or vary the seed by it."
        )
    if settings.count > 1 and across is not None:
        down = _takes(settings)
    elif settings.count > 1 and down is not None:
        across = _takes(settings)
    made = batch(settings, across, down)
    if len(made.cells) == 1 and across is None and down is None:
        return None
    if settings.count > 1 and across is None and down is None:
        made = batch(settings, None, _takes(settings))  # the choices in the prompt go across
    return made


def save_sheet(path: Path, cells: Batch, takes: Sequence[tuple[Made, Pixels]]) -> None:
    """Write the labelled contact sheet.

    Args:
        path: Is overwritten.
        cells: The batch.
        takes: What was made of it, with the picture of each.

    Raises:
        StudioError: It cannot be written.
    """
    edge = max(64, LARGEST // max(len(cells.columns), len(cells.rows)))
    pictures = {}
    for made, pixels in takes:
        cell = cells.cells[made.index]
        pictures[cell.column, cell.row] = _within(pixels, edge)
    export_image(path, sheet(pictures, cells.columns, cells.rows))


def _axis(text: str | None, option: str) -> Axis | None:
    if text is None:
        return None
    name, equals, values = text.partition("=")
    if not equals:
        raise UsageError(f"{option} takes NAME=VALUES.", f"For example {option} steps=10,20.")
    return axis(name.strip(), values)


def _takes(settings: Settings) -> Axis:
    seeds = (seed_of(settings.seed, one) for one in range(settings.count))
    return Axis("seed", tuple(seeds))


def _within(pixels: Pixels, edge: int) -> Pixels:
    size = size_of(pixels)
    scale = edge / max(size.width, size.height)
    if scale >= 1:
        return pixels
    return resize(
        pixels, Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))
    )

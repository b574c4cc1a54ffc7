"""Contact sheet: the pictures of a batch side by side, with words at the edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.core.errors import UsageError
from studio.core.geometry import Size
from studio.core.pixels import Pixels

#: Px between the pictures, and around the words.
GAP = 8
#: Px of a line of words, of its letters, and of the widest words beside a row.
LINE, LETTERS, WIDEST = 22, 15, 220
PAPER, INK, NOTHING = (255, 255, 255), (32, 32, 32), (225, 225, 225)
#: Px of the longer side of the sheet; pictures are scaled down to fit.
LARGEST = 8192


def sheet(
    pictures: Mapping[tuple[int, int], Pixels], columns: Sequence[str], rows: Sequence[str]
) -> Pixels:
    """All pictures on white paper; a grey field where one is missing.

    Args:
        pictures: uint8 `[h, w, 4]` straight alpha or `[h, w, 3]`, by column and row.
        columns: What stands over each column.
        rows: What stands beside each row.

    Returns:
        uint8 `[h, w, 4]`, opaque.

    Raises:
        UsageError: There is no picture at all.
    """
    if not pictures:
        raise UsageError("There is no picture for a contact sheet yet.")
    left = WIDEST if any(rows) else GAP
    top = LINE + GAP if any(columns) else GAP
    cell = _cell(pictures, len(columns), len(rows), Size(left, top))
    wide, high = cell.width + GAP, cell.height + GAP
    paper = Image.new("RGB", (left + wide * len(columns), top + high * len(rows)), PAPER)
    draw = ImageDraw.Draw(paper)
    font = ImageFont.load_default(LETTERS)
    for column, words in enumerate(columns):
        _write(draw, font, words, (left + column * wide, GAP), cell.width)
    for row, words in enumerate(rows):
        _write(draw, font, words, (GAP, top + row * high), left - 2 * GAP)
    for row in range(len(rows)):
        for column in range(len(columns)):
            at = (left + column * wide, top + row * high)
            pixels = pictures.get((column, row))
            if pixels is None:
                draw.rectangle((*at, at[0] + cell.width - 1, at[1] + cell.height - 1), NOTHING)
            else:
                _place(paper, pixels, at, cell)
    return np.array(paper.convert("RGBA"))


def _cell(pictures: Mapping[tuple[int, int], Pixels], columns: int, rows: int, edge: Size) -> Size:
    """The size of every field: the largest picture's, or less to keep the sheet in bounds."""
    width = max(one.shape[1] for one in pictures.values())
    height = max(one.shape[0] for one in pictures.values())
    share = min(
        1.0,
        ((LARGEST - edge.width) / columns - GAP) / width,
        ((LARGEST - edge.height) / rows - GAP) / height,
    )
    return Size(max(1, round(width * share)), max(1, round(height * share)))


def _place(paper: Image.Image, pixels: Pixels, at: tuple[int, int], cell: Size) -> None:
    picture = Image.fromarray(pixels).convert("RGBA")
    picture.thumbnail((cell.width, cell.height), Image.Resampling.LANCZOS)
    paper.paste(picture.convert("RGB"), at, picture)


def _write(
    draw: ImageDraw.ImageDraw,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    words: str,
    at: tuple[int, int],
    room: int,
) -> None:
    """The words, cut with an ellipsis where there is no room for them."""
    shown = words
    while shown and draw.textlength(shown if shown == words else f"{shown}…", font=font) > room:
        shown = shown[:-1]
    draw.text(at, shown if shown == words else f"{shown}…", INK, font=font)

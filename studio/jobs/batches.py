"""Batches: one order as many, by seeds, by choices in the prompt, or by a grid of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.request import MAX_SEED, Request
from studio.core.samplers import SCHEDULES, sampler
from studio.jobs.grid import Grid
from studio.jobs.order import Settings
from studio.jobs.wildcards import MOST, expanded


@dataclass(frozen=True, slots=True)
class Axis:
    """One parameter and the values that it takes in turn.

    Attributes:
        name: A member of `AXES`.
        values: Of the type of that field of `Settings`.
    """

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One order of a batch.

    Attributes:
        settings: Complete, one take.
        column: In the contact sheet.
        row: Likewise.
        label: What distinguishes it, for the queue: 'steps 20, guidance 5'.
    """

    settings: Settings
    column: int
    row: int
    label: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The orders of a grid with the words at its edges.

    Attributes:
        cells: Row by row.
        columns: What stands over each column; of prompts the words by which they differ.
        rows: What stands beside each row.
        varied: Names of the settings that the words are about.
    """

    cells: tuple[Cell, ...]
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    varied: frozenset[str]

    @property
    def grid(self) -> Grid:
        """Where each picture stands."""
        return Grid(self.columns, self.rows, tuple((one.column, one.row) for one in self.cells))


#: What differs in a column or row, by the field's name, and the words for it.
Variation = tuple[dict[str, Any], str]

#: What can be an axis, with the sign of its values: a word, a whole number, a number.
AXES = {
    "prompt": str,
    "negative": str,
    "seed": int,
    "steps": int,
    "guidance": float,
    "strength": float,
    "sampler": str,
    "schedule": str,
}


def axis(name: str, text: str) -> Axis:
    """An axis as it is typed: values between commas, whole numbers also as `10-14`.

    The values of `prompt` and `negative` are what `{red|blue}` in the text stands for.

    Raises:
        UsageError: There is no such parameter, or a value is none of it.
    """
    kind = AXES.get(name)
    if kind is None:
        raise UsageError(f"'{name}' cannot vary in a batch.", f"Take one of: {', '.join(AXES)}.")
    if name in ("prompt", "negative"):
        return Axis(name, expanded(text))
    found = [one.strip() for one in text.split(",") if one.strip()]
    if not found:
        raise UsageError(f"There are no values of {name}.", "Write them with commas: 10, 20, 30.")
    values = [value for one in found for value in _values(name, kind, one)]
    return Axis(name, tuple(dict.fromkeys(values)))


def batch(settings: Settings, across: Axis | None = None, down: Axis | None = None) -> Batch:
    """One order for each pair of values; choices in the prompt are an axis where one is free.

    With the prompt on no axis and both axes taken, its choices multiply the rows.

    Raises:
        UsageError: More than `MOST` orders, the same parameter on both axes, or an order that
            cannot be made: better now than when half of them are.
    """
    if across is not None and down is not None and across.name == down.name:
        raise UsageError(f"Both axes vary {across.name}.", "Choose another parameter for one.")
    named = {one.name for one in (across, down) if one is not None}
    prompts = expanded(settings.prompt) if "prompt" not in named else (settings.prompt,)
    if len(prompts) > 1 and across is None:
        across, prompts = Axis("prompt", prompts), prompts[:1]
    elif len(prompts) > 1 and down is None:
        down, prompts = Axis("prompt", prompts), prompts[:1]
    columns, rows = _varied(across), _multiplied(prompts, _varied(down))
    if len(columns) * len(rows) > MOST:
        raise UsageError(
            f"That makes {len(columns) * len(rows):,} pictures.",
            f"Leave out some values: up to {MOST} can be made at a time.",
        )
    plain = replace(settings, prompt=prompts[0], count=1)
    cells = tuple(
        Cell(replace(plain, **right, **below), column, row, _both(right_label, label))
        for row, (below, label) in enumerate(rows)
        for column, (right, right_label) in enumerate(columns)
    )
    for cell in cells:
        _check(cell.settings)
    varied = frozenset(name for change, _ in (*columns, *rows) for name in change)
    over, beside = (tuple(label for _, label in each) for each in (columns, rows))
    return Batch(cells, over, beside, varied)


def _check(settings: Settings) -> None:
    """Raise a UsageError where a value cannot be used, wherever the order will be painted."""
    edge = settings.model.row.grid
    values = {each.name: getattr(settings, each.name) for each in fields(settings)}
    Request(box=Rect(0, 0, edge, edge), working=Size(edge, edge), **values).checked()


def _multiplied(prompts: tuple[str, ...], rows: list[Variation]) -> list[Variation]:
    if len(prompts) == 1:
        return rows
    return [
        ({"prompt": prompt, **change}, _both(prompt, label))
        for prompt in prompts
        for change, label in rows
    ]


def _varied(one: Axis | None) -> list[Variation]:
    if one is None:
        return [({}, "")]
    if one.name in ("prompt", "negative"):
        labels = _differing(one.values)
    elif one.name in ("sampler", "schedule"):
        labels = list(one.values)
    else:
        labels = [f"{one.name} {_number(value)}" for value in one.values]
    return [({one.name: value}, label) for value, label in zip(one.values, labels, strict=True)]


def _differing(texts: Sequence[str]) -> list[str]:
    """The words by which texts differ, where all of them have some; else the texts."""
    split = [text.split() for text in texts]
    shortest = min(len(words) for words in split)
    head = _alike(split, range(shortest))
    tail = _alike(split, range(-1, -shortest - 1 + head, -1))
    parts = [" ".join(words[head : len(words) - tail]) for words in split]
    return parts if all(parts) else list(texts)


def _alike(split: Sequence[Sequence[str]], places: Iterable[int]) -> int:
    """At how many of the first of those places all have the same word."""
    count = 0
    for place in places:
        if len({words[place] for words in split}) > 1:
            break
        count += 1
    return count


def _number(value: float) -> str:
    """Seeds in full, and no more decimals than there are."""
    return f"{value:g}" if isinstance(value, float) else f"{value}"


def _both(first: str, second: str) -> str:
    return ", ".join(part for part in (first, second) if part)


def _values(name: str, kind: type, text: str) -> Sequence[Any]:
    if kind is str:
        known = SCHEDULES if name == "schedule" else ()
        if text not in known and (name != "sampler" or sampler(text) is None):
            raise UsageError(f"There is no {name} called '{text}'.")
        return (text,)
    span = re.fullmatch(r"(\d+)\s*-\s*(\d+)", text) if kind is int else None
    if span is not None:
        first, last = int(span[1]), int(span[2])
        if not first <= last <= MAX_SEED or last - first >= MOST:
            raise UsageError(f"'{text}' is no range of up to {MOST} values.")
        return range(first, last + 1)
    try:
        return (kind(text),)
    except ValueError:
        raise UsageError(f"'{text}' is no value of {name}.") from None

"""The `parameters` text that the web UIs write under their pictures, written and read.

Prompt, then a line 'Negative prompt: ...', then one line 'Steps: 20, Sampler: Euler a, ...' of at
least three pairs; a value with a comma, colon or line break is quoted as in JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from studio.core.samplers import SAMPLERS, SCHEDULES, sampler

_NEGATIVE = "Negative prompt:"
_DEFAULT_SCHEDULE = "Automatic"
#: Keys of a recipe and what the web UIs call them, where the value is a plain number.
_WHOLES = {"Steps": "steps", "Seed": "seed"}
_NUMBERS = {"CFG scale": "guidance", "Denoising strength": "strength"}
_FEWEST_PAIRS = 3


def written(values: Mapping[str, Any]) -> str:
    """The text of a recipe's values (metadata.Recipe as a dict); what is None is left out."""
    known = sampler(values["sampler"])
    pairs: dict[str, Any] = {"Steps": values["steps"]}
    if values["sampler"]:
        pairs["Sampler"] = known.web_ui if known else values["sampler"]
    if values["schedule"]:
        plain = values["schedule"] == SCHEDULES[0]
        pairs["Schedule type"] = _DEFAULT_SCHEDULE if plain else values["schedule"].capitalize()
    pairs["CFG scale"] = values["guidance"]
    pairs["Seed"] = values["seed"]
    if values["width"] is not None and values["height"] is not None:
        pairs["Size"] = f"{values['width']}x{values['height']}"
    pairs["Model"] = values["model"] or None
    pairs["Denoising strength"] = values["strength"]
    pairs["Version"] = "Sfumato"
    lines = [values["prompt"]]
    if values["negative"]:
        lines.append(f"{_NEGATIVE} {values['negative']}")
    lines.append(
        ", ".join(f"{key}: {_quoted(value)}" for key, value in pairs.items() if value is not None)
    )
    return "\n".join(lines)


def read(text: str) -> dict[str, Any]:
    """The values that a text tells, by the names of metadata.Recipe; {} when it tells none.

    Never raises, whatever the text is.
    """
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    pairs = dict(_pairs(lines[-1]))
    if len(pairs) >= _FEWEST_PAIRS:
        lines = lines[:-1]
    else:
        pairs = {}
    start = next((n for n, line in enumerate(lines) if line.startswith(_NEGATIVE)), len(lines))
    found: dict[str, Any] = {"prompt": "\n".join(lines[:start])}
    negative = "\n".join(lines[start:])[len(_NEGATIVE) :]
    found["negative"] = negative.removeprefix(" ")
    found.update(_values(pairs))
    return {key: value for key, value in found.items() if value not in ("", None)}


def _values(pairs: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for title, name in _WHOLES.items():
        yield name, _whole(pairs.get(title, ""))
    for title, name in _NUMBERS.items():
        yield name, _number(pairs.get(title, ""))
    width, _, height = pairs.get("Size", "").partition("x")
    yield "width", _whole(width)
    yield "height", _whole(height)
    yield "model", pairs.get("Model", "")
    yield from _sampling(pairs.get("Sampler", ""), pairs.get("Schedule type", ""))


def _sampling(title: str, schedule: str) -> Iterator[tuple[str, str]]:
    """Our keys; older files name the schedule behind the sampler: 'DPM++ 2M Karras'."""
    for each in SCHEDULES[1:]:
        if title.lower().endswith(f" {each}"):
            title, schedule = title[: -len(each) - 1], schedule or each
    known = [one.key for one in SAMPLERS if one.web_ui.lower() == title.lower()]
    yield "sampler", known[0] if known else title
    if schedule.lower() in SCHEDULES:
        yield "schedule", schedule.lower()
    elif schedule == _DEFAULT_SCHEDULE:
        yield "schedule", SCHEDULES[0]


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """Pairs of 'key: value, ...'; one pass, so that a hostile line cannot take long."""
    at = 0
    while at < len(line):
        colon = line.find(":", at)
        comma = line.find(",", at)
        if colon < 0:
            return
        if 0 <= comma < colon:
            at = line.rfind(",", at, colon) + 1
        key = line[at:colon].strip()
        value, at = _value(line, colon + 1)
        if key:
            yield key, value


def _value(line: str, at: int) -> tuple[str, int]:
    """The value that begins there, and where the next pair begins."""
    while at < len(line) and line[at] == " ":
        at += 1
    if at < len(line) and line[at] == '"':
        try:
            value, end = json.JSONDecoder().raw_decode(line, at)
        except (ValueError, RecursionError):
            end = -1
        if end >= 0:
            comma = line.find(",", end)
            return str(value), len(line) if comma < 0 else comma + 1
    comma = line.find(",", at)
    end = len(line) if comma < 0 else comma
    return line[at:end].strip(), end + 1


def _quoted(value: object) -> str:
    text = str(value)
    if isinstance(value, float) and float(f"{value:g}") == value:
        text = f"{value:g}"
    plain = text == text.strip() and not any(each in text for each in ',:\n"')
    return text if plain else json.dumps(text, ensure_ascii=False)


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None

"""Wildcards: `{red|blue}` in a prompt stands for a prompt each."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.errors import UsageError

#: Prompts that one text may stand for.
MOST = 256
#: Braces within braces; deeper than this nobody writes by hand.
DEEPEST = 8
_MARKS = ("{", "|", "}")


@dataclass(frozen=True, slots=True)
class _Choice:
    options: list[_Text]


_Text = list["str | _Choice"]


def expanded(text: str) -> tuple[str, ...]:
    r"""Every prompt that the text stands for, the last choice changing first.

    `a {red|blue} house` gives two; choices may lie in choices, an option may be empty, and `\{`,
    `\|`, `\}` stand for themselves. A brace that has no partner, or that holds no `|`, is text:
    prompts are written by hand.

    Raises:
        UsageError: More than `MOST` prompts, or braces deeper than `DEEPEST`.
    """
    parsed = _parsed(text, _braces(text))
    if _count(parsed) > MOST:
        raise UsageError(
            f"The choices in the prompt make {_count(parsed):,} prompts.",
            f"Leave some out: up to {MOST} can be made at a time.",
        )
    return tuple(_spelt(parsed))


def _braces(text: str) -> set[int]:
    """Where the braces and bars of choices stand."""
    found: set[int] = set()
    opened: list[list[int]] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and text[at + 1 : at + 2] in _MARKS:
            at += 1
        elif letter == "{":
            opened.append([at])
        elif opened and letter == "|":
            opened[-1].append(at)
        elif opened and letter == "}" and len(marks := opened.pop()) > 1:
            found.update(marks, (at,))
        at += 1
    return found


def _parsed(text: str, marks: set[int]) -> _Text:
    outer: _Text = [""]
    #: The options of each choice that is open, the innermost last.
    within: list[_Choice] = []
    at = 0
    while at < len(text):
        letter, parts = text[at], within[-1].options[-1] if within else outer
        if at in marks and letter == "{":
            if len(within) == DEEPEST:
                raise UsageError(f"The choices in the prompt lie more than {DEEPEST} deep.")
            choice = _Choice([[""]])
            parts += [choice, ""]
            within.append(choice)
        elif at in marks and letter == "|":
            within[-1].options.append([""])
        elif at in marks:
            within.pop()
        else:
            if letter == "\\" and text[at + 1 : at + 2] in _MARKS:
                at += 1
            parts[-1] = f"{parts[-1]}{text[at]}"
        at += 1
    return outer


def _count(text: _Text) -> int:
    total = 1
    for part in text:
        if isinstance(part, _Choice):
            total *= sum(_count(option) for option in part.options)
    return total


def _spelt(text: _Text) -> list[str]:
    spelt = [""]
    for part in text:
        ends = [part] if isinstance(part, str) else [o for one in part.options for o in _spelt(one)]
        spelt = [start + end for start in spelt for end in ends]
    return spelt

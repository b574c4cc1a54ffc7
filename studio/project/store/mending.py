"""A line of gestures that is whole again, from what is left of a damaged one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from studio.document.tiles import Key
from studio.project.store import seals
from studio.project.store.found import Found, Place, Step
from studio.project.store.values import Change

State = dict[Place, bytes]

#: What the history calls a step of which the name is lost.
RECOVERED = "Recovered"


@dataclass(slots=True)
class Mended:
    """What to write into a new file.

    Attributes:
        rows: Id, label, packed tree and changes of the base and of every gesture after it.
        head: Index of the one where the document stands.
        older: Tiles at the head that are shown as they were at an earlier step.
        empty: Tiles at the head of which nothing is left.
        whole: Tiles at the head that are as they should be.
        torn: Steps of which the changes could not be read and are not known from elsewhere.
        gap: Whether steps are missing altogether.
        back: Whether the document stands at an earlier step than it should.
    """

    rows: list[tuple[int, str, bytes, list[Change]]] = field(default_factory=list)
    head: int = 0
    older: int = 0
    empty: int = 0
    whole: int = 0
    torn: int = 0
    gap: bool = False
    back: bool = False


def mended(found: Found) -> Mended | None:
    """The best line that can be made; None when no step at all is left.

    Where a tile is lost, the one before it at that place stands in for it, at every step; so each
    step that is left can be undone and done again, and names only tiles that are there.
    """
    line, joint = _line(found)
    line, joint = _with_head(found, line, joint)
    if not line:
        return None
    made = Mended(gap=joint is not None)
    made.head, made.back = _head(found, line)
    anchor, known = _anchored(found.cells, line, made.head, joint)
    ideal: State = {}
    real: State = {}
    for index, step in enumerate(line):
        wanted = _changes(index, step, joint, anchor, known, ideal)
        if wanted is None:
            made.torn += 1
            wanted = _guess(index, line, made.head, found, ideal)
        _take(ideal, wanted)
        changes = _possible(real, wanted, found.tiles)
        _take(real, ((change.grid, change.key, change.after) for change in changes))
        made.rows.append((step.id, step.label if index else "", step.tree, changes))
        if index == made.head:
            _count(made, ideal, real)
    return made


def _line(found: Found) -> tuple[list[Step], int | None]:
    """The steps in order, and the index of the one before which some are missing."""
    steps = found.steps
    last = next((head.last for head in found.heads if head.last in steps), None)
    if last is None:
        below = max((head.last for head in found.heads), default=None)
        last = max((n for n in steps if below is None or n <= below), default=None)
    if last is None:
        return [], None
    line, order = [steps[last]], sorted(steps)
    while not line[-1].base and (before := _before(line[-1], steps, order)) is not None:
        line.append(before)
    line.reverse()
    if line[0].base:
        return line, None
    start = _from_base(steps, line[0].id)
    return start + line, len(start)


def _with_head(found: Found, line: list[Step], joint: int | None) -> tuple[list[Step], int | None]:
    """The line and, where the gesture of the head is lost, what the head itself says of it."""
    lost = [head for head in found.heads if all(step.id < head.gesture for step in line)]
    if not lost:
        return line, joint
    head = max(lost)
    step = Step(head.gesture, False, RECOVERED, head.tree, head.state, b"", b"", None)
    return [*line, step], len(line)


def _before(step: Step, steps: Mapping[int, Step], order: Sequence[int]) -> Step | None:
    """The step that leads to this one; `order` holds the numbers of all, growing."""
    for index in range(bisect_left(order, step.id) - 1, -1, -1):
        number = order[index]
        if seals.seal(steps[number].chain, step.seal) == step.chain:
            return steps[number]
    return None


def _from_base(steps: Mapping[int, Step], below: int) -> list[Step]:
    """The steps from the newest base on, as far as each leads to the next."""
    bases = [n for n, step in steps.items() if step.base and n < below]
    if not bases:
        return []
    line = [steps[max(bases)]]
    for number in sorted(n for n in steps if line[0].id < n < below):
        if seals.seal(line[-1].chain, steps[number].seal) == steps[number].chain:
            line.append(steps[number])
    return line


def _head(found: Found, line: list[Step]) -> tuple[int, bool]:
    wanted = max((head.gesture for head in found.heads), default=None)
    for index, step in enumerate(line):
        if step.id == wanted:
            return index, False
    total = _sum(found.cells)
    same = [i for i, step in enumerate(line) if step.state == total]
    if same:
        return same[-1], False
    below = [i for i, step in enumerate(line) if wanted is None or step.id <= wanted]
    return (below[-1] if below else len(line) - 1), wanted is not None


def _sum(cells: Mapping[Place, bytes]) -> bytes:
    return seals.state_bytes(
        seals.moved(0, (Change(grid, key, None, name) for (grid, key), name in cells.items()))
    )


def _anchored(
    cells: Mapping[Place, bytes], line: list[Step], head: int, joint: int | None
) -> tuple[int, State]:
    """The earliest step whose tiles follow from the list of tiles at the head, and those tiles."""
    if _sum(cells) != line[head].state:
        return -1, {}
    state, index = dict(cells), head
    while index > 0 and index != joint:
        changes = line[index].changes
        if changes is None:
            break
        _take(state, ((change.grid, change.key, change.before) for change in changes))
        index -= 1
    return index, state


Wanted = list[tuple[int, Key, bytes | None]]


def _changes(
    index: int, step: Step, joint: int | None, anchor: int, known: State, now: State
) -> Wanted | None:
    """What a step surely changes; None when that is not known."""
    if step.changes is not None and index != joint and (index > 0 or step.base):
        return [(change.grid, change.key, change.after) for change in step.changes]
    if index == anchor:
        return [(*place, known.get(place)) for place in {**now, **known}]
    return None


def _guess(index: int, line: list[Step], head: int, found: Found, now: State) -> Wanted:
    """What a step of which the changes are lost has probably changed.

    The most is known from what later steps say was there before; then from the list of tiles at
    the head, as far as it is left; then from where tiles say that they were used.
    """
    wanted: dict[Place, bytes | None] = {}
    for later in reversed(line[index:]):
        for change in later.changes or ():
            wanted[change.grid, change.key] = change.before
    if index <= head:
        for place, name in found.cells.items():
            wanted.setdefault(place, name)
        for place, (_, name) in found.places.items():
            if place not in now or not line[index].seal:  # the newest is shown, as the head was
                wanted.setdefault(place, name)
    for change in line[index].changes or ():
        wanted[change.grid, change.key] = change.after
    return [(*place, name) for place, name in wanted.items() if now.get(place) != name]


def _possible(now: State, wanted: Wanted, tiles: set[bytes]) -> list[Change]:
    changes = []
    for grid, key, name in wanted:
        before = now.get((grid, key))
        after = name if name is None or name in tiles else before
        if before != after:
            changes.append(Change(grid, key, before, after))
    return changes


def _take(state: State, changes: Iterable[tuple[int, Key, bytes | None]]) -> None:
    for grid, key, name in changes:
        if name is None:
            state.pop((grid, key), None)
        else:
            state[grid, key] = name


def _count(made: Mended, ideal: State, real: State) -> None:
    made.whole = sum(real.get(place) == name for place, name in ideal.items())
    made.empty = sum(place not in real for place in ideal)
    made.older = len(ideal) - made.whole - made.empty

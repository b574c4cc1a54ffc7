"""Line: which state of a history is which gesture of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from studio.document.history import History


@dataclass(slots=True, eq=False)
class Mark:
    """A state of the document in the file.

    Attributes:
        gesture: Its id; set by the writer's thread once it is written.
        planned: Whether the file has it, or will once all is written that was given.
    """

    gesture: int | None = None
    planned: bool = False


class Move(Enum):
    """What became of the history since it was last looked at."""

    NEW = 1  # one more step, which is the newest
    SAME = 2  # the same state: the newest step took another one in, or old ones were forgotten
    OTHER = 3  # undo, redo, a jump


class Line:
    """Steps are told apart by their commands; a step costs no look at the others."""

    def __init__(self, history: History, gestures: Sequence[int] = ()) -> None:
        """The history as it is.

        Args:
            history: Looked at whenever `follow` is called.
            gestures: Of its states, one more than it has steps; none: no file has them.
        """
        self._history = history
        self._commands = [history.pushed(index) for index in range(history.count())]
        self.marks = [Mark(each, planned=True) for each in gestures]
        self.marks = self.marks or [Mark() for _ in range(len(self._commands) + 1)]
        self.at = history.index()

    @property
    def mark(self) -> Mark:
        """The state of the moment."""
        return self.marks[self.at]

    @property
    def newest(self) -> bool:
        """Whether no step is undone."""
        return self.at == len(self._commands)

    def forget(self) -> None:
        """No file has any of these states any more."""
        for mark in self.marks:
            mark.planned = False

    def follow(self) -> Move:
        """Look at the history again."""
        history, known = self._history, self._commands
        count, index = history.count(), history.index()
        if count == len(known) and self._ends_alike():
            same, self.at = index == self.at, index
            return Move.SAME if same else Move.OTHER
        if count == index == len(known) + 1 and self.at == len(known) and self._grew():
            known.append(history.pushed(count - 1))
            self.marks.append(Mark())
            self.at = index
            return Move.NEW
        return self._align()

    def _ends_alike(self) -> bool:
        known, pushed = self._commands, self._history.pushed
        return not known or (pushed(0) is known[0] and pushed(len(known) - 1) is known[-1])

    def _grew(self) -> bool:
        known = self._commands
        return not known or self._history.pushed(len(known) - 1) is known[-1]

    def _align(self) -> Move:
        """Steps were dropped at either end, and at most one came."""
        before, history = self.mark, self._history
        place = {id(command): place for place, command in enumerate(self._commands)}
        commands = [history.pushed(index) for index in range(history.count())]
        first = place.get(id(commands[0]), 0) if commands else 0
        marks = [self.marks[first]]
        for command in commands:
            at = place.get(id(command))
            marks.append(Mark() if at is None else self.marks[at + 1])
        fresh = bool(commands) and id(commands[-1]) not in place
        self._commands, self.marks, self.at = commands, marks, history.index()
        if fresh:
            return Move.NEW
        return Move.SAME if self.mark is before else Move.OTHER

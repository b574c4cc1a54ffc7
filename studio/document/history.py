"""History: steps of undo within a memory budget; the oldest are forgotten first."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

#: Bytes; a setting of the artist's may change it.
BUDGET = 2 << 30


class Step(QUndoCommand):
    """One step as Qt holds it. The command itself stays ours, so that it can move to a new list."""

    def __init__(self, command: QUndoCommand, *, laying: bool = False) -> None:
        """While `laying`, it goes onto a list at a state that has it already: nothing is done."""
        super().__init__(command.text())
        self.command = command
        self.nbytes = _nbytes(command)
        self.laying = laying
        self.done = False  # whether the first redo was done before it was pushed

    def id(self) -> int:
        """What Qt asks to merge."""
        return -1 if self.laying else self.command.id()

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Merge the commands."""
        if not isinstance(other, Step) or not self.command.mergeWith(other.command):
            return False
        self.nbytes = _nbytes(self.command)
        self.setText(self.command.text())
        self.setObsolete(self.command.isObsolete())
        return True

    def redo(self) -> None:
        """Do it."""
        done, self.done = self.done, False
        if not (self.laying or done):
            self.command.redo()
            self.setObsolete(self.command.isObsolete())

    def undo(self) -> None:
        """Take it back."""
        if not self.laying:
            self.command.undo()
            self.setObsolete(self.command.isObsolete())


class History(QUndoStack):
    """A QUndoStack whose steps keep at most a budget of bytes.

    A command says in `nbytes` what only it keeps; one that does not say so keeps nothing. When a
    push goes over the budget, steps are forgotten from the oldest on, never the newest, until an
    eighth of the budget is free. Qt removes steps from the end only (undoLimit counts steps and
    must be set before the first), so what remains is laid into the emptied stack again, without
    being done again; that takes 5 us a step, too long to do it at every stroke.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._budget = BUDGET
        self._held: list[Step] = []

    def __del__(self) -> None:
        """Be silent, and empty the stack while its steps are whole.

        Python's collector calls this before it takes anything apart. Qt would empty the stack when
        it destroys it, amid or after that: slots of what is half gone were called, and the steps,
        which are Python objects, could have been freed before.
        """
        with contextlib.suppress(RuntimeError):  # Qt has destroyed it already
            self.blockSignals(True)
            self.clear()

    @property
    def budget(self) -> int:
        """Bytes that the steps may keep."""
        return self._budget

    @property
    def nbytes(self) -> int:
        """Bytes that the steps keep; arrays that two of them share count twice."""
        return sum(step.nbytes for step in self._steps())

    def names(self) -> tuple[str, ...]:
        """Of all steps, oldest first; `setIndex(n)` goes to the state after the first n."""
        return tuple(self.text(index) for index in range(self.count()))

    def pushed(self, index: int) -> QUndoCommand:
        """The command of that step as it was pushed; `command` gives Qt's own wrapping of it."""
        return self._steps()[index].command

    def set_budget(self, nbytes: int) -> None:
        """Change the budget; done steps over it are forgotten now, what redo would do is not."""
        self._budget = nbytes
        self._trim()

    def push(self, command: QUndoCommand) -> None:
        """Do the command and keep it as the newest step.

        A command that changes nothing leaves no step, and keeps what redo would do: Qt's own push
        drops that before it looks.
        """
        command.redo()
        if command.isObsolete():
            return
        del self._held[self.index() :]
        step = Step(command)
        step.done = True
        # First into the list: who hears of the step asks for it.
        self._held.append(step)
        super().push(step)
        self._trim()

    def _steps(self) -> list[Step]:
        # Steps merge and become obsolete by Qt's own hand; then the list is read again.
        if len(self._held) != self.count():
            self._held = [cast(Step, self.command(index)) for index in range(self.count())]
        return self._held

    def _trim(self) -> None:
        steps = self._steps()
        excess = sum(step.nbytes for step in steps) - self._budget
        if excess <= 0:
            return
        excess += self._budget // 8
        first = 0
        while excess > 0 and first < self.index() - 1:
            excess -= steps[first].nbytes
            first += 1
        if first:
            self._forget(first)

    def _forget(self, first: int) -> None:
        """Lay all but that many oldest steps into the emptied stack, at the same state."""
        commands = [step.command for step in self._steps()[first:]]
        self._lay(commands, self.index() - first, self.cleanIndex() - first)

    def lay(self, commands: Sequence[QUndoCommand], index: int) -> None:
        """Start over with steps of which the first `index` are done already: none is done now.

        What is safe in a file of its own is not known of them: only no steps at all are clean.
        """
        self._lay(commands, index, -1 if commands else 0)
        self.canUndoChanged.emit(self.canUndo())
        self.canRedoChanged.emit(self.canRedo())
        self.undoTextChanged.emit(self.undoText())
        self.redoTextChanged.emit(self.redoText())
        self.cleanChanged.emit(self.isClean())

    def _lay(self, commands: Sequence[QUndoCommand], index: int, clean: int) -> None:
        blocked = self.blockSignals(True)
        self.clear()
        if clean != 0:
            self.resetClean()
        self._held = [Step(command, laying=True) for command in commands]
        for number, step in enumerate(self._held, 1):
            super().push(step)
            if number == clean:
                self.setClean()
        self.setIndex(index)
        for step in self._held:
            step.laying = False
        self.blockSignals(blocked)
        self.indexChanged.emit(self.index())


def _nbytes(command: QUndoCommand) -> int:
    return int(getattr(command, "nbytes", 0))

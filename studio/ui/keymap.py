"""Keymap: which keys the artist has given to actions, beside those that come with the studio."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtGui import QKeySequence

from studio.ui.actions import Actions

#: Between alternatives of one action; no key is written so.
BETWEEN = " | "
_TEXT = QKeySequence.SequenceFormat.PortableText

Keys = tuple[str, ...]


class Keymap:
    """Keys of all actions: as they came, and as they are."""

    def __init__(self, actions: Actions) -> None:
        """Keys as `actions` have them now are what `reset` brings back."""
        self._actions = actions
        self._first = {action.objectName(): _keys(action.shortcuts()) for action in actions}

    def default(self, key: str) -> Keys:
        """The keys that came with an action."""
        return self._first[key]

    def now(self) -> dict[str, Keys]:
        """The keys of every action."""
        return {action.objectName(): _keys(action.shortcuts()) for action in self._actions}

    def use(self, wanted: Mapping[str, Keys]) -> None:
        """Give actions their keys; actions that are not named keep theirs."""
        for key, keys in wanted.items():
            self._actions.set_keys(key, [QKeySequence(each) for each in keys])

    def changed(self) -> Keys:
        """What differs from the keys that came: '<action> <keys>' each, to be remembered."""
        return tuple(
            f"{key} {BETWEEN.join(keys)}"
            for key, keys in self.now().items()
            if keys != self._first[key]
        )

    def restore(self, lines: Iterable[str]) -> None:
        """Take what `changed` gave; lines of actions that are no more are left out."""
        for line in lines:
            key, _, keys = line.partition(" ")
            if key in self._first:
                self.use({key: tuple(each for each in keys.split(BETWEEN) if each)})


def clashes(keys: Mapping[str, Keys]) -> dict[str, set[str]]:
    """Of each action that shares a key with others, which those are."""
    owners: dict[str, set[str]] = {}
    for action, held in keys.items():
        for each in held:
            owners.setdefault(QKeySequence(each).toString(_TEXT), set()).add(action)
    shared: dict[str, set[str]] = {}
    for several in owners.values():
        for action in several if len(several) > 1 else ():
            shared.setdefault(action, set()).update(several - {action})
    return shared


def _keys(sequences: Iterable[QKeySequence]) -> Keys:
    return tuple(each.toString(_TEXT) for each in sequences)

"""Which models are installed: the starter and those that the artist added by path."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from studio.core.checkpoint import Checkpoint
from studio.core.errors import FileError, ModelError
from studio.document.files.storage import write_atomic
from studio.models.inspect import inspect, key_of


class Library:
    """The list of models; their files stay where the artist keeps them.

    Args:
        starter: The folder of the model that the studio ships.
        store: The file that keeps the list.
    """

    def __init__(self, starter: Path, store: Path) -> None:
        self._starter = starter
        self._store = store

    def all(self) -> tuple[Checkpoint, ...]:
        """Every model, the starter first; one whose file is gone at the moment is listed too.

        A starter that is damaged is left out: `get` tells why, and the others still work.

        Raises:
            ModelError: The list cannot be read.
        """
        return (*self._shipped(), *self._added())

    def get(self, key_or_path: str) -> Checkpoint:
        """The model of that key, or the one at that path, read anew.

        Raises:
            ModelError: There is none, its file is gone, or it is refused.
        """
        if key_or_path == key_of(self._starter.name):
            return inspect(self._starter)
        models = self.all()
        path = Path(key_or_path).expanduser()
        for one in models:
            if key_or_path == one.key or str(path.absolute()) == one.path:
                return self._read(one)
        if path.exists():
            return inspect(path)
        raise ModelError(
            f"There is no model called '{key_or_path}'.",
            f"There are: {', '.join(one.key for one in models)}. A path works too.",
        )

    def add(self, path: Path) -> Checkpoint:
        """Put a model on the list; one that is there already is read anew and keeps its key.

        Raises:
            ModelError: It is refused, or the list cannot be written.
        """
        found = inspect(path)
        added = self._added()
        for one in (*self._shipped(), *added):
            if one.path == found.path:
                return replace(found, key=one.key)
        taken = {key_of(self._starter.name), *(one.key for one in added)}
        keys = (found.key, *(f"{found.key}-{count}" for count in range(2, len(taken) + 3)))
        new = replace(found, key=next(key for key in keys if key not in taken))
        self._write((*added, new))
        return new

    def remove(self, key: str) -> None:
        """Take a model off the list; its files stay.

        Raises:
            ModelError: There is none, or it is the starter.
        """
        added = self._added()
        if key == key_of(self._starter.name):
            raise ModelError("The starter model is part of the studio and stays.")
        if all(one.key != key for one in added):
            raise ModelError(
                f"There is no model called '{key}' to remove.",
                f"There are: {', '.join(one.key for one in added) or 'none that you added'}.",
            )
        self._write(tuple(one for one in added if one.key != key))

    def _shipped(self) -> tuple[Checkpoint, ...]:
        try:
            return (inspect(self._starter),)
        except ModelError:
            return ()

    def _read(self, known: Checkpoint) -> Checkpoint:
        if not Path(known.path).exists():
            raise ModelError(
                f"The model '{known.title}' is no longer at {known.path}.",
                "Connect its disk, or remove it and add it at its new place.",
            )
        return replace(inspect(Path(known.path)), key=known.key)

    def _added(self) -> tuple[Checkpoint, ...]:
        try:
            listed = json.loads(self._store.read_bytes())["models"]
            return tuple(Checkpoint.from_dict(one) for one in listed)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ModelError(
                f"The list of models {self._store} cannot be read: {error.strerror}.",
                "Check that you may read it.",
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError):
            # Damaged from outside: set aside, never thrown away. The models can be added again.
            self._store.replace(self._store.with_suffix(".damaged.json"))
            return ()

    def _write(self, models: tuple[Checkpoint, ...]) -> None:
        text = json.dumps({"models": [one.as_dict() for one in models]}, indent=1)
        try:
            self._store.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._store, text.encode())
        except OSError as error:
            raise ModelError(
                f"The list of models {self._store} cannot be written: {error.strerror}.",
                "Check that you may write there.",
            ) from error
        except FileError as error:
            raise ModelError(
                f"The list of models was not changed. {error.message}", error.hint
            ) from error

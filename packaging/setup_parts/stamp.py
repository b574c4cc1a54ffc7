"""What the environment was made from, so that the second start has nothing to do."""

import hashlib
import json
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from setup_parts.place import Place

VERSION = 1  # raise it when the set-up itself changes in a way that old environments must follow


@dataclass(frozen=True)
class Stamp:
    """One finished set-up. Written last: an interrupted set-up leaves none."""

    digest: str
    extras: tuple[str, ...]
    flavour: str

    def serves(self, digest: str, extras: Iterable[str], wish: str | None) -> bool:
        """Tell whether this environment is good for what is wanted now."""
        return (
            self.digest == digest
            and set(extras) <= set(self.extras)
            and wish in (None, self.flavour)
        )


def digest(place: Place) -> str:
    """Return a fingerprint of all that decides what gets installed, and where."""
    project = tomllib.loads((place.root / "pyproject.toml").read_text(encoding="utf-8"))
    parts = {
        "version": VERSION,
        "build": project.get("build-system"),
        # Only what pip reads: a changed lint rule is no reason to install anything.
        "project": project["project"],
        "lock": place.lock.read_text(encoding="utf-8") if place.lock.is_file() else "",
        "python": sys.version,
        "root": str(place.root),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read(path: Path) -> Stamp | None:
    """Return the stamp, or None where there is none that can be read."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Stamp(fields["digest"], tuple(fields["extras"]), fields["flavour"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def begin(path: Path) -> None:
    """Mark the environment as unfinished."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"state": "incomplete"}\n', encoding="utf-8")


def finish(path: Path, stamp: Stamp) -> None:
    """Write the stamp whole or not at all."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(stamp)) + "\n", encoding="utf-8")
    draft.replace(path)

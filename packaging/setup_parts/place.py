"""Where things are: the repository, its environment, and the folder of fetched system libraries."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """The folders of one copy of the repository."""

    root: Path
    venv: Path
    lent: bool = False  # the environment belongs to somebody else: used as it is, never changed

    @classmethod
    def here(cls) -> "Place":
        """Return the folders of this copy; SFUMATO_VENV lends it a ready environment."""
        lent = os.environ.get("SFUMATO_VENV")
        if lent:
            return cls(ROOT, Path(lent).absolute(), lent=True)
        return cls(ROOT, ROOT / ".venv")

    @property
    def python(self) -> Path:
        """The interpreter of the environment."""
        if os.name == "nt":
            return self.venv / "Scripts" / "python.exe"
        return self.venv / "bin" / "python"

    @property
    def private(self) -> Path:
        """What the set-up keeps for itself: logs, and system libraries it had to fetch."""
        return self.root / ".setup"

    @property
    def log(self) -> Path:
        """All that pip said."""
        return self.private / "pip.log"

    @property
    def stamp(self) -> Path:
        """The note that says what the environment was made from."""
        return self.venv / "sfumato-setup.json"

    @property
    def lock(self) -> Path:
        """The exact versions that were tried together."""
        return self.root / "packaging" / "lock.txt"

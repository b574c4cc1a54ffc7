"""Where things lie: the program's own resources and the artist's folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

_APP = "Sfumato"


def resources() -> Path:
    """The folder of icons, themes, samples and the starter model."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    return root / "resources"


def starter_model() -> Path:
    """The folder of the model that the studio ships."""
    return resources() / "models" / "starter"


def model_configs() -> Path:
    """Configuration folders, without weights, that let single-file checkpoints load offline."""
    return resources() / "models" / "configs"


def config() -> Path:
    """The artist's settings. SFUMATO_HOME, when set, is the one root of all these folders."""
    return _own("config", platformdirs.user_config_path(_APP, appauthor=False))


def data() -> Path:
    """What the artist would miss: the list of models, unnamed pictures."""
    return _own("data", platformdirs.user_data_path(_APP, appauthor=False))


def log() -> Path:
    """Logs of both processes."""
    return _own("log", platformdirs.user_log_path(_APP, appauthor=False))


def _own(name: str, usual: Path) -> Path:
    home = os.environ.get("SFUMATO_HOME")
    folder = Path(home) / name if home else usual
    folder.mkdir(parents=True, exist_ok=True)
    return folder

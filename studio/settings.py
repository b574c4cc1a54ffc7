"""Settings: what the studio remembers from one start to the next, in one JSON file."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)
RECENT = 12
HISTORY = 100


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything remembered; each value has a default that suits a first start.

    Attributes:
        geometry: The window's place, Qt's own format in hexadecimal.
        theme: A member of `ui.theme.THEMES`.
        recent: Files opened last, newest first.
        prompts: Prompts used last, newest last.
        prompt: What stood in the prompt bar.
        negative: What stood in the negative prompt.
        model: Key of the model.
        sampler: Key of the sampler; empty: the model's own.
        schedule: A member of `samplers.SCHEDULES`.
        steps: Denoising steps; 0: the model's own.
        guidance: Guidance scale; below 0: the model's own.
        strength: Above 0 to 1.
        count: Takes per run.
        seed: The seed used last.
        seed_locked: Whether the next run uses it again.
        brush_size: Diameter in document px.
        brush_hardness: 0 to 1.
        brush_opacity: 0 to 1.
        brush_flow: 0 to 1.
        brush_spacing: 0.01 to 1, diameters.
        brush_smoothing: 0 to 1.
        pen_size: Share of the size that the pen's pressure rules, 0 to 1.
        pen_flow: Share of the flow that the pen's pressure rules, 0 to 1.
        undo_megabytes: What the steps of undo may keep, MB.
        history_shown: Whether the right column lists them.
        overview_shown: Whether the right column begins with the whole picture in small.
        calm_motion: Whether nothing moves by itself, such as a view that was pushed.
        spare_engine: Whether a second engine waits, on a computer with memory for it, so that one
            that stops is replaced at once.
        rest_minutes: An engine without work gives its memory back after so long; 0: never.
        notify: Whether the system tells of long runs that are done.
        shortcuts: '<action> <keys>' each, of actions whose keys the artist has changed.
        folder: Where the last picture was opened or exported.
    """

    geometry: str = ""
    theme: str = "dark"
    recent: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    prompt: str = ""
    negative: str = ""
    model: str = ""
    sampler: str = ""
    schedule: str = "default"
    steps: int = 0
    guidance: float = -1.0
    strength: float = 1.0
    count: int = 1
    seed: int = 0
    seed_locked: bool = False
    brush_size: float = 40.0
    brush_hardness: float = 0.8
    brush_opacity: float = 1.0
    brush_flow: float = 1.0
    brush_spacing: float = 0.1
    brush_smoothing: float = 0.0
    pen_size: float = 0.7
    pen_flow: float = 0.0
    undo_megabytes: int = 2048
    history_shown: bool = False
    overview_shown: bool = False
    calm_motion: bool = False
    spare_engine: bool = True
    rest_minutes: int = 20
    notify: bool = True
    shortcuts: tuple[str, ...] = ()
    folder: str = ""

    def with_recent(self, path: Path) -> Preferences:
        """The same with this file as the newest."""
        others = tuple(one for one in self.recent if one != str(path))
        return replace(self, recent=(str(path), *others)[:RECENT])


class Settings:
    """The file and the values of the moment; `values` is replaced, never changed in place."""

    def __init__(self, path: Path) -> None:
        """Read `path`; what cannot be read is left at its default, and the log says so."""
        self._path = path
        self.values = _read(path)

    def update(self, **changes: Any) -> None:
        """Replace some values.

        Raises:
            TypeError: There is no such value.
        """
        self.values = replace(self.values, **changes)

    def save(self) -> None:
        """Write the file, wholly or not at all.

        Raises:
            FileError: It cannot be written.
        """
        # The way to disk loads hashing and more, which the first painted frame has no use for.
        from studio.document.files.storage import write_atomic

        text = json.dumps(asdict(self.values), indent=1, ensure_ascii=True)
        write_atomic(self._path, text.encode("ascii"))


def _read(path: Path) -> Preferences:
    try:
        raw = json.loads(path.read_bytes())
        if not isinstance(raw, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("The settings in %s cannot be read (%s); defaults are used.", path, error)
        return Preferences()
    default = Preferences()
    good: dict[str, Any] = {}
    for one in fields(Preferences):
        if one.name not in raw:
            continue
        value = _fitting(raw[one.name], getattr(default, one.name))
        if value is None:
            _log.warning("The setting '%s' in %s has no usable value.", one.name, path)
        else:
            good[one.name] = value
    return replace(default, **good)


def _fitting(value: Any, default: Any) -> Any:
    """`value` when it is of the default's type, else None."""
    if isinstance(default, tuple):
        whole = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return tuple(value) if whole else None
    if isinstance(default, float) and type(value) is int:
        return float(value)
    return value if type(value) is type(default) else None

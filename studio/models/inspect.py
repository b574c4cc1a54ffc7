"""Read from a path which model lies there: headers only, nothing of it is executed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.core.checkpoint import Checkpoint
from studio.core.errors import ModelError
from studio.core.families import family
from studio.core.request import MAX_GUIDANCE, MAX_STEPS
from studio.core.samplers import sampler
from studio.core.text import clean
from studio.models.folder import read_folder, read_json
from studio.models.header import read_header
from studio.models.refusals import refuse_file
from studio.models.single import Found, read_single

_LEAST_NATIVE, _MOST_NATIVE = 64, 4096
_LONGEST = 400


def inspect(path: Path) -> Checkpoint:
    """The model at that path: a diffusers folder or a single .safetensors file.

    Its key is made from the name of the file or folder; a library makes it unique.

    Raises:
        ModelError: There is none that the studio can load; the sentence says why.
    """
    whole = Path(path).expanduser().absolute()
    if whole.is_dir():
        return _folder(whole)
    if not whole.is_file():
        raise ModelError(f"There is no model at {whole}.", "Check the path.")
    refuse_file(whole)
    found = read_single(read_header(whole), whole.name)
    return _checkpoint(whole, whole.stem, found)


def _folder(path: Path) -> Checkpoint:
    if not (path / "model_index.json").is_file():
        raise ModelError(
            f"The folder {path.name} is not a model: it has no model_index.json.",
            "Take a diffusers folder, or a single .safetensors file.",
        )
    found, native = read_folder(path)
    made = _checkpoint(path, _name(path), found)
    if _LEAST_NATIVE <= native <= _MOST_NATIVE:
        made = replace(made, native=native)
    own = path / "sfumato.json"
    return _overridden(made, read_json(own, path.name)) if own.is_file() else made


def _checkpoint(path: Path, name: str, found: Found) -> Checkpoint:
    row = family(found.family)
    plain, inpainting = found.latent_channels, 2 * found.latent_channels + 1
    if found.in_channels not in (plain, inpainting):
        raise ModelError(
            f"{path.name} takes {found.in_channels} channels: it was made for another task, "
            "such as editing by instruction or by depth.",
            "Take a plain or an inpainting checkpoint.",
        )
    return Checkpoint(
        key=key_of(name),
        title=clean(name),
        path=str(path),
        family=row.key,
        in_channels=found.in_channels,
        inpainting=found.in_channels == inpainting,
        native=row.native,
        steps=row.steps,
        guidance=row.guidance,
        sampler=row.sampler,
        description=f"{row.title}{', for inpainting' if found.in_channels == inpainting else ''}.",
    )


def _name(folder: Path) -> str:
    """Its name; in the Hugging Face cache a hash has that place, and the name is further up."""
    hub = folder.parent.parent.name
    if folder.parent.name == "snapshots" and hub.startswith("models--"):
        return hub.rpartition("--")[2]
    return folder.name


def key_of(name: str) -> str:
    """A short word for the command line: lower case, digits, dots and single dashes."""
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[:60] or "model"


def _text(value: Any) -> str | None:
    return clean(value)[:_LONGEST] if isinstance(value, str) and value.strip() else None


def _examples(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(text for one in value[:40] if (text := _text(one)))


def _between(low: float, high: float) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        return value if isinstance(value, int | float) and low <= value <= high else None

    return checked


def _whole(low: int, high: int) -> Callable[[Any], Any]:
    return lambda value: value if type(value) is int and low <= value <= high else None


#: What a model's own sfumato.json may say, and what of it is taken; anything else is passed over.
_OWN: dict[str, Callable[[Any], Any]] = {
    "title": _text,
    "description": _text,
    "native": _whole(_LEAST_NATIVE, _MOST_NATIVE),
    "steps": _whole(1, MAX_STEPS),
    "guidance": _between(0.0, MAX_GUIDANCE),
    "sampler": lambda value: value if isinstance(value, str) and sampler(value) else None,
    "examples": _examples,
}


def _overridden(made: Checkpoint, own: dict[str, Any]) -> Checkpoint:
    taken = {name: check(own.get(name)) for name, check in _OWN.items()}
    if taken["guidance"] is not None:
        taken["guidance"] = float(taken["guidance"])
    return replace(made, **{name: value for name, value in taken.items() if value is not None})

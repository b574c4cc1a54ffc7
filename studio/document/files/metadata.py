"""Recipe: what a picture was made with, as it travels inside PNG, JPEG and WebP files."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from studio.core.guiders import guider
from studio.core.request import REUSES, Request, seed_of
from studio.core.samplers import BETAS, SCHEDULES
from studio.core.text import PROMPT_LIMIT, clean
from studio.document.files import comfy, comfy_canvas, invoke, parameters

#: PNG text keys: the one that the web UIs share, and our own.
SHARED_KEY = "parameters"
OWN_KEY = "sfumato"

EXIF_POINTER = 0x8769
USER_COMMENT = 0x9286
_VERSION = 1
#: Workflows have some 100 kB.
_LONGEST_JSON = 4 << 20
_TEXTS = ("prompt", "negative", "model", "sampler", "schedule", "betas", "guider", "reuse")
_WHOLES = ("steps", "seed", "width", "height")
_NUMBERS = ("guidance", "strength")


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of one take; an empty text or None: the file does not say.

    Attributes:
        prompt: What should be there.
        negative: What should not be there.
        model: Key or name of the model.
        sampler: A key of `samplers.SAMPLERS`, or a foreign name as it was found.
        schedule: A member of `samplers.SCHEDULES`, or empty.
        steps: Denoising steps.
        guidance: Classifier-free guidance scale.
        strength: Share of the noise added, 0 to 1.
        seed: Of this take.
        width: Working size in px.
        height: Working size in px.
        betas: A member of `samplers.BETAS`, or empty.
        guider: A key of `guiders.GUIDERS`, or empty.
        reuse: A member of `request.REUSES`, or empty.
    """

    prompt: str = ""
    negative: str = ""
    model: str = ""
    sampler: str = ""
    schedule: str = ""
    steps: int | None = None
    guidance: float | None = None
    strength: float | None = None
    seed: int | None = None
    width: int | None = None
    height: int | None = None
    betas: str = ""
    guider: str = ""
    reuse: str = ""

    @classmethod
    def of(cls, request: Request, take: int = 0) -> Recipe:
        """What take number `take` of a request was made with."""
        return cls(
            prompt=request.prompt,
            negative=request.negative,
            model=request.model.key,
            sampler=request.sampler,
            schedule=request.schedule,
            steps=request.steps,
            guidance=request.guidance,
            strength=request.strength,
            seed=seed_of(request.seed, take),
            width=request.working.width,
            height=request.working.height,
            betas=request.betas,
            guider=request.guider,
            reuse=request.reuse,
        )


def texts(recipe: Recipe) -> dict[str, str]:
    """The text entries of a PNG: the shared one for other programs, our own to the letter."""
    own = json.dumps({"version": _VERSION, **asdict(recipe)}, ensure_ascii=False)
    return {SHARED_KEY: clean(parameters.written(asdict(recipe))), OWN_KEY: clean(own)}


def exif(recipe: Recipe | None, resolution: tuple[float, float] | None = None) -> bytes:
    """An EXIF block for JPEG and WebP: its UserComment is the shared text.

    Pillow would write the comment as type BYTE, which the web UIs do not read; it must be
    UNDEFINED (7).

    Args:
        recipe: What the comment says; None: there is no comment.
        resolution: Dots per inch, across and down, for WebP, which has no other place for it.

    Source: EXIF 2.32, section 4.6.5, UserComment; TIFF 6.0, section 2.
    """
    entries: list[tuple[int, int, int, bytes]] = []  # tag, type, count, value
    if resolution is not None:
        for tag, dots in zip((0x011A, 0x011B), resolution, strict=True):
            entries.append((tag, 5, 1, struct.pack(">II", round(dots * 100), 100)))
        entries.append((0x0128, 3, 1, struct.pack(">HH", 2, 0)))  # the unit is the inch
    inner = b""
    if recipe is not None:
        comment = b"UNICODE\0" + clean(parameters.written(asdict(recipe))).encode("utf-16-be")
        inner = struct.pack(">HHHI", 1, USER_COMMENT, 7, len(comment)) + b"%s" + bytes(4) + comment
        entries.append((EXIF_POINTER, 4, 1, b"%s"))
    return b"Exif\0\0" + _tiff(entries, inner)


def _tiff(entries: list[tuple[int, int, int, bytes]], inner: bytes) -> bytes:
    """One directory and, behind its values, another; '%s' stands for the place of what is behind.

    Args:
        entries: Tag, type, count and value, by tag.
        inner: A whole directory of one entry.
    """
    behind = 8 + 2 + 12 * len(entries) + 4
    head, values = struct.pack(">2sHIH", b"MM", 42, 8, len(entries)), b""
    end = behind + sum(len(value) for _, _, _, value in entries if len(value) > 4)
    for tag, kind, count, value in entries:
        place = value
        if value == b"%s":
            place = struct.pack(">I", end)
        elif len(value) > 4:
            place = struct.pack(">I", behind + len(values))
            values += value
        head += struct.pack(">HHI", tag, kind, count) + place
    inner = inner.replace(b"%s", struct.pack(">I", end + 18), 1)
    return head + bytes(4) + values + inner


@dataclass(frozen=True, slots=True)
class Told:
    """What a file's texts tell: a recipe, and what an artist should know of it."""

    recipe: Recipe | None = None
    notes: tuple[str, ...] = ()


def recipe_of(text_of: Callable[[str], object], comment: object = None) -> Recipe | None:
    """The recipe that a file's texts tell, or None; see `told_by`."""
    return told_by(text_of, comment).recipe


def told_by(text_of: Callable[[str], object], comment: object = None) -> Told:
    """What a file's texts tell: ours first, then what the web UIs, ComfyUI and InvokeAI write.

    Args:
        text_of: Gives the text entry of a key, or None.
        comment: The EXIF UserComment, bytes or text, if there is one.
    """
    own, shared = text_of(OWN_KEY), text_of(SHARED_KEY)
    recipe = checked(_object(own))
    other = checked(parameters.read(shared)) if isinstance(shared, str) else None
    if recipe is not None and other is not None:
        return Told(recipe, _differences(recipe, other))
    if recipe is None and other is None:
        # Cameras comment too: only what has the line of settings is meant for us.
        values = parameters.read(_comment_text(comment))
        other = checked(values) if "steps" in values else None
    recipe = recipe or other
    return Told(recipe) if recipe is not None else _foreign(text_of)


def _foreign(text_of: Callable[[str], object]) -> Told:
    """What programs tell that keep settings of their own kind."""
    recipe = checked(invoke.read(_object(text_of("invokeai_metadata"))))
    recipe = recipe or checked(invoke.read_old(_object(text_of("sd-metadata"))))
    if recipe is not None:
        return Told(recipe)
    drawn = comfy_canvas.graph_of(_object(text_of("workflow")))
    for graph in (_object(text_of("prompt")), drawn):
        values, samplers = comfy.read(graph)
        recipe = checked(values)
        if recipe is not None and samplers > 1:
            note = f"It was made in {samplers} runs; the settings are those of the last."
            return Told(recipe, (note,))
        if recipe is not None:
            return Told(recipe)
    return Told()


def _differences(ours: Recipe, shared: Recipe) -> tuple[str, ...]:
    """A note when another program has changed what it knows and left what it does not."""
    names = {"prompt": "prompt", "negative": "negative prompt", "seed": "seed", "steps": "steps"}
    written = checked(parameters.read(parameters.written(asdict(ours)))) or Recipe()
    odd = [title for key, title in names.items() if getattr(written, key) != getattr(shared, key)]
    if not odd:
        return ()
    what = ", ".join(odd)
    return (f"The file tells two settings that differ ({what}); the studio's own were taken.",)


def _object(text: object) -> Mapping[str, Any]:
    """A JSON object; {} for what is none, too long or nested without end."""
    if not isinstance(text, str) or len(text) > _LONGEST_JSON:
        return {}
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def checked(values: Mapping[str, Any]) -> Recipe | None:
    """A recipe of the values that make sense; None when nothing does."""
    kept: dict[str, Any] = {}
    for name in _TEXTS:
        value = values.get(name)
        if isinstance(value, str) and clean(value).strip():
            kept[name] = clean(value)[:PROMPT_LIMIT]
    for name in _WHOLES:
        value = values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
            kept[name] = value
    for name in _NUMBERS:
        value = values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and _small(value):
            kept[name] = float(value)
    if kept.get("schedule", SCHEDULES[0]) not in SCHEDULES:
        del kept["schedule"]
    if kept.get("betas", BETAS[0]) not in BETAS:
        del kept["betas"]
    if "guider" in kept and guider(kept["guider"]) is None:
        del kept["guider"]
    if kept.get("reuse", REUSES[0]) not in REUSES:
        del kept["reuse"]
    return Recipe(**kept) if kept else None


def _small(value: float) -> bool:
    return abs(value) < 1e9 and math.isfinite(value)


def _comment_text(comment: object) -> str:
    if isinstance(comment, str):
        return comment
    if not isinstance(comment, bytes):
        return ""
    if comment[:8] == b"UNICODE\0":
        # The standard means the file's byte order, the web UIs mean big endian: take what reads.
        return max(
            (comment[8:].decode(f"utf-16-{order}", "replace") for order in ("be", "le")),
            key=lambda text: sum(each.isascii() for each in text),
        )
    if comment[:8] == b"ASCII\0\0\0":
        comment = comment[8:]
    return comment.decode("utf-8", "replace")

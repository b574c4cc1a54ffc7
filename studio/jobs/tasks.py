"""Tasks: what artists come for, each as what it asks of mask, frame, fill, strength and words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from studio.core.errors import UsageError
from studio.core.geometry import Rect, snap_up
from studio.core.pixels import Pixels
from studio.jobs.order import NOTHING, Scene, Settings, steps_for

#: Ways to treat a mask: as it is painted, everything else, or not at all.
PAINTED, INVERTED, IGNORED = "painted", "inverted", "ignored"
#: The sides of a picture, and how far an edge of the frame goes out there at one press.
SIDES = ("left", "top", "right", "bottom")
STEP = 0.25
#: Edge lengths of a zoomed-out frame, in those of the picture.
ZOOM = 1.5


@dataclass(frozen=True, slots=True)
class Task:
    """One row.

    Attributes:
        key: What commands and settings call it.
        needs_mask: Whether it means nothing without one.
        needs_picture: Whether it means nothing without one.
        mask: A member of PAINTED, INVERTED, IGNORED.
        fill: What is put under the mask, a member of `request.FILLS`.
        strength: Share of the noise added; None: what the artist set.
        strengths: What is offered in place of it, gentle to strong.
        words: Whether the prompt counts; what is to go is not asked for.
        takes: At least so many.
        reach: How far the frame goes out on every side when it does not reach beyond the picture,
            in edge lengths of the picture; 0: it stays.
    """

    key: str
    needs_mask: bool = False
    needs_picture: bool = True
    mask: str = PAINTED
    fill: str = "auto"
    strength: float | None = None
    strengths: tuple[float, ...] = ()
    words: bool = True
    takes: int = 1
    reach: float = 0.0

    @property
    def outward(self) -> bool:
        """Whether it paints beyond the picture."""
        return self.reach > 0


FILL = Task("fill", needs_picture=False)
TASKS = (
    FILL,
    Task("add", needs_mask=True, fill="keep", strength=0.9),
    Task("remove", needs_mask=True, fill="patch", strength=0.3, words=False),
    Task("background", needs_mask=True, mask=INVERTED, strength=1.0),
    Task("expand", mask=IGNORED, strength=1.0, reach=STEP),
    Task("refine", fill="keep", strength=0.4, strengths=(0.2, 0.4, 0.6)),
    Task("vary", fill="keep", strength=0.7, strengths=(0.5, 0.7, 0.85), takes=4),
    Task("zoom_out", mask=IGNORED, strength=1.0, reach=(ZOOM - 1) / 2),
)


def task(key: str) -> Task:
    """The task of that key.

    Raises:
        UsageError: There is none.
    """
    found = next((one for one in TASKS if one.key == key), None)
    if found is None:
        keys = ", ".join(one.key for one in TASKS)
        raise UsageError(f"There is no task called '{key}'.", f"Take one of: {keys}.")
    return found


def framed(wanted: Task, bounds: Rect, frame: Rect, grid: int) -> Rect:
    """Where the frame has to be for that task; as it is where that does.

    Args:
        wanted: The task.
        bounds: The picture, document px.
        frame: The artist's frame.
        grid: By multiples of this many px an edge goes out; the model's.
    """
    if not wanted.outward or bounds.empty:
        return frame
    if not bounds.contains(frame):
        return frame.united(bounds)
    out = dict.fromkeys(SIDES, wanted.reach)
    return grown(bounds, bounds, out, grid)


def grown(frame: Rect, bounds: Rect, out: dict[str, float], grid: int) -> Rect:
    """The frame with some edges farther out, and no edge within the picture.

    Args:
        frame: To start from.
        bounds: The picture, document px.
        out: How far by side, in the picture's edge lengths.
        grid: Each way is a multiple of this many px, the model's.
    """
    start = frame.united(bounds)
    wide, high = bounds.width, bounds.height
    ways = {
        side: snap_up(round(out[side] * (wide if side in ("left", "right") else high)), grid)
        if out.get(side)
        else 0
        for side in SIDES
    }
    return Rect.between(
        start.x - ways["left"],
        start.y - ways["top"],
        start.right + ways["right"],
        start.bottom + ways["bottom"],
    )


def prepared(
    wanted: Task,
    scene: Scene,
    settings: Settings,
    strength: float | None = None,
    varied: frozenset[str] = frozenset(),
) -> tuple[Scene, Settings]:
    """The canvas and the settings as that task wants them; the frame is `framed` before.

    Args:
        wanted: The task.
        scene: The canvas.
        settings: What the artist chose.
        strength: One of the strengths that the task offers; None: its own.
        varied: Names of settings that a batch is about: they stay as its labels say.

    Raises:
        UsageError: The task has nothing to work on, or nothing that could vary so.
    """
    if wanted.needs_picture and scene.bounds.empty:
        raise UsageError(
            "There is no picture to work on yet.", "Open one, or let Fill paint the first."
        )
    if wanted.needs_mask and scene.masked.empty:
        raise UsageError(_UNMASKED[wanted.key], "Paint a mask, then run it again.")
    if "strength" in varied and scene.bounds.empty:
        raise UsageError(
            "There is no picture of which the strength could keep more or less.",
            "Vary something else.",
        )
    changes: dict[str, object] = {}
    if 0 < settings.count < wanted.takes:
        changes["count"] = wanted.takes
    if wanted.fill != "auto":
        changes["fill"] = wanted.fill
    chosen = wanted.strength if strength is None else strength
    if "strength" in varied:
        chosen = settings.strength
    if chosen is not None:
        changes["strength"] = chosen
        changes["steps"] = steps_for(chosen, settings.steps)
    if not wanted.words:
        changes["prompt"] = ""
    kept = {name: value for name, value in changes.items() if name not in varied}
    return _masked(wanted, scene), replace(settings, **kept)  # type: ignore[arg-type]


_UNMASKED = {
    "add": "Nothing says where it shall be added.",
    "remove": "Nothing says what shall go.",
    "background": "Nothing says what shall stay in front.",
}


def _masked(wanted: Task, scene: Scene) -> Scene:
    if wanted.mask == IGNORED:
        return replace(scene, mask_of=None, mask_bounds=NOTHING)
    if wanted.mask == PAINTED or scene.mask_of is None:
        return scene
    # All of the picture but what is masked: what lies beyond it stays as it is.
    inverted = _inverted(scene.mask_of, scene.bounds)
    return replace(scene, mask_of=inverted, mask_bounds=scene.bounds, frame=scene.bounds)


def _inverted(mask_of: Callable[[Rect], Pixels], bounds: Rect) -> Callable[[Rect], Pixels]:
    def read(rect: Rect) -> Pixels:
        densities = np.zeros((rect.height, rect.width), np.uint8)
        inside = rect.intersected(bounds)
        at = inside.moved(-rect.x, -rect.y)
        if not inside.empty:
            densities[at.rows, at.columns] = 255 - mask_of(inside)
        return densities

    return read

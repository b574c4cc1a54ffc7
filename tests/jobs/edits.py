"""Edits without a model: every request is answered as an engine would, by fill and blend alone."""

from collections.abc import Callable

import numpy as np

from studio.core.checkpoint import Checkpoint
from studio.core.messages import Candidate
from studio.core.pixels import Pixels, mask_bounds
from studio.core.request import Request
from studio.document.composite import over
from studio.document.document import Document
from studio.document.edits import AddTake
from studio.document.moment import Moment
from studio.inpaint import blend, fill
from studio.jobs.chain import Chain, Made
from studio.jobs.order import Scene, Settings
from studio.jobs.tasks import FILL, Task, prepared

MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 256, 10, 3.0, "dpmpp_2m")
Spoil = Callable[[Pixels], Pixels]


def tinted(colours: Pixels) -> Pixels:
    """Eight levels brighter, as some models answer."""
    return np.minimum(colours.astype(np.uint16) + 8, 255).astype(np.uint8)


def answer(request: Request, spoil: Spoil = tinted) -> Candidate:
    """What comes back for a request."""
    assert request.picture is not None
    may_change = blend.effective_mask(request.picture, request.mask)
    made = spoil(fill.filled(request.picture, may_change, "blur", request.seed))
    layer = blend.finished(request.picture, made, may_change)
    area = mask_bounds(may_change)
    place = area.moved(request.box.x, request.box.y)
    return Candidate(1, 0, request.seed, place, layer[area.rows, area.columns])


def scene_of(document: Document) -> Scene:
    """The canvas as it is now."""
    now = Moment(document)
    return Scene(now.composite, now.effective_mask, now.bounds, now.frame, document.masks.bounds())


def run(document: Document, wanted: Task = FILL, spoil: Spoil = tinted) -> Made:
    """One take of what lies on the canvas, all its runs."""
    settings = Settings.recommended(MODEL, "a house")
    scene, settings = prepared(wanted, scene_of(document), settings)
    chain = Chain(scene, settings, over)
    while (request := chain.request()) is not None:
        made = chain.receive(answer(request, spoil))
        if made is not None:
            return made
    raise AssertionError("a chain ends with a take")


def edit(document: Document, wanted: Task = FILL, spoil: Spoil = tinted) -> Made:
    """The same, kept."""
    made = run(document, wanted, spoil)
    document.history.push(AddTake.of(document, made.pieces))
    return made

"""Small requests, and what came of them."""

from typing import Any

import numpy as np

from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Candidate, Event, Stepped
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.engine.runner import Runner

EDGE = 64
BOX = Rect(10, -20, EDGE, EDGE)
#: Where the mask of `masked` lies, in the box.
HOLE = Rect(16, 8, 24, 32)


def photo() -> Pixels:
    """Opaque noise, so that every pixel that is moved shows."""
    pixels = np.random.default_rng(1).integers(0, 256, (EDGE, EDGE, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


def hole() -> Pixels:
    mask = np.zeros((EDGE, EDGE), np.uint8)
    mask[HOLE.rows, HOLE.columns] = 255
    return mask


def half_photo() -> Pixels:
    """A picture that ends in the middle of the box."""
    pixels = photo()
    pixels[:, EDGE // 2 :] = 0
    return pixels


def request(model: Checkpoint, **values: Any) -> Request:
    usual: dict[str, Any] = {"box": BOX, "working": Size(EDGE, EDGE), "steps": 3, "seed": 5}
    usual["sampler"] = model.sampler
    return Request(model, values.pop("prompt", "a red house"), **{**usual, **values})


def masked(model: Checkpoint, **values: Any) -> Request:
    return request(model, **{"picture": photo(), "mask": hole(), **values})


def run(runner: Runner, wanted: Request) -> list[Event]:
    events: list[Event] = []
    runner.run(wanted, events.append)
    return events


def takes(runner: Runner, wanted: Request) -> list[Candidate]:
    return [one for one in run(runner, wanted) if isinstance(one, Candidate)]


def steps(runner: Runner, wanted: Request) -> list[Stepped]:
    return [one for one in run(runner, wanted) if isinstance(one, Stepped)]

"""Answers: whether what the engine made is what was ordered; a wrong one is a failure."""

from __future__ import annotations

from studio.core.errors import ProtocolError
from studio.core.messages import Candidate, Message, Stepped
from studio.core.request import Request, seed_of

#: What a step's state may take for each pixel of the working size, bytes: 16 channels of float32
#: for each 8 x 8 pixels are one; solvers keep a few of them, some at twice the precision.
_STATE = 64
#: And what does not grow with the picture: the state of the random numbers, names, shapes.
_FIXED = 1 << 20


def bytes_of(kind: str, request: Request) -> int:
    """How many bytes of arrays an answer of that kind to that request can have."""
    if kind == "Candidate":
        return request.box.size.area * 4
    return request.working.area * (3 + _STATE) + _FIXED


def check(event: Message, request: Request) -> None:
    """Compare an event with the request that it answers.

    Raises:
        ProtocolError: It has another size, place, seed or number than what was ordered.
    """
    if isinstance(event, Stepped):
        _check_step(event, request)
    elif isinstance(event, Candidate):
        _check_take(event, request)


def _check_step(event: Stepped, request: Request) -> None:
    if not (0 <= event.take < request.count and 1 <= event.step <= event.total):
        raise ProtocolError(
            f"The engine sent step {event.step} of {event.total} of take {event.take + 1}."
        )
    if event.preview is not None and (event.preview.ndim != 3 or event.preview.shape[2] != 3):
        raise ProtocolError(f"The engine sent a preview of shape {event.preview.shape}.")


def _check_take(event: Candidate, request: Request) -> None:
    area, box = event.area, request.box
    if not 0 <= event.take < request.count or event.seed != seed_of(request.seed, event.take):
        raise ProtocolError(f"The engine sent take {event.take + 1} with seed {event.seed}.")
    if area.empty or not box.contains(area):
        raise ProtocolError(f"The engine painted at {area}, outside of {box}.")
    if event.pixels.shape != (area.height, area.width, 4):
        raise ProtocolError(
            f"The engine sent pixels of shape {event.pixels.shape} for "
            f"{area.width} x {area.height} px."
        )

import io
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core import messages, wire
from studio.core.checkpoint import Checkpoint
from studio.core.errors import ProtocolError
from studio.core.geometry import Rect, Size
from studio.core.request import Request

MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 64, 4, 7.0, "ddim")
REQUEST = Request(MODEL, "a", Rect(0, 0, 4, 4), Size(8, 8), picture=np.zeros((4, 4, 4), np.uint8))
SEEDS: list[messages.Message] = [
    messages.Start(1, REQUEST),
    messages.Beat(1, "step", 0.5, 3, False),
    messages.Stepped(1, 0, 1, 4, np.zeros((2, 2, 3), np.uint8)),
    messages.Candidate(1, 0, 7, Rect(0, 0, 2, 2), np.zeros((2, 2, 4), np.uint8)),
    messages.Failed(1, "engine", "No.", "Why."),
]


def bytes_of(message: messages.Message) -> bytes:
    stream = io.BytesIO()
    wire.write_message(stream, message, 1)
    return stream.getvalue()


SENT = [bytes_of(one) for one in SEEDS]


def only_protocol_errors(data: bytes) -> None:
    """Read to the end; what is neither a message nor a ProtocolError gets through to pytest."""
    reader = wire.Reader(io.BytesIO(data), lambda *_: 1 << 16)
    try:
        while reader.read() is not None:
            pass
    except ProtocolError:
        return


def mutated(data: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, cut, doubled or put in."""
    made = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(made))
        match dice.randrange(5):
            case 0:
                made[at] = dice.randrange(256)
            case 1:
                made[at] ^= 1 << dice.randrange(8)
            case 2:
                del made[at : at + dice.randint(1, 8)]
            case 3:
                made[at:at] = made[at : at + dice.randint(1, 8)]
            case _:
                made[at:at] = dice.choice((b"9" * 30, b"[" * 30, b"-1", b"null", b"1e999", b"\xff"))
        made = made or bytearray(b"S")
    return bytes(made)


@pytest.mark.parametrize("number", range(len(SENT)))
def test_mutated_frames_are_messages_or_protocol_errors(number: int) -> None:
    dice = random.Random(number)
    for _ in range(2000):
        only_protocol_errors(mutated(SENT[number], dice))


@given(st.lists(st.sampled_from(SENT) | st.binary(max_size=60), max_size=5))
def test_any_mix_of_frames_and_noise_is_read_or_refused(parts: list[bytes]) -> None:
    only_protocol_errors(b"".join(parts))

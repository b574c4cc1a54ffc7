import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core import messages, wire
from studio.core.checkpoint import Checkpoint
from studio.core.errors import ProtocolError
from studio.core.geometry import Rect, Size
from studio.core.request import Request

MODEL = Checkpoint(
    "m", "Modell ä", "/m", "sd15", 9, True, 512, 20, 7.0, "ddim", examples=("a", "b")
)


def sent(message: messages.Message) -> bytes:
    stream = io.BytesIO()
    wire.write_message(stream, message)
    return stream.getvalue()


def frame(header: bytes, body: bytes = b"") -> bytes:
    return wire.HEAD.pack(wire.MAGIC, len(header), len(body)) + header + body


@pytest.mark.parametrize(
    "message",
    [
        messages.Warm(MODEL),
        messages.Cancel(3),
        messages.Ready(messages.PROTOCOL, "CPU"),
        messages.Loaded(1, "m", "CPU", ("ddim", "euler"), True, 256),
        messages.Finished(4, 1.5),
        messages.Cancelled(4),
        messages.Failed(4, "usage", "No \u2013 never.", "Do this.", "Traceback"),
    ],
)
def test_a_plain_message_arrives_as_it_was_sent(message: messages.Message) -> None:
    assert wire.read_message(io.BytesIO(sent(message))) == message


def test_a_request_arrives_with_its_arrays() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (8, 16, 4), np.uint8)
    request = Request(MODEL, "p", Rect(-4, 2, 16, 8), Size(64, 32), picture=picture)
    got = wire.read_message(io.BytesIO(sent(messages.Start(7, request))))
    assert isinstance(got, messages.Start)
    assert got.request.picture is not None
    assert np.array_equal(got.request.picture, picture)
    assert got.request.mask is None
    assert (got.request.model, got.request.box) == (MODEL, request.box)


def test_messages_follow_each_other_and_the_end_is_none() -> None:
    step = messages.Stepped(1, 0, 2, 9, np.full((2, 3, 3), 7, np.uint8))
    stream = io.BytesIO(sent(step) + sent(messages.Cancelled(1)))
    first = wire.read_message(stream)
    assert isinstance(first, messages.Stepped)
    assert first.preview is not None
    assert first.preview.sum() == 7 * 18
    assert wire.read_message(stream) == messages.Cancelled(1)
    assert wire.read_message(stream) is None


def test_only_bytes_cross_the_pipe() -> None:
    wrong: Any = np.zeros((2, 2, 3), np.float32)
    with pytest.raises(TypeError, match="uint8"):
        sent(messages.Stepped(1, 0, 1, 1, wrong))


@pytest.mark.parametrize(
    "data",
    [
        b"S",
        b"GARBAGE that is longer than a head",
        sent(messages.Cancelled(1))[:-1],
        wire.HEAD.pack(wire.MAGIC, 2**31, 0),
        wire.HEAD.pack(wire.MAGIC, 2, 2**63) + b"{}",
        frame(b"{}"),
        frame(b"[1, 2"),
        frame(b"\xff\xfe"),
        frame(b'{"type": "Popen", "values": {}, "arrays": []}'),
        frame(b'{"type": "Cancelled", "values": {"job": "1"}, "arrays": []}'),
        frame(b'{"type": "Cancelled", "values": {"job": true}, "arrays": []}'),
        frame(b'{"type": "Cancelled", "values": {"job": 1, "x": 1}, "arrays": []}'),
        frame(b'{"type": "Cancelled", "values": {"job": 1}, "arrays": [[-1]]}'),
        frame(b'{"type": "Cancelled", "values": {"job": 1}, "arrays": [[4]]}', b"abc"),
        frame(b'{"type": "Cancelled", "values": {"job": 1}, "arrays": [[3]]}', b"abc"),
        frame(
            b'{"type": "Stepped", "values": {"job": 1, "take": 0, "step": 1, "total": 1, '
            b'"preview": {"array": 0}}, "arrays": []}'
        ),
    ],
)
def test_what_is_not_a_message_is_a_protocol_error(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        wire.read_message(io.BytesIO(data))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.sampled_from(["Stepped", "Start", "Loaded", "Failed"]), json_values, json_values)
def test_any_header_is_a_message_or_a_protocol_error(kind: str, values: Any, arrays: Any) -> None:
    header = json.dumps({"type": kind, "values": values, "arrays": arrays}).encode()
    with pytest.raises(ProtocolError):
        wire.read_message(io.BytesIO(frame(header)))


@given(st.binary(max_size=200))
def test_any_bytes_are_nothing_or_a_protocol_error(data: bytes) -> None:
    if data:
        with pytest.raises(ProtocolError):
            wire.read_message(io.BytesIO(data))

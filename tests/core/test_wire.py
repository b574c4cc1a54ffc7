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
from studio.core.messages import PROTOCOL
from studio.core.packing import KINDS
from studio.core.request import Request

MODEL = Checkpoint(
    "m", "Modell ä", "/m", "sd15", 9, True, 512, 20, 7.0, "ddim", examples=("a", "b")
)
ARRAYS = ("Start", "Stepped", "Candidate")


def sent(message: messages.Message) -> bytes:
    stream = io.BytesIO()
    wire.write_message(stream, message)
    return stream.getvalue()


def head(kind: str, header: int, body: int = 0, job: int = 1, version: int = PROTOCOL) -> bytes:
    code = sorted(KINDS).index(kind) + 1
    return wire.HEAD.pack(wire.MAGIC, version, code, job, 0, 0, header, body)


def frame(kind: str, header: bytes, body: bytes = b"") -> bytes:
    return head(kind, len(header), len(body)) + header + body


@pytest.mark.parametrize(
    "message",
    [
        messages.Warm(MODEL),
        messages.Attend(),
        messages.Cancel(3),
        messages.Beat(3, "step", 0.25, 17, False),
        messages.Accepted(3),
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


def test_attempt_and_sequence_travel_with_the_message() -> None:
    stream = io.BytesIO()
    writer = wire.Writer(stream)
    writer.send(messages.Accepted(1), 2)
    writer.send(messages.Cancelled(1), 2)
    reader = wire.Reader(io.BytesIO(stream.getvalue()))
    frames = [reader.read(), reader.read()]
    assert [(one.attempt, one.sequence) for one in frames if one] == [(2, 0), (2, 1)]
    assert reader.read() is None


@pytest.mark.parametrize("lost", [0, 1])
def test_a_message_that_is_missing_is_noticed(lost: int) -> None:
    parts = [io.BytesIO() for _ in range(3)]
    for number, part in enumerate(parts):
        wire.write_message(part, messages.Accepted(1), 1, number)
    reader = wire.Reader(
        io.BytesIO(b"".join(p.getvalue() for p in parts[:lost] + parts[lost + 1 :]))
    )
    for _ in range(lost):
        reader.read()
    with pytest.raises(ProtocolError, match="missing"):
        reader.read()


def test_more_bytes_than_the_request_allows_are_refused_before_they_are_read() -> None:
    step = sent(messages.Stepped(1, 0, 2, 9, np.zeros((2, 3, 3), np.uint8)))
    reader = wire.Reader(io.BytesIO(step[: wire.HEAD.size]), lambda *_: 17)
    with pytest.raises(ProtocolError, match="18 bytes"):
        reader.read()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ARRAYS])
def test_a_message_without_arrays_brings_none(kind: str) -> None:
    with pytest.raises(ProtocolError, match="1 bytes"):
        wire.read_message(io.BytesIO(head(kind, 10, 1)))


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
        head("Cancelled", 2**31),
        head("Stepped", 2, 2**63) + b"{}",
        head("Cancelled", 40, version=PROTOCOL + 1) + b'{"values": {"job": 1}, "arrays": []}    ',
        wire.HEAD.pack(wire.MAGIC, PROTOCOL, 999, 1, 0, 0, 2, 0) + b"{}",
        wire.HEAD.pack(wire.MAGIC, PROTOCOL, 0, 1, 0, 0, 2, 0) + b"{}",
        frame("Cancelled", b"{}"),
        frame("Cancelled", b"[1, 2"),
        frame("Cancelled", b"\xff\xfe"),
        frame("Cancelled", b'{"values": {"job": 2}, "arrays": []}'),
        frame("Cancelled", b'{"values": {"job": "1"}, "arrays": []}'),
        frame("Cancelled", b'{"values": {"job": true}, "arrays": []}'),
        frame("Cancelled", b'{"values": {"job": 1, "x": 1}, "arrays": []}'),
        frame("Cancelled", b'{"values": {"job": 1}, "arrays": [[-1]]}'),
        frame("Cancelled", b'{"values": {"job": 1}, "arrays": [[4]]}', b"abc"),
        frame("Cancelled", b'{"values": {"job": 1}, "arrays": [[3]]}', b"abc"),
        frame(
            "Stepped",
            b'{"values": {"job": 1, "take": 0, "step": 1, "total": 1, '
            b'"preview": {"array": 0}}, "arrays": []}',
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
    header = json.dumps({"values": values, "arrays": arrays}).encode()
    with pytest.raises(ProtocolError):
        wire.read_message(io.BytesIO(frame(kind, header)))


@given(st.binary(max_size=200))
def test_any_bytes_are_nothing_or_a_protocol_error(data: bytes) -> None:
    if data:
        with pytest.raises(ProtocolError):
            wire.read_message(io.BytesIO(data))

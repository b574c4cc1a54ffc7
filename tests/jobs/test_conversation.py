import typing
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core import messages
from studio.core.checkpoint import Checkpoint
from studio.core.errors import ProtocolError
from studio.core.geometry import Rect, Size
from studio.core.messages import Accepted, Candidate, Event, Finished, Loaded, Ready, Start, Stepped
from studio.core.request import Request
from studio.core.wire import Frame
from studio.jobs.conversation import BESIDE, EDGES, Conversation

MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 64, 4, 7.0, "ddim")
REQUEST = Request(MODEL, "", Rect(0, 0, 64, 64), Size(64, 64), sampler="ddim", seed=7)
EVENTS: dict[str, Callable[[int], Event]] = {
    "Ready": lambda _: Ready(messages.PROTOCOL, "CPU"),
    "Accepted": Accepted,
    "Loaded": lambda job: Loaded(job, "m", "CPU", (), True, 64),
    "Stepped": lambda job: Stepped(job, 0, 1, 4, None),
    "Candidate": lambda job: Candidate(job, 0, 7, Rect(0, 0, 2, 3), np.zeros((3, 2, 4), np.uint8)),
    "Finished": lambda job: Finished(job, 1.0),
    "Cancelled": messages.Cancelled,
    "Frozen": messages.Frozen,
    "Failed": lambda job: messages.Failed(job, "engine", "No.", ""),
}
WAY: dict[str, tuple[str, ...]] = {
    "dead": (),
    "idle": ("Ready",),
    "loading": ("Ready", "Start"),
    "running": ("Ready", "Start", "Loaded"),
    "cancelling": ("Ready", "Start", "Loaded", "Cancel"),
}


def say(talk: Conversation, word: str, job: int = 1, attempt: int = 1) -> bool:
    if word == "Start":
        talk.sent(Start(job, REQUEST), attempt)
        return True
    if word == "Cancel":
        talk.sent(messages.Cancel(job), attempt)
        return True
    return talk.heard(Frame(EVENTS[word](job), attempt, 0))


def brought(state: str) -> Conversation:
    talk = Conversation()
    for word in WAY[state]:
        say(talk, word)
    assert talk.state == state
    return talk


@pytest.mark.parametrize("state", EDGES)
@pytest.mark.parametrize("word", EVENTS)
def test_every_edge_of_the_table_and_no_other_is_passed(state: str, word: str) -> None:
    talk = brought(state)
    if word in EDGES[state]:
        assert say(talk, word)
        assert talk.state == EDGES[state][word]
    elif state == "idle" and word != "Ready":
        with pytest.raises(ProtocolError, match="never given"):
            say(talk, word)
    else:
        with pytest.raises(ProtocolError):
            say(talk, word)


def test_every_event_of_the_vocabulary_stands_in_the_table_or_beside_it() -> None:
    named = {word for row in EDGES.values() for word in row}
    assert {one.__name__ for one in typing.get_args(messages.Event)} <= named | BESIDE


@given(st.lists(st.sampled_from([*EVENTS, "Start", "Cancel"]), max_size=30))
def test_any_talk_keeps_to_the_table_or_is_a_protocol_error(words: list[str]) -> None:
    talk = Conversation()
    for word in words:
        before = talk.state
        try:
            counts = say(talk, word)
        except (ProtocolError, ValueError):
            assert talk.state == before
            return
        assert talk.state == EDGES[before].get(word, before)
        assert counts or before == "idle"


def test_a_late_answer_of_an_old_attempt_is_dropped() -> None:
    talk = brought("running")
    say(talk, "Cancelled")
    say(talk, "Start", attempt=2)
    assert not say(talk, "Stepped", attempt=1)
    assert not say(talk, "Finished", attempt=1)
    assert talk.state == "loading"


@pytest.mark.parametrize(("job", "attempt"), [(2, 1), (1, 2), (1, 99)])
def test_a_job_or_an_attempt_that_was_never_given_is_a_protocol_error(
    job: int, attempt: int
) -> None:
    with pytest.raises(ProtocolError, match="never given"):
        say(brought("running"), "Stepped", job, attempt)


def test_an_engine_that_is_busy_is_given_no_second_job() -> None:
    with pytest.raises(ValueError, match="job 2"):
        say(brought("running"), "Start", 2)


@pytest.mark.parametrize(
    "event",
    [
        Stepped(1, 1, 1, 4, None),
        Stepped(1, 0, 0, 4, None),
        Stepped(1, 0, 5, 4, None),
        Stepped(1, 0, 1, 4, np.zeros((3, 4), np.uint8)),
        Candidate(1, 0, 8, Rect(0, 0, 2, 3), np.zeros((3, 2, 4), np.uint8)),
        Candidate(1, 1, 8, Rect(0, 0, 2, 3), np.zeros((3, 2, 4), np.uint8)),
        Candidate(1, 0, 7, Rect(63, 0, 2, 3), np.zeros((3, 2, 4), np.uint8)),
        Candidate(1, 0, 7, Rect(0, 0, 0, 3), np.zeros((3, 0, 4), np.uint8)),
        Candidate(1, 0, 7, Rect(0, 0, 2, 3), np.zeros((2, 3, 4), np.uint8)),
        Candidate(1, 0, 7, Rect(0, 0, 2, 3), np.zeros((3, 2, 3), np.uint8)),
    ],
)
def test_an_answer_that_is_not_what_was_ordered_is_a_failure(event: Event) -> None:
    with pytest.raises(ProtocolError):
        brought("running").heard(Frame(event, 1, 0))


@pytest.mark.parametrize(
    ("state", "kind", "job", "most"),
    [
        ("running", "Candidate", 1, 64 * 64 * 4),
        ("running", "Candidate", 2, 0),
        ("running", "Finished", 1, 0),
        ("idle", "Stepped", 1, 0),
    ],
)
def test_an_answer_is_bounded_by_its_request(state: str, kind: str, job: int, most: int) -> None:
    assert brought(state).bound(kind, job) == most


def test_a_job_counts_as_asked_until_it_is_taken_up() -> None:
    talk: Any = brought("loading")
    assert talk.asked
    say(talk, "Accepted")
    assert not talk.asked

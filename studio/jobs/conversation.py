"""Conversation: what an engine may say at each moment, as a table."""

from __future__ import annotations

import threading
import typing

from studio.core import messages
from studio.core.errors import ProtocolError
from studio.core.messages import PROTOCOL, Command, Message, Ready, Start
from studio.core.request import Request
from studio.core.wire import Frame, largest
from studio.jobs.answers import bytes_of, check

#: From each state, where each message of the job in hand leads. What is missing is nonsense, and
#: an engine that talks nonsense is replaced.
EDGES: dict[str, dict[str, str]] = {
    "dead": {"Ready": "idle"},
    "idle": {"Start": "loading"},
    "loading": {
        "Accepted": "loading",
        "Loaded": "running",
        "Failed": "idle",
        "Cancelled": "idle",
        "Frozen": "idle",
        "Cancel": "cancelling",
    },
    "running": {
        "Loaded": "running",  # loaded anew, for memory
        "Stepped": "running",
        "Candidate": "running",
        "Finished": "idle",
        "Failed": "idle",
        "Cancelled": "idle",
        "Frozen": "idle",
        "Cancel": "cancelling",
    },
    "cancelling": {
        "Accepted": "cancelling",
        "Loaded": "cancelling",
        "Stepped": "cancelling",
        "Candidate": "cancelling",
        "Finished": "idle",
        "Failed": "idle",
        "Cancelled": "idle",
        "Frozen": "idle",
        "Cancel": "cancelling",
    },
}
_NAMED = frozenset(kind for row in EDGES.values() for kind in row)
_EVENTS = frozenset(kind.__name__ for kind in typing.get_args(messages.Event))
#: What is said beside the work: it changes no state, and comes at any time once the engine is up.
BESIDE = _EVENTS - _NAMED
#: What an engine may say of job 0, that is of a model loaded ahead and of itself.
_AHEAD = frozenset({"Loaded", "Failed", "Frozen"})


class Conversation:
    """The talk with one engine process, from its start to its end; for two threads at once.

    Attributes:
        state: A key of `EDGES`.
        job: The job in hand, or the last one; 0: none yet.
        accepted: Whether the engine has taken that job up.
    """

    def __init__(self) -> None:
        """Begin with an engine that is not up yet."""
        self.state = "dead"
        self.job = 0
        self.accepted = False
        self._attempt = 0
        self._attempts: dict[int, int] = {}
        self._request: Request | None = None
        self._lock = threading.Lock()

    @property
    def asked(self) -> bool:
        """Whether a job was sent that the engine has not taken up."""
        return self.state in ("loading", "cancelling") and not self.accepted

    def sent(self, command: Command, attempt: int) -> None:
        """That command goes out.

        Raises:
            ValueError: The engine is at another job.
        """
        with self._lock:
            if isinstance(command, Start):
                if self.state != "idle":
                    raise ValueError(f"job {command.job} for an engine that is {self.state}")
                self.job, self._attempt = command.job, attempt
                self.accepted = False
                self._attempts[command.job] = attempt
                self._request = command.request
            elif getattr(command, "job", None) != self.job:
                return
            self.state = EDGES[self.state].get(type(command).__name__, self.state)

    def heard(self, frame: Frame) -> bool:
        """That frame came in.

        Returns:
            Whether it counts; False: it answers an attempt that is over.

        Raises:
            ProtocolError: Nothing of the kind may come now.
        """
        with self._lock:
            message, kind = frame.message, type(frame.message).__name__
            if kind not in _EVENTS:
                raise ProtocolError(f"The engine sent a command ({kind}).")
            if isinstance(message, Ready):
                _same_version(message)
            elif self.state == "dead":
                raise ProtocolError(f"The engine sent {kind} before it was up.")
            job = getattr(message, "job", 0)
            if job == 0:
                return self._itself(kind)
            if job not in self._attempts or frame.attempt > self._attempts[job]:
                raise ProtocolError(f"The engine sent {kind} of a job that it was never given.")
            if (job, frame.attempt) != (self.job, self._attempt) or self.state == "idle":
                return False
            return self._answered(message, kind)

    def bound(self, kind: str, job: int) -> int:
        """How many bytes of arrays that message may bring; see `wire.Bound`."""
        with self._lock:
            if self._request is None or job != self.job:
                return 0
            return min(largest(kind, job), bytes_of(kind, self._request))

    def ended(self) -> None:
        """The process is gone."""
        with self._lock:
            self.state = "dead"

    def _itself(self, kind: str) -> bool:
        if kind == "Ready":
            self._step(kind)
        elif kind in _NAMED and kind not in _AHEAD:
            raise ProtocolError(f"The engine sent {kind} of no job.")
        return True

    def _answered(self, message: Message, kind: str) -> bool:
        assert self._request is not None
        check(message, self._request)
        if kind not in BESIDE:
            self._step(kind)
        self.accepted = self.accepted or kind == "Accepted"
        return True

    def _step(self, kind: str) -> None:
        following = EDGES[self.state].get(kind)
        if following is None:
            raise ProtocolError(f"The engine sent {kind} while it was {self.state}.")
        self.state = following


def _same_version(ready: Ready) -> None:
    if ready.protocol != PROTOCOL:
        raise ProtocolError("The engine is of another version than the studio.")

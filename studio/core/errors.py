"""The errors raised on purpose: a kind, a sentence for an artist, and a hint what to do."""

from __future__ import annotations

from typing import ClassVar


class StudioError(Exception):
    """An expected failure, fit to be shown as it is.

    Attributes:
        message: What happened, one sentence, no jargon.
        hint: What to do about it; may be empty.
        kind: A stable word for programs (JSON events, the pipe).
        exit_code: What the command line ends with (architecture.md, section 5).
    """

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 5

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(StudioError):
    """A value the artist gave cannot be used: size, steps, prompt, option."""

    kind = "usage"
    exit_code = 2


class FileError(StudioError):
    """A picture or other file cannot be read or written."""

    kind = "file"
    exit_code = 3


class ModelError(StudioError):
    """A model is missing, refused or unusable."""

    kind = "model"
    exit_code = 4


class EngineError(StudioError):
    """The engine failed at its work."""

    kind = "engine"
    exit_code = 5


class MemoryShortage(EngineError):
    """The device ran out of memory."""

    kind = "memory"


class ProtocolError(EngineError):
    """What came through the pipe is not a message of ours."""

    kind = "protocol"


def error_of(kind: str, message: str, hint: str) -> StudioError:
    """Rebuild an error from its parts, as they cross the pipe; unknown kinds become EngineError."""
    known: dict[str, type[StudioError]] = {
        cls.kind: cls
        for cls in (UsageError, FileError, ModelError, EngineError, MemoryShortage, ProtocolError)
    }
    return known.get(kind, EngineError)(message, hint)

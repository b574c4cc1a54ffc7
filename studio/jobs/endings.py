"""Endings: what is said of a job that the engine did not finish."""

from __future__ import annotations

from studio.core.errors import EngineError


def interrupted(code: int) -> EngineError:
    """Two engines ended at it.

    Args:
        code: The exit code of the last one; negative: a signal.
    """
    how = f"signal {-code}" if code < 0 else f"code {code}"
    return EngineError(
        f"The engine stopped twice at this order ({how}).",
        "Your picture is untouched. Choose a smaller area, another sampler or another model.",
    )


def not_started() -> EngineError:
    """No engine starts any more."""
    return EngineError(
        "The engine does not start.",
        "Your picture is untouched. Press Generate to try once more; the log tells why.",
    )


def without_picture() -> EngineError:
    """The engine says that it is done, and made nothing."""
    return EngineError(
        "The engine ended without a picture.",
        "Your picture is untouched. Press Generate to try once more.",
    )

"""What torch and diffusers raise, told apart and put into plain words."""

from __future__ import annotations

import torch

from studio.core.errors import EngineError, MemoryShortage, StudioError

#: The CPU allocator and some drivers raise plain RuntimeErrors; these words are all they share.
_MEMORY_WORDS = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "alloc_failed",
    "bad_alloc",
)

#: All that oneDNN says when there is no room for the code of a matrix product; with 'descriptor'
#: behind it the same sentence means that it cannot compute such a thing at all.
_NO_PRIMITIVE = "could not create a primitive"


def out_of_memory(error: BaseException) -> bool:
    """Whether the device or the machine had no memory left."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    told = text == _NO_PRIMITIVE or any(word in text for word in _MEMORY_WORDS)
    return isinstance(error, RuntimeError) and told


def fatal(error: BaseException) -> bool:
    """Whether the device answers nothing but errors from now on, so that the process must go."""
    return isinstance(error, torch.AcceleratorError) and not out_of_memory(error)


def named(error: BaseException) -> StudioError:
    """The error as one of ours, fit to be shown."""
    if isinstance(error, StudioError):
        return error
    if out_of_memory(error):
        return MemoryShortage(
            "There was not enough memory for this picture; nothing was changed.",
            "Choose a smaller area or a smaller model, or close other programs.",
        )
    return EngineError(
        "The engine could not finish this picture; nothing was changed.",
        "Try again; if it fails once more, choose another sampler or model.",
    )

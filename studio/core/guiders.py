"""The ways of following a prompt that the studio can name, whatever engine runs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guider:
    """One way: `key` for files and commands, `title` for artists."""

    key: str
    title: str


#: The first one is classifier-free guidance as it is; the others mend what it does to a picture.
GUIDERS: tuple[Guider, ...] = (
    Guider("plain", "Plain guidance"),
    Guider("rescaled", "Rescaled (CFG rescale)"),
    Guider("zero_star", "Zero star (CFG-Zero*)"),
    Guider("projected", "Projected (APG)"),
    Guider("tangential", "Tangential (TCFG)"),
    Guider("attention", "Perturbed attention (PAG)"),
)


def guider(key: str) -> Guider | None:
    """The guider of that key, or None."""
    return next((one for one in GUIDERS if one.key == key), None)

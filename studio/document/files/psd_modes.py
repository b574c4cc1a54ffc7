"""Blend modes as Photoshop files name them; no psd-tools, so that both processes share it."""

from __future__ import annotations

#: Our blend modes and their keys.
KEYS: dict[str, bytes] = {
    "normal": b"norm",
    "multiply": b"mul ",
    "screen": b"scrn",
    "overlay": b"over",
    "darken": b"dark",
    "lighten": b"lite",
    "soft light": b"sLit",
    "colour": b"colr",
    "luminosity": b"lum ",
}
BLENDS = {key: blend for blend, key in KEYS.items()}
#: A group whose members blend with what lies beneath the group.
PASS_THROUGH = b"pass"

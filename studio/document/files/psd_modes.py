"""What the studio and the process that reads Photoshop files share: names and frames."""

from __future__ import annotations

import struct

#: Of a frame of that process: the length of its JSON header, before it.
LENGTH = struct.Struct(">I")

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

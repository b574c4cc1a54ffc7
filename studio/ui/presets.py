"""Presets: keys as painters know them from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QKeySequence

from studio.ui.keymap import Keys

#: Only what differs from our own; an action that loses all its keys here has none there either.
_KRITA: dict[str, Keys] = {
    "rectangle": ("Ctrl+R",),
    "ellipse": ("J",),
    "lasso": ("L",),
    "clear_mask": ("Ctrl+Shift+A",),
    "flatten": ("Ctrl+Shift+E",),
    "export": ("Ctrl+Alt+Shift+E",),
    "one_to_one": ("1", "Ctrl+1"),
    "fit": ("2", "Ctrl+0"),
    "view_flip": ("M",),
    "view_left": ("4", "Ctrl+["),
    "view_right": ("6", "Ctrl+]"),
    "swap": ("E",),
    "eraser": ("Shift+E",),
    "transform": ("Ctrl+T",),
    "rulers": ("Ctrl+Alt+R",),
    "pixel_grid": ("Ctrl+Shift+'",),
}
_PHOTOSHOP: dict[str, Keys] = {
    "rectangle": ("M",),
    "ellipse": ("Shift+M",),
    "turn": ("R",),
    "transform": ("V", "Ctrl+T"),
    "add_layer": ("Ctrl+Shift+N",),
    "remove_layer": ("Shift+Del", "Ctrl+Alt+Del"),
    "layer_up": ("Ctrl+]",),
    "layer_down": ("Ctrl+[",),
    "flatten": ("Ctrl+Alt+E",),
    "view_flip": ("Ctrl+Alt+H",),
    "pixel_grid": ("Ctrl+'",),
    "view_left": ("Ctrl+Alt+,",),
    "view_right": ("Ctrl+Alt+.",),
}
#: By the key that is remembered of each.
PRESETS: dict[str, Mapping[str, Keys]] = {
    "sfumato": {},
    "krita": _KRITA,
    "photoshop": _PHOTOSHOP,
}


def keys_of(preset: str, first: Mapping[str, Keys]) -> dict[str, Keys]:
    """The keys of every action in a preset, none given twice by it.

    Args:
        preset: A key of `PRESETS`.
        first: The keys that came with the studio. Those that the preset gives to another action
            are taken away.
    """
    wanted = {key: keys for key, keys in PRESETS[preset].items() if key in first}
    taken = {_plain(each) for keys in wanted.values() for each in keys}
    result: dict[str, Keys] = {}
    for action, keys in first.items():
        if action in wanted:
            result[action] = wanted[action]
        else:
            result[action] = tuple(each for each in keys if _plain(each) not in taken)
    return result


def preset_of(keys: Mapping[str, Keys], first: Mapping[str, Keys]) -> str:
    """Which preset these keys are; empty for keys of the artist's own."""
    for name in PRESETS:
        if keys_of(name, first) == dict(keys):
            return name
    return ""


def _plain(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)

"""Theme: colour tokens from resources/themes, as a palette and a style sheet."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from studio.ui.style import SHEET

THEMES = ("dark", "light", "contrast")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they are for, each as `#rrggbb`.

    Attributes:
        backdrop: Around the picture; neutral, so that it bends no colour judgement.
        window: Menus, rails and panels.
        raised: Buttons and floating bars.
        hover: The same under the pointer.
        field: Where text is typed.
        line: The few lines that space cannot replace.
        text: What is read.
        muted: What is read second.
        accent: The one colour: what is chosen, focused or goes on.
        accent_hover: The same under the pointer.
        on_accent: Text on the accent.
        danger: Errors.
        good: The engine is ready.
    """

    backdrop: str
    window: str
    raised: str
    hover: str
    field: str
    line: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    danger: str
    good: str


def load(name: str, folder: Path) -> Theme:
    """The theme of that name, the dark one when the name is unknown.

    Args:
        name: A member of `THEMES`.
        folder: Where the JSON files lie.
    """
    known = name if name in THEMES else THEMES[0]
    values = json.loads((folder / f"{known}.json").read_text("utf-8"))
    return Theme(**{one.name: str(values[one.name]) for one in fields(Theme)})


def apply(app: QApplication, theme: Theme, icons: Path) -> None:
    """Let every widget of the application follow the theme, at once.

    Args:
        app: Gets palette and style sheet.
        theme: The colours.
        icons: The folder of the icons.
    """
    app.setPalette(palette(theme))
    app.setStyleSheet(sheet(theme, icons))


def sheet(theme: Theme, icons: Path) -> str:
    """The style sheet with the theme's colours put in."""
    text = SHEET.replace("@icons;", icons.as_posix())
    for one in fields(Theme):
        text = text.replace(f"@{one.name};", f"{getattr(theme, one.name)};")
    return text


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's colour roles; Mid is the canvas backdrop, Dark the line."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: theme.window,
        roles.WindowText: theme.text,
        roles.Base: theme.field,
        roles.AlternateBase: theme.raised,
        roles.Text: theme.text,
        roles.Button: theme.raised,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.danger,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.on_accent,
        roles.Accent: theme.accent,
        roles.Link: theme.accent,
        roles.Light: theme.hover,
        roles.Dark: theme.line,
        roles.Mid: theme.backdrop,
        roles.Shadow: theme.backdrop,
        roles.PlaceholderText: theme.muted,
        roles.ToolTipBase: theme.field,
        roles.ToolTipText: theme.text,
    }
    result = QPalette()
    for role, colour in colours.items():
        result.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, faded(theme.muted, theme.window))
    return result


def faded(colour: str, towards: str, share: float = 0.45) -> QColor:
    """`colour` mixed with `share` of another one."""
    one, other = QColor(colour), QColor(towards)
    return QColor.fromRgbF(
        one.redF() * (1 - share) + other.redF() * share,
        one.greenF() * (1 - share) + other.greenF() * share,
        one.blueF() * (1 - share) + other.blueF() * share,
    )


def rgb(colour: str) -> tuple[int, int, int, int]:
    """A token as the canvas takes it: sRGB and full alpha, 0 to 255."""
    value = QColor(colour)
    return value.red(), value.green(), value.blue(), 255


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21.

    Source: WCAG 2.2, relative luminance and contrast ratio.
    """
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    value = QColor(colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value.redF(), value.greenF(), value.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

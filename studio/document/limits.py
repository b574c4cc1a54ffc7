"""How large a picture may be."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.core.errors import UsageError
from studio.core.geometry import Size
from studio.core.request import MAX_EDGE


def check_size(size: Size) -> None:
    """Refuse sizes that no picture can have.

    Raises:
        UsageError: A side is shorter than 1 px or longer than `MAX_EDGE`.
    """
    if size.empty or max(size.width, size.height) > MAX_EDGE:
        raise UsageError(
            _tr("A picture cannot be {width} x {height} px.").format(
                width=size.width, height=size.height
            ),
            _tr("Each side may have 1 to {limit} px.").format(limit=MAX_EDGE),
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("limits", text)

"""Corner: what stands at the right end of the menu bar: the engine, and whether all is safe."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.ui.engine_label import EngineLabel
from studio.ui.safe_mark import SafeMark


def corner(engine: EngineLabel, safe: SafeMark) -> QWidget:
    """Both side by side, in one widget: a menu bar has room for one."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(engine)
    row.addWidget(safe)
    return both

"""SeedRow: the number that makes a take repeatable, with a dice and a lock."""

from __future__ import annotations

import random

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from studio.core.request import MAX_SEED
from studio.ui.icons import Icons
from studio.ui.pieces import icon_button, label


class SeedRow(QWidget):
    """A field, a dice and a lock.

    Signals:
        changed: The number or the lock.
    """

    changed = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._field = QLineEdit("0")
        self._field.setAccessibleName(self.tr("Seed"))
        self._field.setToolTip(self.tr("The same seed and settings give the same picture."))
        digits = QRegularExpression(r"\d{1,10}")
        self._field.setValidator(QRegularExpressionValidator(digits, self._field))
        self._field.textEdited.connect(self._on_edited)
        self._dice = icon_button(icons("dice"), self.tr("Another seed, at random"))
        self._dice.clicked.connect(self.roll)
        self._lock = icon_button(icons("unlock"), self.tr("Keep this seed for the next run"))
        self._lock.setCheckable(True)
        self._lock.toggled.connect(self._on_locked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(label(self.tr("Seed"), "hint"))
        row.addWidget(self._field, 1)
        row.addWidget(self._dice)
        row.addWidget(self._lock)
        self._on_locked(False)

    def value(self) -> int:
        """0 to `MAX_SEED`."""
        return min(int(self._field.text() or "0"), MAX_SEED)

    def set_value(self, seed: int) -> None:
        """Show that seed."""
        self._field.setText(str(min(max(seed, 0), MAX_SEED)))

    def locked(self) -> bool:
        """Whether the next run uses this seed again."""
        return self._lock.isChecked()

    def set_locked(self, locked: bool) -> None:
        """Close or open the lock."""
        self._lock.setChecked(locked)

    def roll(self) -> int:
        """Show another seed."""
        self.set_value(random.randrange(MAX_SEED + 1))
        self.changed.emit()
        return self.value()

    def for_next_run(self) -> int:
        """The seed of a run that begins now: this one when locked, else another."""
        return self.value() if self.locked() else self.roll()

    def _on_edited(self, _text: str) -> None:
        # Who types a seed wants that one.
        self.set_locked(True)
        self.changed.emit()

    def _on_locked(self, locked: bool) -> None:
        self._lock.setIcon(self._icons("lock" if locked else "unlock"))
        self.changed.emit()

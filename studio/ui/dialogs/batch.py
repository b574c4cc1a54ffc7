"""BatchDialog: two parameters with their values, as text, and how many pictures that makes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from studio.core.errors import StudioError
from studio.core.request import MAX_SEED
from studio.jobs.batches import AXES, Axis, Batch, axis, batch
from studio.jobs.order import Settings
from studio.ui.pieces import label

_SEEDS = 4


class BatchDialog(QDialog):
    """Says at each letter what comes of it.

    Signals:
        chosen: Batch.
    """

    chosen = Signal(object)

    def __init__(self, window: QWidget, settings: Settings) -> None:
        """Vary `settings`; it begins with a few seeds."""
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Batch"))
        self._settings = settings
        self._batch: Batch | None = None
        self.across, self.across_values = self._axis(self.tr("Across"))
        self.down, self.down_values = self._axis(self.tr("Down"))
        self.says = label("", "hint", wrapped=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.done_button = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.done_button.setProperty("primary", True)
        self.done_button.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self.across.setCurrentIndex(self.across.findData("seed"))
        first = min(settings.seed, MAX_SEED - _SEEDS + 1)
        self.across_values.setText(f"{first}-{first + _SEEDS - 1}")
        self.across_values.setFocus()
        self._show()

    def accept(self) -> None:
        if self._batch is not None:
            self.chosen.emit(self._batch)
            super().accept()

    def _axis(self, name: str) -> tuple[QComboBox, QLineEdit]:
        names = {
            "": self.tr("nothing"),
            "prompt": self.tr("Prompt"),
            "negative": self.tr("Negative prompt"),
            "seed": self.tr("Seed"),
            "steps": self.tr("Steps"),
            "guidance": self.tr("Guidance"),
            "strength": self.tr("Strength"),
            "sampler": self.tr("Sampler"),
            "schedule": self.tr("Schedule"),
        }
        box, values = QComboBox(), QLineEdit()
        for key in ("", *AXES):
            box.addItem(names[key], key)
        box.setAccessibleName(name)
        values.setAccessibleName(self.tr("Values of {axis}").format(axis=name))
        values.setMinimumWidth(280)
        box.currentIndexChanged.connect(lambda _: self._show())
        values.textChanged.connect(lambda _: self._show())
        return box, values

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        rows = (
            (self.tr("Across"), self.across, self.across_values),
            (self.tr("Down"), self.down, self.down_values),
        )
        for row, (name, box, values) in enumerate(rows):
            grid.addWidget(label(name), row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(values, row, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(
            label(
                self.tr("Choices in the prompt, such as {red|blue}, make a picture each, too."),
                "hint",
            )
        )
        column.addWidget(self.says)
        column.addWidget(self.buttons)

    def _show(self) -> None:
        for box, values in ((self.across, self.across_values), (self.down, self.down_values)):
            key = box.currentData()
            values.setEnabled(bool(key))
            values.setPlaceholderText(_EXAMPLES.get(key, ""))
        try:
            axes = (
                self._read(self.across, self.across_values),
                self._read(self.down, self.down_values),
            )
            self._batch = made = batch(self._settings, *axes)
        except StudioError as error:
            self._batch = None
            self.says.setText(f"{error.message} {error.hint}".strip())
            self.done_button.setText(self.tr("Make"))
        else:
            self.says.setText(self._sentence(made))
            count = len(made.cells)
            several = self.tr("Make {count} pictures").format(count=count)
            self.done_button.setText(several if count > 1 else self.tr("Make 1 picture"))
        self.done_button.setEnabled(self._batch is not None)

    def _sentence(self, made: Batch) -> str:
        wide, high = len(made.columns), len(made.rows)
        if wide * high == 1:
            return self.tr("One picture: choose what shall vary.")
        if high == 1:
            text = self.tr("{wide} across; they end in a contact sheet.")
        elif wide == 1:
            text = self.tr("{high} down; they end in a contact sheet.")
        else:
            text = self.tr("{wide} across and {high} down; they end in a contact sheet.")
        return text.format(wide=wide, high=high)

    def _read(self, box: QComboBox, values: QLineEdit) -> Axis | None:
        key = box.currentData()
        if not key:
            return None
        text = values.text()
        return axis(key, _shares(text) if key == "strength" else text)


#: What is shown where nothing is typed yet.
_EXAMPLES = {
    "prompt": "a {red|blue} house",
    "negative": "{blurry|dark}",
    "seed": "10-13, 42",
    "steps": "10, 20, 30",
    "guidance": "3, 5, 7.5",
    "strength": "30 %, 50 %, 70 %",
    "sampler": "ddim, euler, unipc",
    "schedule": "default, karras",
}


def _shares(text: str) -> str:
    """Strengths as the window writes them, in per cent, as shares of 1; others as they are."""
    found = []
    for one in text.split(","):
        plain = one.strip().removesuffix("%").strip()
        try:
            value = float(plain)
        except ValueError:
            found.append(one)
            continue
        percent = plain != one.strip() or value > 1
        found.append(f"{value / 100:g}" if percent else plain)
    return ",".join(found)

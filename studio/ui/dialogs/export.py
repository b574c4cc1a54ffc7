"""ExportDialog: how a picture is written: quality, depth, profile, what is said inside."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QWidget

from studio.document.files.encode import NONE, OWN, SRGB, Choices, Kind
from studio.ui.pieces import label
from studio.ui.sliders import Scale, ValueSlider


class ExportDialog(QDialog):
    """Shows what the chosen format can be asked for, and nothing else.

    Signals:
        chosen: Choices.
    """

    chosen = Signal(object)

    def __init__(
        self, window: QWidget, name: str, kind: Kind, usual: Choices, own_profile: str
    ) -> None:
        """Ask how to write `name`.

        Args:
            window: Above which it opens.
            name: The file's name.
            kind: Its format.
            usual: What was chosen last.
            own_profile: Name of the profile that the picture came with; empty: it had none.
        """
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export {name}").format(name=name))
        self._usual = usual
        self.quality = ValueSlider(
            self.tr("Quality"), Scale(1, 100), min(max(usual.quality, 1), 100)
        )
        self.deep = QCheckBox(self.tr("16 bits per channel"))
        self.deep.setChecked(usual.deep)
        self.profile = QComboBox()
        self.profile.addItem(self.tr("sRGB, as on this screen"), SRGB)
        if own_profile:
            self.profile.addItem(self.tr("{name}, as it came").format(name=own_profile), OWN)
        self.profile.addItem(self.tr("None"), NONE)
        self.profile.setCurrentIndex(max(0, self.profile.findData(usual.profile)))
        self.metadata = QCheckBox(self.tr("Tell prompt and settings inside the file"))
        self.metadata.setChecked(usual.metadata)
        self._lay_out(kind)

    def accept(self) -> None:
        self.chosen.emit(self.choices_now())
        super().accept()

    def choices_now(self) -> Choices:
        """What is entered; the resolution is as it was given."""
        return Choices(
            quality=round(self.quality.value_now()),
            deep=self.deep.isChecked(),
            metadata=self.metadata.isChecked(),
            profile=self.profile.currentData(),
            resolution=self._usual.resolution,
        )

    def _lay_out(self, kind: Kind) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        done = buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        done.setProperty("primary", True)
        done.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        self.quality.setMinimumWidth(260)
        self.quality.setVisible(kind.lossy)
        self.deep.setVisible(kind.name == "PNG")
        if kind.lossy:
            form.addRow(self.quality)
        if kind.name == "WEBP":
            form.addRow(label(self.tr("At 100 nothing is lost."), "hint"))
        form.addRow(self.tr("Colour profile"), self.profile)
        if kind.name == "PNG":
            form.addRow(self.deep)
            hint = self.tr(
                "The picture has 8 bits: 16 add no detail, only room for programs that ask for it."
            )
            form.addRow(label(hint, "hint", wrapped=True))
        form.addRow(self.metadata)
        form.addRow(buttons)

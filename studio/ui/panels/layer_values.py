"""LayerValues: blend mode and opacity of the layer or group that is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from studio.document import edits
from studio.document.blends import BLENDS
from studio.document.document import Document
from studio.document.layer import Group, Layer
from studio.ui.sliders import Scale, ValueSlider


class LayerValues(QWidget):
    """A pull of the slider is one step, however far it goes."""

    def __init__(self, document: Document, shown: Callable[[], Layer | Group | None]) -> None:
        """`shown` tells what the values are of; see `renew`."""
        super().__init__()
        self._document, self._shown = document, shown
        self._gesture = 0
        self._renewing = False
        self.blend = QComboBox()
        self.blend.setAccessibleName(self.tr("Blend mode"))
        self.blend.setToolTip(self.tr("How the layer or group mixes with what lies under it"))
        for key in BLENDS:
            self.blend.addItem(key.replace("_", " ").capitalize(), key)
        self.opacity = ValueSlider(
            self.tr("Opacity"),
            Scale(0, 100, 1, "%"),
            100,
            self.tr("How much of the layer or group is seen."),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.blend)
        column.addWidget(self.opacity)
        self.blend.activated.connect(self._on_blend)
        self.opacity.value_changed.connect(self._on_opacity)
        self.opacity.value_settled.connect(self.next_gesture)

    def renew(self) -> None:
        """Show the values of what is shown now."""
        shown = self._shown()
        self.setVisible(shown is not None)
        if shown is not None:
            self._renewing = True
            self.blend.setCurrentIndex(self.blend.findData(shown.blend))
            self.opacity.set_value(shown.opacity * 100)
            self._renewing = False

    def next_gesture(self) -> None:
        """What is changed from here on is another step."""
        self._gesture += 1

    def _on_blend(self, index: int) -> None:
        shown = self._shown()
        if shown is not None:
            set_properties(self._document, shown, blend=str(self.blend.itemData(index)))

    def _on_opacity(self, percent: float) -> None:
        shown = self._shown()
        if not self._renewing and shown is not None:
            set_properties(self._document, shown, self._gesture, opacity=percent / 100)


def set_properties(
    document: Document, shown: Layer | Group, gesture: int = 0, **properties: object
) -> None:
    """Change a layer or a group as one step; none when nothing changes."""
    if all(getattr(shown, name) == value for name, value in properties.items()):
        return
    command: QUndoCommand
    if isinstance(shown, Layer):
        command = edits.LayerProperties(document, shown, gesture, **properties)
    else:
        command = edits.GroupProperties(document, shown, gesture, **properties)
    document.history.push(command)

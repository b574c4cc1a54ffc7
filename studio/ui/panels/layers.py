"""LayersPanel: what the picture is made of, the top layer first."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QToolButton,
)

from studio.document import edits
from studio.document.blends import BLENDS
from studio.document.document import Document
from studio.document.layer import Layer
from studio.ui.actions import Actions
from studio.ui.icons import Icons
from studio.ui.images import small, to_image
from studio.ui.panels.layer_rows import DEPTH, DETAIL, LAYER, SHOWN, LayerRows
from studio.ui.panels.section import Section
from studio.ui.sliders import Scale, ValueSlider

_EDGE = 64


class LayersPanel(Section):
    """Click chooses, the eye hides, a double click renames, dragging reorders."""

    def __init__(self, document: Document, actions: Actions, icons: Icons) -> None:
        super().__init__(self.tr("Layers"))
        self._document = document
        self._gesture = 0
        self._buttons: dict[str, QToolButton] = {}
        self._filling = False
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Layers"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        rows = LayerRows(icons, self.list)
        self.list.setItemDelegate(rows)
        self.blend = QComboBox()
        self.blend.setAccessibleName(self.tr("Blend mode"))
        self.blend.setToolTip(self.tr("How the layer mixes with what lies under it"))
        for key in BLENDS:
            self.blend.addItem(key.replace("_", " ").capitalize(), key)
        self.opacity = ValueSlider(
            self.tr("Opacity"),
            Scale(0, 100, 1, "%"),
            100,
            self.tr("How much of the layer is seen."),
        )
        self.add(self.list, 1)
        self.add(self.blend)
        self.add(self.opacity)
        for key in ("add_layer", "layer_up", "layer_down", "remove_layer"):
            self._buttons[key] = self.add_action(actions[key])
        self._more = self.add_button(icons("more"), self.tr("More for the layer"), lambda: None)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(120)
        self._timer.timeout.connect(self._fill)
        self._connect(rows)
        self._fill()

    def set_menu(self, menu: QMenu) -> None:
        """What the button with the dots unfolds."""
        self._more.setMenu(menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def chosen(self) -> tuple[Layer, ...]:
        """The layers that are chosen in the list; the active one is always among them."""
        rows = [item.data(LAYER) for item in self.list.selectedItems()]
        active = self._document.active
        return tuple(rows) if active is None or active in rows else (*rows, active)

    def _connect(self, rows: LayerRows) -> None:
        document = self._document
        document.layers_changed.connect(self._fill)
        document.changed.connect(lambda _: self._timer.start())
        rows.eye_clicked.connect(self._toggle)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.list.itemChanged.connect(self._on_renamed)
        self.list.model().rowsMoved.connect(lambda *_: QTimer.singleShot(0, self._on_dragged))
        self.blend.activated.connect(self._on_blend)
        self.opacity.value_changed.connect(self._on_opacity)
        self.opacity.value_settled.connect(self._next_gesture)

    def _fill(self) -> None:
        self._filling = True
        layers = tuple(reversed(self._document.layers))
        while self.list.count() > len(layers):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(layers):
            self.list.addItem(QListWidgetItem())
        rows = range(self.list.count())
        moved = [self.list.item(row).data(LAYER) for row in rows] != list(layers)
        for row, layer in enumerate(layers):
            self._show(self.list.item(row), layer)
            # Several may be chosen, which to choose the current row again would undo.
            if layer is self._document.active and (moved or row != self.list.currentRow()):
                self.list.setCurrentRow(row)
        active = self._document.active
        for widget in (self.blend, self.opacity):
            widget.setVisible(active is not None)
        if active is not None:
            self.blend.setCurrentIndex(self.blend.findData(active.blend))
            self.opacity.set_value(active.opacity * 100)
        for key in ("layer_up", "layer_down", "remove_layer"):
            self._buttons[key].setVisible(len(layers) > 1)
        self._filling = False

    def _show(self, item: QListWidgetItem, layer: Layer) -> None:
        item.setData(LAYER, layer)
        item.setText(layer.name)
        item.setToolTip(layer.name)
        item.setData(SHOWN, layer.visible and all(group.visible for group in layer.groups))
        item.setData(DEPTH, len(layer.groups))
        parts = [layer.groups[-1].name] if layer.groups else []
        parts += [self.tr("locked")] if layer.locked else []
        parts += [self.tr("alpha locked")] if layer.alpha_locked and not layer.locked else []
        parts += [] if layer.blend == "normal" else [layer.blend.replace("_", " ")]
        parts += [] if layer.opacity >= 1 else [f"{layer.opacity:.0%}"]
        item.setData(DETAIL, " · ".join(parts))
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemIsDragEnabled
        )
        area = layer.pixels.bounds().intersected(self._document.bounds)
        image = None if area.empty else to_image(small(layer.pixels.read, area, _EDGE))
        item.setData(Qt.ItemDataRole.DecorationRole, image)

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if not self._filling and item is not None:
            QTimer.singleShot(0, lambda: self._document.set_active(item.data(LAYER)))

    def _toggle(self, row: int) -> None:
        layer: Layer = self.list.item(row).data(LAYER)
        self._push(layer, visible=not layer.visible)

    def _on_renamed(self, item: QListWidgetItem) -> None:
        layer = item.data(LAYER)
        if not self._filling and isinstance(layer, Layer) and item.text() != layer.name:
            self._push(layer, name=item.text() or layer.name)

    def _on_dragged(self) -> None:
        order = [self.list.item(row).data(LAYER) for row in range(self.list.count())]
        order.reverse()
        present = list(self._document.layers)
        if set(map(id, order)) != set(map(id, present)):
            self._fill()
            return
        for place, layer in enumerate(order):
            if present[place] is not layer:
                # One layer was dragged: either it came down to here, or the one here went up.
                moved = layer if present.index(layer) > place + 1 else present[place]
                command = edits.MoveLayer(self._document, moved, order.index(moved))
                self._document.history.push(command)
                return

    def _on_blend(self, index: int) -> None:
        if self._document.active is not None:
            self._push(self._document.active, blend=str(self.blend.itemData(index)))

    def _on_opacity(self, percent: float) -> None:
        if not self._filling and self._document.active is not None:
            self._push(self._document.active, self._gesture, opacity=percent / 100)

    def _next_gesture(self) -> None:
        self._gesture += 1

    def _push(self, layer: Layer, gesture: int = 0, **properties: object) -> None:
        if any(getattr(layer, name) != value for name, value in properties.items()):
            self._document.history.push(
                edits.LayerProperties(self._document, layer, gesture, **properties)
            )

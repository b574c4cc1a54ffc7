"""LayersPanel: what the picture is made of, the top first, in groups that fold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidgetItem, QMenu, QToolButton

from studio import paths
from studio.document import edits
from studio.document.clips import of_layers
from studio.document.document import Document
from studio.document.layer import Group, Layer
from studio.document.layered import frozen
from studio.ui.actions import Actions
from studio.ui.drag_out import DraggedOut
from studio.ui.icons import Icons
from studio.ui.panels.layer_list import LayerList
from studio.ui.panels.layer_rows import DEPTH, DETAIL, FOLDED, LAYER, SHOWN, LayerRows
from studio.ui.panels.layer_tree import Row, place_of_drop, rows
from studio.ui.panels.layer_values import LayerValues, set_properties
from studio.ui.panels.section import Section
from studio.ui.panels.thumbnails import Thumbnails

#: Of the list, px: two rows and a half, which says that there are more.
_LEAST = 104
_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsEditable
    | Qt.ItemFlag.ItemIsDragEnabled
)


class LayersPanel(Section):
    """Click chooses, the eye hides, a double click renames, dragging reorders, groups fold.

    Signals:
        chosen_changed: Other layers, or another group, are chosen.
    """

    chosen_changed = Signal()

    def __init__(self, document: Document, actions: Actions, icons: Icons) -> None:
        super().__init__(self.tr("Layers"))
        self._document = document
        self._filling = False
        self._folded: set[int] = set()
        self._thumbnails = Thumbnails()
        self._rows: tuple[Row, ...] = ()
        self._active: Layer | None = None  # the one that was active when the list was filled
        self.list = LayerList()
        self.list.setAccessibleName(self.tr("Layers"))
        self.list.set_hand_out(self._handed_out)
        self.list.setMinimumHeight(_LEAST)
        delegate = LayerRows(icons, self.list)
        self.list.setItemDelegate(delegate)
        self.values = LayerValues(document, self._shown)
        self.add(self.list, 1)
        self.add(self.values)
        self.add_action(actions["add_layer"])
        self._trash = self.add_action(actions["remove_layer"])
        self._more = self.add_button(icons("more"), self.tr("More for the layer"), lambda: None)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(120)
        self._timer.timeout.connect(self._fill)
        self._connect(delegate)
        self._fill()

    def set_menu(self, menu: QMenu) -> None:
        """What the button with the dots unfolds."""
        self._more.setMenu(menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def chosen(self) -> tuple[Layer, ...]:
        """The layers chosen in the list, members of chosen groups included; else the active one."""
        picked = [self._rows[self.list.row(item)] for item in self.list.selectedItems()]
        layers = {each.id: each for row in picked for each in row.members}
        active = self._document.active
        if active is not None and not layers:
            return (active,)
        return tuple(layers.values())

    def _handed_out(self, base: QMimeData) -> QMimeData:
        """The chosen layers as a picture too, for a file manager or another program."""
        chosen = set(map(id, self.chosen()))
        layers = frozen(each for each in self._document.layers if id(each) in chosen)
        name = layers[-1].name if layers else ""
        return DraggedOut(name, partial(_png, layers), paths.data() / "dragged", base)

    def chosen_group(self) -> Group | None:
        """The group whose header is chosen, when it alone is."""
        picked = self.list.selectedItems()
        return self._rows[self.list.row(picked[0])].group if len(picked) == 1 else None

    def _connect(self, delegate: LayerRows) -> None:
        document = self._document
        document.layers_changed.connect(self._fill)
        document.changed.connect(lambda _: self._timer.start())
        delegate.eye_clicked.connect(self._toggle)
        delegate.fold_clicked.connect(lambda row: self._fold(row, None))
        self.list.fold_asked.connect(self._fold)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.list.itemSelectionChanged.connect(self._on_selected)
        self.list.itemChanged.connect(self._on_renamed)
        self.list.dropped.connect(self._on_dropped)

    def _fill(self) -> None:
        self._filling = True
        picked = {self._rows[self.list.row(item)].key for item in self.list.selectedItems()}
        current = self._current()
        before, active = self._rows, self._document.active
        self._rows = rows(self._document.layers, self._folded)
        self.list.have(len(self._rows))
        for number, row in enumerate(self._rows):
            self._show(self.list.item(number), row)
        keys = [row.key for row in self._rows]
        if active is not self._active or [row.key for row in before] != keys:
            stays = active is self._active and current is not None and current.key in keys
            self._choose_again(keys, picked, current.key if stays and current else None)
        self._active = active
        self._thumbnails.keep(self._document.layers)
        self._trash.setVisible(len(self._document.layers) > 1)
        self._filling = False
        self.values.renew()

    def _choose_again(self, keys: list[int], picked: set[int], current: int | None) -> None:
        """After rows came or went: what was chosen, or the layer that is active now."""
        active = self._document.active
        self.list.clearSelection()
        if current is None and active is not None:
            # A layer in a folded group is stood for by the group.
            names = (active.id, *(group.id for group in reversed(active.groups)))
            current, picked = next((key for key in names if key in keys), None), set()
        if current is not None:
            self.list.setCurrentRow(keys.index(current))
        for number, key in enumerate(keys):
            if key in picked:
                self.list.item(number).setSelected(True)

    def _show(self, item: QListWidgetItem, row: Row) -> None:
        layer, group = row.layer, row.group
        shown = layer if layer is not None else group
        if shown is None:
            return
        around = row.path if layer is not None else row.path[:-1]
        item.setData(LAYER, layer)
        item.setData(FOLDED, None if layer is not None else row.folded)
        item.setText(shown.name)
        item.setToolTip(shown.name)
        item.setData(SHOWN, shown.visible and all(each.visible for each in around))
        item.setData(DEPTH, row.depth)
        item.setData(DETAIL, row.detail)
        drops = Qt.ItemFlag.NoItemFlags if layer is not None else Qt.ItemFlag.ItemIsDropEnabled
        item.setFlags(_FLAGS | drops)
        image = None if layer is None else self._thumbnails.of(layer, self._document.bounds)
        item.setData(Qt.ItemDataRole.DecorationRole, image)

    def _current(self) -> Row | None:
        number = self.list.currentRow()
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _shown(self) -> Layer | Group | None:
        """What blend mode and opacity are of: a chosen group, or the active layer."""
        return self.chosen_group() or self._document.active

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if not self._filling and item is not None:
            members = self._rows[self.list.row(item)].members
            # With a group its topmost member is painted on, unless another of them is.
            if self._document.active not in members:
                QTimer.singleShot(0, partial(self._activate, members[-1]))

    def _activate(self, layer: Layer) -> None:
        if layer in self._document.layers:
            self.values.next_gesture()
            # It is chosen already: the list need not choose it again.
            self._active = layer
            self._document.set_active(layer)

    def _on_selected(self) -> None:
        if not self._filling:
            self.values.next_gesture()
            self.values.renew()
            self.chosen_changed.emit()

    def _fold(self, number: int, folded: bool | None) -> None:
        group = self._rows[number].group
        if group is None:
            return
        wanted = group.id not in self._folded if folded is None else folded
        (self._folded.add if wanted else self._folded.discard)(group.id)
        QTimer.singleShot(0, self._fill)

    def _toggle(self, number: int) -> None:
        row = self._rows[number]
        shown = row.layer or row.group
        if shown is not None:
            set_properties(self._document, shown, visible=not shown.visible)

    def _on_renamed(self, item: QListWidgetItem) -> None:
        number = self.list.row(item)
        if self._filling or number >= len(self._rows):
            return
        row = self._rows[number]
        shown = row.layer or row.group
        if shown is not None and item.text() != shown.name:
            set_properties(self._document, shown, name=item.text() or shown.name)

    def _on_dropped(self, number: int, where: str) -> None:
        layers = self.chosen()
        row = self._rows[number] if number >= 0 else None
        index, path = place_of_drop(self._document.layers, row, where, layers)
        command = edits.ArrangeLayers(self._document, layers, index, path)
        QTimer.singleShot(0, lambda: self._document.history.push(command))


def _png(layers: Sequence[Layer]) -> bytes:
    clip = of_layers(layers)
    return b"" if clip is None else clip.png()

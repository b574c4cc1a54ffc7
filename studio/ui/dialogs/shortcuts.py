"""ShortcutsDialog: every action with its keys, to be changed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.ui.actions import TOOLS, Actions
from studio.ui.keymap import BETWEEN, Keymap, Keys, clashes
from studio.ui.pieces import label
from studio.ui.presets import PRESETS, keys_of, preset_of

_KEY = Qt.ItemDataRole.UserRole


class ShortcutsDialog(QDialog):
    """Choose keys known from elsewhere, or an action and press its own; Apply takes them.

    Signals:
        applied: The keys of all actions are new.
    """

    applied = Signal()

    def __init__(self, window: QWidget, actions: Actions, keymap: Keymap) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Shortcuts"))
        self.resize(560, 560)
        self._keymap = keymap
        self._keys = keymap.now()
        self._names = {each.objectName(): _plain(each.text()) for each in actions}
        self._first = {key: keymap.default(key) for key in self._keys}
        self.preset = self._presets()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find an action or a key"))
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.setAccessibleName(self.tr("Actions and their keys"))
        self.entry = QKeySequenceEdit()
        self.entry.setMaximumSequenceLength(1)
        self.entry.setAccessibleName(self.tr("New keys"))
        self.note = label("", "hint", wrapped=True)
        for key, name in sorted(self._names.items(), key=lambda pair: pair[1].casefold()):
            item = QTreeWidgetItem([name])
            item.setData(0, _KEY, key)
            self.list.addTopLevelItem(item)
        self._lay_out()
        self.preset.activated.connect(self._on_preset)
        self.search.textChanged.connect(self._filter)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.entry.editingFinished.connect(self._on_entered)
        self._show()
        self.choose(TOOLS[0])

    def accept(self) -> None:
        self._keymap.use(self._keys)
        self.applied.emit()
        super().accept()

    def choose(self, key: str) -> None:
        """Go to that action."""
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None and item.data(0, _KEY) == key:
                self.list.setCurrentItem(item)
                self.list.scrollToItem(item)

    def give(self, keys: Keys) -> None:
        """The chosen action gets these keys."""
        item = self.list.currentItem()
        if item is not None:
            self._keys[str(item.data(0, _KEY))] = keys
            self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.entry, 1)
        for text, slot in (
            (self.tr("No keys"), lambda: self.give(())),
            (self.tr("Reset"), self._reset),
            (self.tr("Reset all"), self._reset_all),
        ):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, slot=slot: slot())
            row.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        apply = buttons.addButton(self.tr("Apply"), QDialogButtonBox.ButtonRole.AcceptRole)
        apply.setProperty("primary", True)
        apply.setAutoDefault(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        known = QHBoxLayout()
        known.addWidget(label(self.tr("Keys as in"), "hint"))
        known.addWidget(self.preset, 1)
        column.addLayout(known)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(buttons)

    def _presets(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Keys as in"))
        names = {"sfumato": "Sfumato", "krita": "Krita", "photoshop": "Photoshop"}
        for key in PRESETS:
            box.addItem(names[key], key)
        box.addItem(self.tr("your own"), "")
        return box

    def _on_preset(self, index: int) -> None:
        name = str(self.preset.itemData(index))
        if name:
            self._keys = keys_of(name, self._first)
        self._on_chosen(self.list.currentItem())

    def _show(self) -> None:
        self.preset.setCurrentIndex(self.preset.findData(preset_of(self._keys, self._first)))
        shared = clashes(self._keys)
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is None:
                continue
            key = str(item.data(0, _KEY))
            mark = "⚠ " if key in shared else ""
            item.setText(1, mark + BETWEEN.join(_native(each) for each in self._keys[key]))
        self._say(shared)

    def _say(self, shared: dict[str, set[str]]) -> None:
        item = self.list.currentItem()
        key = "" if item is None else str(item.data(0, _KEY))
        if key in shared:
            others = ", ".join(sorted(self._names[each] for each in shared[key]))
            text = self.tr("Also the keys of: {others}. Neither would work.").format(others=others)
        elif shared:
            text = self.tr("{count} actions share keys and would not work.").format(
                count=len(shared)
            )
        else:
            text = self.tr("No keys are given twice.")
        self.note.setText(text)

    def _on_chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            keys = self._keys[str(item.data(0, _KEY))]
            self.entry.setKeySequence(QKeySequence(keys[0] if keys else ""))
        self._show()

    def _on_entered(self) -> None:
        text = self.entry.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        item = self.list.currentItem()
        held = () if item is None else self._keys[str(item.data(0, _KEY))]
        if text and text not in held:
            self.give((text, *held[1:]))

    def _reset(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.give(self._keymap.default(str(item.data(0, _KEY))))
            self._on_chosen(item)

    def _reset_all(self) -> None:
        self._keys = {key: self._keymap.default(key) for key in self._keys}
        self._on_chosen(self.list.currentItem())

    def _filter(self, text: str) -> None:
        wanted = text.casefold()
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None:
                words = f"{item.text(0)} {item.text(1)}".casefold()
                item.setHidden(wanted not in words)


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)

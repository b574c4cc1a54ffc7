import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.ui.dialogs.shortcuts import ShortcutsDialog
from studio.ui.keymap import clashes
from studio.ui.presets import PRESETS, keys_of, preset_of
from tests.ui.conftest import StudioOf


@pytest.fixture
def dialog(studio: Studio) -> ShortcutsDialog:
    """The dialog, opened from the menu."""
    studio.window.commands["shortcuts"].trigger()
    opened = QApplication.activeModalWidget()
    assert isinstance(opened, ShortcutsDialog)
    return opened


def shown(dialog: ShortcutsDialog) -> list[str]:
    """The actions that the search leaves."""
    items = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    return [item.text(0) for item in items if item is not None and not item.isHidden()]


def test_keys_that_are_pressed_become_those_of_the_action(
    dialog: ShortcutsDialog, studio: Studio, qtbot: QtBot
) -> None:
    dialog.choose("lasso")
    QTest.keyClick(dialog.entry, Qt.Key.Key_K)
    dialog.entry.editingFinished.emit()
    assert studio.window.commands["lasso"].shortcut().toString() == "L"
    dialog.accept()
    assert studio.window.commands["lasso"].shortcut().toString() == "K"
    assert studio.window.commands["lasso"].toolTip().endswith("(K)")
    canvas = studio.joins.bench.canvas
    studio.window.activateWindow()
    qtbot.waitUntil(studio.window.isActiveWindow)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_K)
    assert canvas.tool.name == "lasso"


def test_cancel_changes_nothing(dialog: ShortcutsDialog, studio: Studio) -> None:
    dialog.choose("lasso")
    dialog.give(("K",))
    dialog.reject()
    assert studio.window.commands["lasso"].shortcut().toString() == "L"


def test_keys_that_are_given_twice_are_said(dialog: ShortcutsDialog) -> None:
    dialog.choose("lasso")
    dialog.give(("B",))
    assert "Brush" in dialog.note.text()
    marked = dialog.list.findItems("⚠", Qt.MatchFlag.MatchStartsWith, 1)
    assert {item.text(0) for item in marked} == {"Brush", "Mask lasso"}
    dialog._reset()
    assert dialog.note.text() == "No keys are given twice."
    dialog.reject()


def test_reset_all_brings_back_what_came(dialog: ShortcutsDialog, studio: Studio) -> None:
    dialog.choose("lasso")
    dialog.give(())
    dialog._reset_all()
    dialog.accept()
    assert studio.window.commands["lasso"].shortcut().toString() == "L"
    assert studio.settings.values.shortcuts == ()


def test_the_search_finds_names_and_keys(dialog: ShortcutsDialog) -> None:
    dialog.search.setText("lasso")
    assert shown(dialog) == ["Mask lasso"]
    dialog.search.setText("ctrl+shift+i")
    assert shown(dialog) == ["Invert mask"]
    dialog.reject()


def test_keys_are_kept_for_the_next_start(studio_of: StudioOf) -> None:
    first = studio_of()
    first.joins.dispatch.keymap.use({"lasso": ("K", "Ctrl+K"), "wand": ()})
    first.settings.update(shortcuts=first.joins.dispatch.keymap.changed())
    first.joins.flows.recall.remember()
    commands = studio_of().window.commands
    assert [keys.toString() for keys in commands["lasso"].shortcuts()] == ["K", "Ctrl+K"]
    assert commands["wand"].shortcuts() == []
    assert commands["brush"].shortcut().toString() == "B"


def test_keys_of_actions_that_are_no_more_are_left_out(studio: Studio) -> None:
    before = studio.joins.dispatch.keymap.now()
    studio.joins.dispatch.keymap.restore(("gone K", "", "lasso"))
    assert studio.joins.dispatch.keymap.now() == {**before, "lasso": ()}


def test_clashes_name_each_other() -> None:
    keys = {"one": ("A", "B"), "two": ("b",), "three": ("C",)}
    assert clashes(keys) == {"one": {"two"}, "two": {"one"}}


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_no_preset_gives_keys_twice(dialog: ShortcutsDialog, name: str) -> None:
    first = dialog._first
    chosen = keys_of(name, first)
    assert clashes(chosen).keys() <= clashes(first).keys()
    assert PRESETS[name].keys() <= first.keys()
    assert preset_of(chosen, first) == name


def test_a_preset_is_taken_and_kept_for_the_next_start(
    dialog: ShortcutsDialog, studio_of: StudioOf, studio: Studio
) -> None:
    dialog.preset.setCurrentIndex(dialog.preset.findData("photoshop"))
    dialog.preset.activated.emit(dialog.preset.currentIndex())
    assert dialog.note.text() == "No keys are given twice."
    dialog.accept()
    assert studio.window.commands["transform"].shortcut().toString() == "V"
    assert studio.window.commands["rectangle"].shortcut().toString() == "M"
    studio.joins.flows.recall.remember()
    again = studio_of()
    assert again.window.commands["transform"].shortcut().toString() == "V"


def test_keys_of_ones_own_are_no_preset(dialog: ShortcutsDialog) -> None:
    assert dialog.preset.currentData() == "sfumato"
    dialog.choose("lasso")
    dialog.give(("K",))
    assert dialog.preset.currentData() == ""
    dialog._reset_all()
    assert dialog.preset.currentData() == "sfumato"

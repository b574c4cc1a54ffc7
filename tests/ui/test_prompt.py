import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.text import PROMPT_LIMIT
from studio.ui.prompt_edit import PromptEdit

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def edit(qtbot: QtBot) -> PromptEdit:
    """A prompt with three things said before."""
    edit = PromptEdit("What?")
    qtbot.addWidget(edit)
    edit.set_history(["one", "two", "three"])
    edit.resize(300, 30)
    edit.show()
    return edit


def test_enter_accepts_and_shift_enter_breaks_the_line(edit: PromptEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(edit, "a")
    QTest.keyClick(edit, Qt.Key.Key_Return, SHIFT)
    with qtbot.waitSignal(edit.accepted):
        QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "a\n"


def test_up_and_down_walk_the_history_and_come_back_to_the_draft(edit: PromptEdit) -> None:
    QTest.keyClicks(edit, "draft")
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(edit, key)
        seen.append(edit.text())
    assert seen == ["three", "two", "three", "draft"]


def test_up_inside_the_text_moves_the_cursor_only(edit: PromptEdit) -> None:
    edit.set_text("first\nsecond")
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert edit.text() == "first\nsecond"
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert edit.text() == "three"


def test_what_was_said_again_moves_to_the_end_of_the_history(edit: PromptEdit) -> None:
    edit.set_text("one")
    edit.remember()
    assert edit.history() == ("two", "three", "one")


def test_the_field_grows_with_its_lines_up_to_a_limit(edit: PromptEdit) -> None:
    heights = []
    for lines in (1, 3, 6, 12):
        edit.set_text("\n".join("x" * lines))
        heights.append(edit.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_a_huge_paste_is_cut_and_said(edit: PromptEdit, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setText("word " * 20_000)
    with qtbot.waitSignal(edit.shortened):
        edit.insertFromMimeData(data)
    assert len(edit.text()) == PROMPT_LIMIT


@pytest.mark.parametrize("text", ["🎨 à la carte", "שלום עולם", "lone \ud800 surrogate"])
def test_any_text_can_be_encoded(edit: PromptEdit, text: str) -> None:
    edit.set_text(text)
    assert edit.text().encode("utf-8")


def test_an_example_fills_the_empty_prompt(studio: Studio, qtbot: QtBot) -> None:
    bar = studio.window.bar
    chips = [each for each in bar.findChildren(type(bar.generate)) if each.objectName() == "chip"]
    shown = [each for each in chips if each.isVisible()]
    assert shown
    QTest.mouseClick(shown[0], Qt.MouseButton.LeftButton)
    assert bar.prompt.text() == shown[0].text()
    qtbot.waitUntil(lambda: not shown[0].isVisible())


def test_generate_turns_into_stop_and_a_shift_click_queues_another(
    with_photo: Studio, qtbot: QtBot
) -> None:
    button, queue = with_photo.window.bar.generate, with_photo.joins.queue
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Stop"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, SHIFT)
    assert len(queue.line.jobs()) == 2
    for _ in range(2):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Generate"
    assert [job.state for job in queue.line.jobs()] == ["cancelled", "cancelled"]

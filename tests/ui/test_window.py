import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect
from studio.document.edits import MoveFrame
from studio.ui.actions import TOOLS
from tests.ui.conftest import stroke


def keys(studio: Studio, text: str) -> None:
    """Type with the canvas in focus."""
    canvas = studio.joins.bench.canvas
    canvas.setFocus()
    QTest.keyClicks(canvas, text)


@pytest.mark.parametrize(("width", "height", "share"), [(1280, 800, 0.70), (2560, 1440, 0.80)])
def test_the_canvas_has_most_of_the_window(
    studio: Studio, qtbot: QtBot, width: int, height: int, share: float
) -> None:
    studio.window.resize(width, height)
    canvas = studio.joins.bench.canvas
    qtbot.waitUntil(lambda: canvas.width() == studio.window.stage.width() > width // 2)
    assert canvas.width() * canvas.height() >= share * width * height


@pytest.mark.parametrize(
    ("key", "tool"),
    [
        ("e", "eraser"),
        ("l", "lasso"),
        ("L", "polygon"),
        ("r", "rectangle"),
        ("m", "rectangle"),
        ("R", "ellipse"),
        ("w", "wand"),
        ("f", "frame"),
        ("c", "crop"),
        ("H", "turn"),
    ],
)
def test_a_letter_takes_a_tool(studio: Studio, key: str, tool: str) -> None:
    canvas, kind = studio.joins.bench.canvas, Qt.KeyboardModifier
    canvas.setFocus()
    held = kind.ShiftModifier if key.isupper() else kind.NoModifier
    QTest.keyClick(canvas, Qt.Key(ord(key.upper())), held)
    assert canvas.tool.name == tool
    assert studio.window.commands[tool].isChecked()


def test_x_swaps_brush_and_eraser(studio: Studio) -> None:
    keys(studio, "x")
    assert studio.joins.bench.canvas.tool.name == "eraser"
    keys(studio, "x")
    assert studio.joins.bench.canvas.tool.name == "brush"


def test_letters_go_to_the_prompt_while_it_has_the_focus(studio: Studio) -> None:
    prompt = studio.window.bar.prompt
    prompt.setFocus()
    QTest.keyClicks(prompt, "e[x]BR")
    assert prompt.text() == "e[x]BR"
    assert studio.joins.bench.canvas.tool.name == "brush"


def test_brackets_change_size_and_hardness(studio: Studio) -> None:
    canvas = studio.joins.bench.canvas
    before = canvas.brush
    keys(studio, "]")
    assert canvas.brush.size > before.size
    keys(studio, "{")
    assert canvas.brush.hardness < before.hardness


def test_tab_leaves_only_the_picture_and_brings_all_back(with_photo: Studio) -> None:
    window, canvas = with_photo.window, with_photo.joins.bench.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    parts = (window.menuBar(), window.rail, window.status, window.bar)
    assert not any(part.isVisible() for part in parts)
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert all(part.isVisible() for part in parts)


def test_tab_in_the_prompt_only_moves_the_focus(studio: Studio) -> None:
    prompt = studio.window.bar.prompt
    prompt.setFocus()
    QTest.keyClick(prompt, Qt.Key.Key_Tab)
    assert studio.window.rail.isVisible()
    assert not prompt.hasFocus()


def test_every_tool_says_its_shortcut(studio: Studio) -> None:
    for key in TOOLS:
        action = studio.window.commands[key]
        assert f"({action.shortcut().toString()})" in action.toolTip()


def test_every_icon_button_has_words_for_a_screen_reader(studio: Studio) -> None:
    buttons = studio.window.findChildren(QAbstractButton)
    silent = [each for each in buttons if not (each.text() or each.toolTip())]
    assert [each for each in silent if not each.objectName().startswith("qt_")] == []


def test_the_prompt_bar_follows_the_frame(with_photo: Studio, qtbot: QtBot) -> None:
    joins, bar = with_photo.joins, with_photo.window.bar
    canvas, document = joins.bench.canvas, joins.document
    canvas.set_zoom(2.0)
    qtbot.waitUntil(lambda: bar.y() > canvas.to_view(document.frame).bottom())
    before = bar.y()
    joins.document.history.push(MoveFrame(document, Rect(0, 0, 96, 200)))
    qtbot.waitUntil(lambda: bar.y() > before)


def test_the_prompt_bar_docks_where_there_is_no_room(with_photo: Studio, qtbot: QtBot) -> None:
    window = with_photo.window
    with_photo.joins.bench.canvas.set_zoom(40.0)
    qtbot.waitUntil(lambda: window.stage.height() - window.bar.geometry().bottom() < 24)


def test_a_fitted_picture_is_not_under_the_prompt_bar(with_photo: Studio, qtbot: QtBot) -> None:
    canvas, bar = with_photo.joins.bench.canvas, with_photo.window.bar
    canvas.setFocus()
    picture = with_photo.joins.document.bounds
    qtbot.waitUntil(lambda: bar.y() > canvas.to_view(picture).bottom())


def test_a_stroke_becomes_a_sentence(with_photo: Studio, qtbot: QtBot) -> None:
    status = with_photo.window.status
    qtbot.waitUntil(lambda: status.mode.startswith("The whole picture will change"))
    stroke(with_photo, (40, 30), (50, 34))
    qtbot.waitUntil(lambda: status.mode.startswith("Inpaint "))


def test_undo_and_redo_a_stroke_with_the_keys(with_photo: Studio) -> None:
    mask = with_photo.joins.document.masks.active
    canvas = with_photo.joins.bench.canvas
    stroke(with_photo, (40, 30), (50, 34))
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(canvas, Qt.Key.Key_Z, control)
    assert mask.bounds().empty
    QTest.keyClick(canvas, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert not mask.bounds().empty


def test_the_mask_is_inverted_and_cleared(with_photo: Studio) -> None:
    document, commands = with_photo.joins.document, with_photo.window.commands
    commands["invert_mask"].trigger()
    assert document.masks.active.bounds() == document.bounds
    commands["clear_mask"].trigger()
    assert document.masks.active.bounds().empty


def test_a_click_on_a_floating_part_does_not_paint(with_photo: Studio) -> None:
    bar: QWidget = with_photo.window.bar
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.rect().center())
    assert with_photo.joins.document.history.count() == 0


def test_dragging_the_frames_edge_out_announces_an_outpainting(
    with_photo: Studio, qtbot: QtBot
) -> None:
    keys(with_photo, "f")
    document = with_photo.joins.document
    stroke(with_photo, (95, 31), (105, 31), (127, 31))
    assert document.frame.right > document.bounds.right
    qtbot.waitUntil(lambda: with_photo.window.status.mode.startswith("Outpaint to"))
    with_photo.window.commands["frame_all"].trigger()
    assert document.frame == document.bounds


def test_the_frame_goes_around_the_mask_and_back(with_photo: Studio) -> None:
    document, commands = with_photo.joins.document, with_photo.window.commands
    stroke(with_photo, (20, 20), (24, 24))
    commands["frame_mask"].trigger()
    assert document.frame.contains(document.masks.active.bounds().intersected(document.bounds))
    commands["frame_all"].trigger()
    assert document.frame == document.bounds

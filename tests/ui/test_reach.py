"""Every control of the window can be reached: by name, by key and by finger."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.ui.pieces import TOUCH

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)


@pytest.fixture
def unfolded(with_photo: Studio, qtbot: QtBot) -> Studio:
    """A window in which everything is shown."""
    commands = with_photo.window.commands
    for key in ("overview", "history", "gear"):
        if not commands[key].isChecked():
            commands[key].trigger()
    commands["add_layer"].trigger()
    commands["add_mask"].trigger()
    qtbot.waitUntil(lambda: with_photo.joins.bench.overview.isVisible())
    return with_photo


def controls(studio: Studio) -> list[QWidget]:
    """All that is visible and takes input, without what Qt builds its own widgets of."""
    found = []
    for each in studio.window.findChildren(QWidget):
        parent = each.parentWidget()
        inner = isinstance(each, QScrollBar) or isinstance(parent, CONTROLS)
        ours = isinstance(each, CONTROLS) and not each.objectName().startswith("qt_")
        if ours and not inner and each.isVisibleTo(studio.window):
            found.append(each)
    return found


def words(widget: QWidget) -> str:
    return f"{type(widget).__name__} '{widget.accessibleName() or widget.toolTip()}'"


def named(widget: QWidget) -> bool:
    """Whether a screen reader has something to say."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    hint = widget.placeholderText() if isinstance(widget, QLineEdit) else ""
    return bool(widget.accessibleName() or text or hint or widget.toolTip())


def test_every_control_has_a_name(unfolded: Studio) -> None:
    assert [words(each) for each in controls(unfolded) if not named(each)] == []


def test_every_control_is_as_large_as_a_fingertip(unfolded: Studio) -> None:
    def hit(widget: QWidget) -> int:
        """The bar around the prompt belongs to it."""
        around = unfolded.window.bar if widget is unfolded.window.bar.prompt else widget
        return min(around.width(), around.height())

    small = [
        f"{words(each)} {each.width()} x {each.height()}"
        for each in controls(unfolded)
        if hit(each) < TOUCH
    ]
    assert "\n".join(small) == ""


def test_every_control_can_be_walked_to_with_the_keys(unfolded: Studio) -> None:
    """Except the tools, which have a letter each, and so keep the focus on the picture."""
    silent = [
        words(each)
        for each in controls(unfolded)
        if each.focusPolicy() == Qt.FocusPolicy.NoFocus
        and not (isinstance(each, QAbstractButton) and "(" in each.toolTip())
    ]
    assert silent == []


def test_the_focus_goes_down_the_column(unfolded: Studio) -> None:
    bench = unfolded.joins.bench
    panels = (bench.overview, bench.layers, bench.masks, bench.history)
    wanted = [panel.mapTo(unfolded.window, QPoint(0, 0)).y() for panel in panels]
    assert wanted == sorted(wanted)
    order: list[QWidget] = []
    widget: QWidget | None = unfolded.window.nextInFocusChain()
    while widget is not None and widget is not unfolded.window:
        panel = next((each for each in panels if each.isAncestorOf(widget)), None)
        if panel is not None and panel not in order[-1:]:
            order.append(panel)
        widget = widget.nextInFocusChain()
    assert order == list(panels)


def test_a_click_beside_the_prompt_writes_into_it(studio: Studio, qtbot: QtBot) -> None:
    bar = studio.window.bar
    studio.joins.bench.canvas.setFocus()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(bar.width() // 2, 3))
    qtbot.waitUntil(bar.prompt.hasFocus)

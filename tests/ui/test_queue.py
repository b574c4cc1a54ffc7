"""The queue's panel in the real window, with a worker that does as the prompt says."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.ui.panels.queue_list import QueueList
from studio.ui.queue_entries import Entry
from tests.ui.conftest import SCRIPTED, StudioOf, show
from tests.ui.test_keeping import restarted


@pytest.fixture
def busy(studio_of: StudioOf, photo: Path, qtbot: QtBot) -> Studio:
    """One job at its second step, three that wait."""
    studio = studio_of(SCRIPTED)
    show(studio, photo, qtbot)
    queue = studio.joins.queue
    with qtbot.waitSignal(queue.stepped, check_params_cb=lambda step: step.step == 2):
        for prompt in ("wait", "ok one", "ok two", "ok three"):
            studio.window.bar.prompt.set_text(prompt)
            studio.joins.flows.generate()
    return studio


def entries(studio: Studio) -> list[Entry]:
    shown = studio.joins.bench.queue.list
    found = [shown.entry(row) for row in range(shown.count())]
    return [one for one in found if one is not None]


def titles(studio: Studio) -> list[str]:
    return [one.title for one in entries(studio)]


def chosen(studio: Studio, row: int) -> QueueList:
    shown = studio.joins.bench.queue.list
    shown.setCurrentRow(row)
    return shown


def test_entries_tell_title_state_progress_and_show_the_place(busy: Studio) -> None:
    first, second = entries(busy)[:2]
    assert (first.title, first.share) == ("wait", 0.5)
    assert first.says.startswith("2 of 4")
    assert (second.title, second.says, second.share) == ("ok one", "waits", 0.0)
    assert all(one.image is not None for one in entries(busy))


@pytest.mark.parametrize(
    ("row", "key", "order"),
    [
        (2, Qt.Key.Key_Up, ["wait", "ok two", "ok one", "ok three"]),
        (2, Qt.Key.Key_Down, ["wait", "ok one", "ok three", "ok two"]),
        (1, Qt.Key.Key_Up, ["wait", "ok one", "ok two", "ok three"]),
        (3, Qt.Key.Key_Down, ["wait", "ok one", "ok two", "ok three"]),
        (0, Qt.Key.Key_Down, ["wait", "ok one", "ok two", "ok three"]),
    ],
)
def test_keys_move_an_entry(busy: Studio, row: int, key: Qt.Key, order: list[str]) -> None:
    shown = chosen(busy, row)
    QTest.keyClick(shown, key, Qt.KeyboardModifier.ControlModifier)
    assert titles(busy) == order


@pytest.mark.parametrize(
    ("row", "onto", "lower", "order"),
    [
        (3, 1, False, ["wait", "ok three", "ok one", "ok two"]),
        (3, 0, False, ["wait", "ok three", "ok one", "ok two"]),
        (1, 2, True, ["wait", "ok two", "ok one", "ok three"]),
        (1, 3, True, ["wait", "ok two", "ok three", "ok one"]),
        (0, 3, True, ["wait", "ok one", "ok two", "ok three"]),
    ],
)
def test_a_drag_moves_an_entry(
    busy: Studio, row: int, onto: int, lower: bool, order: list[str]
) -> None:
    shown = chosen(busy, row)
    target = shown.visualItemRect(shown.item(onto))
    at = QPointF(20, target.bottom() - 4 if lower else target.top() + 4)
    drop = QDropEvent(
        at,
        Qt.DropAction.MoveAction,
        QMimeData(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    shown.dropEvent(drop)
    assert titles(busy) == order


def test_delete_cancels_the_chosen_entry(busy: Studio) -> None:
    QTest.keyClick(chosen(busy, 2), Qt.Key.Key_Delete)
    assert titles(busy) == ["wait", "ok one", "ok three"]


def test_a_click_on_the_cross_cancels(busy: Studio) -> None:
    shown = chosen(busy, 1)
    spot = shown.visualItemRect(shown.item(1)).center()
    spot.setX(shown.viewport().width() - 12)
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert titles(busy) == ["wait", "ok two", "ok three"]


def test_all_runs_are_cancelled_at_once(busy: Studio) -> None:
    command = busy.window.commands["cancel_all"]
    command.trigger()
    assert titles(busy) == []
    assert not command.isEnabled()


def test_a_paused_queue_says_once_that_an_order_waits(busy: Studio) -> None:
    busy.window.commands["hold_queue"].setChecked(True)
    assert entries(busy)[1].says == "paused"
    busy.joins.flows.generate()
    assert "paused" in busy.window.messages.text
    busy.window.messages.choices[0].click()
    assert not busy.joins.queue.line.held
    assert entries(busy)[1].says == "waits"


def test_edit_brings_words_and_settings_back_and_takes_the_entry_out(busy: Studio) -> None:
    gear, bar = busy.joins.bench.gear, busy.window.bar
    gear.steps.set_value(9)
    gear.count.set_value(3)
    bar.prompt.set_text("ok of nine")
    busy.joins.flows.generate()
    gear.steps.set_value(30)
    gear.count.set_value(1)
    bar.prompt.set_text("something else")
    busy.joins.flows.queue_work.edit(5)
    assert (bar.prompt.text(), gear.steps.value_now(), gear.count.value_now()) == (
        "ok of nine",
        9,
        3,
    )
    assert "ok of nine" not in titles(busy)


def test_a_duplicate_makes_other_takes_of_the_same(busy: Studio) -> None:
    number = busy.joins.flows.generation.again(2)
    assert number is not None
    first, again = busy.joins.queue.line.job(2), busy.joins.queue.line.job(number)
    assert first is not None
    assert again is not None
    assert again.request.prompt == first.request.prompt
    assert again.request.seed == first.request.seed + 1
    assert titles(busy)[-1] == "ok one"


def test_the_menu_offers_what_an_entry_allows(busy: Studio) -> None:
    menu = busy.joins.flows.queue_work.menu(2, busy.window)
    able = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    assert able["To the front"]
    assert able["Edit and send anew"]
    running = busy.joins.flows.queue_work.menu(1, busy.window)
    able = {action.text(): action.isEnabled() for action in running.actions() if action.text()}
    assert not able["To the front"]
    assert able["Freeze"]


def test_the_front_is_before_all_that_wait(busy: Studio) -> None:
    menu = busy.joins.flows.queue_work.menu(4, busy.window)
    next(one for one in menu.actions() if one.text() == "To the front").trigger()
    assert titles(busy) == ["wait", "ok three", "ok one", "ok two"]


def test_an_order_that_failed_says_why_until_it_is_dismissed(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    studio = studio_of(SCRIPTED)
    show(studio, photo, qtbot)
    studio.window.bar.prompt.set_text("fail " + "at great length " * 60)
    with qtbot.waitSignal(studio.joins.queue.failed):
        studio.joins.flows.generate()
    (entry,) = entries(studio)
    assert entry.ended
    assert "out of memory" in entry.why
    assert "out of memory" in studio.joins.bench.queue.list.item(0).toolTip()
    QTest.keyClick(chosen(studio, 0), Qt.Key.Key_Delete)
    assert entries(studio) == []


def test_after_a_restart_turns_and_frozen_orders_are_as_they_were(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    for prompt in ("one", "two", "three"):
        first.window.bar.prompt.set_text(prompt)
        first.joins.flows.generate()
    queue = first.joins.queue
    qtbot.waitUntil(lambda: all(job.state == "waiting" for job in queue.line.jobs()))
    queue.line.move(3, 1)
    queue.freeze(2)
    second = restarted(first, studio_of, qtbot)
    assert [(one.title, one.state) for one in entries(second)] == [
        ("three", "waiting"),
        ("one", "waiting"),
        ("two", "frozen"),
    ]
    assert "2 runs" in second.window.messages.text


def test_a_paused_queue_is_still_paused_after_a_restart(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    first.window.commands["hold_queue"].setChecked(True)
    first.joins.flows.generate()
    second = restarted(first, studio_of, qtbot)
    assert second.joins.queue.line.held
    assert second.window.commands["hold_queue"].isChecked()
    assert "paused" in second.window.messages.text
    second.window.messages.choices[0].click()
    assert not second.joins.queue.line.held


def test_a_batch_goes_on_after_a_restart_with_all_that_was_not_made(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    first.window.bar.prompt.set_text("a {red|blue|grey} boat")
    first.joins.flows.generate()
    second = restarted(first, studio_of, qtbot)
    (entry,) = entries(second)
    assert (entry.title, entry.takes) == ("a {red|blue|grey} boat", 3)
    (job,) = second.joins.queue.line.jobs()
    run = second.joins.flows.generation.orders.run(job.id)
    assert run is not None
    prompts = [cell.prompt for cell in run.chain.remains]
    assert prompts == ["a red boat", "a blue boat", "a grey boat"]

"""What the system is told of long work, and what it gets back when there is none."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.ui.notices import LONG
from tests.ui.conftest import SCRIPTED, StudioOf, show


class Clock:
    """Goes on when it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def painter(studio_of: StudioOf, photo: Path, qtbot: QtBot) -> Studio:
    studio = studio_of(SCRIPTED)
    show(studio, photo, qtbot)
    return studio


def told_after(painter: Studio, qtbot: QtBot, prompt: str, seconds: float) -> list[str]:
    """What is told of a run that takes so long."""
    told: list[str] = []
    clock, notices = Clock(), painter.joins.flows.notices
    notices.clock, notices.tell = clock, lambda _, text: told.append(text)
    notices.away = lambda: True
    painter.window.bar.prompt.set_text(prompt)
    painter.joins.flows.generate()
    clock.now = seconds
    qtbot.waitUntil(lambda: not painter.joins.flows.generation.running)
    QCoreApplication.processEvents()
    return told


@pytest.mark.parametrize(
    ("prompt", "seconds", "told"),
    [
        ("ok", LONG + 1, ["A picture is done."]),
        ("ok {red|blue}", LONG + 1, ["2 pictures are done."]),
        ("ok", LONG - 1, []),
        ("fail", LONG + 1, ["The device ran out of memory."]),
    ],
)
def test_only_long_work_is_told(
    painter: Studio, qtbot: QtBot, prompt: str, seconds: float, told: list[str]
) -> None:
    assert told_after(painter, qtbot, prompt, seconds) == told


def test_nothing_is_told_where_it_is_not_wanted(painter: Studio, qtbot: QtBot) -> None:
    painter.window.commands["notify"].setChecked(False)
    assert told_after(painter, qtbot, "ok", LONG + 1) == []
    assert painter.settings.values.notify is False


def test_nothing_is_told_who_looks_at_the_window(painter: Studio, qtbot: QtBot) -> None:
    notices = painter.joins.flows.notices
    told = told_after(painter, qtbot, "ok", LONG - 1)
    notices.away = lambda: False
    notices._since = -100.0
    notices._on_running(False)
    assert told == []


def test_the_title_tells_how_far_the_work_is(painter: Studio, qtbot: QtBot) -> None:
    queue = painter.joins.queue
    with qtbot.waitSignal(queue.stepped, check_params_cb=lambda step: step.step == 2):
        painter.window.bar.prompt.set_text("wait")
        painter.joins.flows.generate()
    assert painter.window.windowTitle() == "50 % · photo — Sfumato"
    painter.joins.flows.generation.stop()
    assert painter.window.windowTitle() == "photo — Sfumato"


def test_an_idle_engine_rests_until_the_next_run(painter: Studio, qtbot: QtBot) -> None:
    idle, queue = painter.joins.flows.idle, painter.joins.queue
    qtbot.waitUntil(lambda: queue.station.state == "ready")
    assert idle.timer.interval() == 20 * 60_000
    with qtbot.waitSignal(
        queue.station.state_changed, check_params_cb=lambda state: state == "resting"
    ):
        idle.timer.timeout.emit()
    assert "resting" in painter.window.engine.text
    with qtbot.waitSignal(queue.finished):
        painter.window.bar.prompt.set_text("ok")
        painter.joins.flows.generate()


def test_memory_is_kept_where_that_is_wanted(painter: Studio, qtbot: QtBot) -> None:
    idle, queue = painter.joins.flows.idle, painter.joins.queue
    qtbot.waitUntil(lambda: queue.station.state == "ready")
    idle.menu.actions()[-1].trigger()
    assert not idle.timer.isActive()
    assert painter.settings.values.rest_minutes == 0

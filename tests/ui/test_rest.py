"""Runs that rest or end early, in the real window with the real worker and the starter model."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.messages import Stepped
from studio.jobs.link import EngineLink
from tests.ui.conftest import finish

# A machine that is busy with other things may take a minute to import torch.
PATIENCE = 120_000
Open = Callable[[], Studio]


@pytest.fixture
def open_studio(
    qapp: QApplication, own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Opens windows of the same user, one after another."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    made: list[Studio] = []

    def make() -> Studio:
        for before in made:
            finish(before)
        made[:] = [Studio(qapp, lambda: EngineLink(log=own_folders / "engine.log"))]
        furnished = QSignalSpy(made[0].furnished)
        made[0].window.show()
        assert furnished.count() or furnished.wait(PATIENCE)
        return made[0]

    yield make
    for studio in made:
        finish(studio)


def run_to(studio: Studio, qtbot: QtBot, step: int, steps: int) -> None:
    """Have a run that came to that step."""
    gear = studio.joins.bench.gear
    gear.steps.set_value(steps)
    studio.window.bar.prompt.set_text("a red house")

    def reached(event: Stepped) -> bool:
        return event.step == step

    queue = studio.joins.queue
    with qtbot.waitSignal(queue.stepped, timeout=PATIENCE, check_params_cb=reached):
        studio.window.commands["generate"].trigger()


def test_a_frozen_run_is_resumed_after_the_window_was_closed(
    open_studio: Open, qtbot: QtBot
) -> None:
    first = open_studio()
    run_to(first, qtbot, 3, 30)
    first.window.commands["freeze"].trigger()
    assert "Frozen after step" in first.window.messages.text
    assert not first.joins.flows.generation.running
    second = open_studio()
    qtbot.waitUntil(lambda: len(second.joins.queue.line.jobs()) == 1, timeout=PATIENCE)
    assert [(job.state, job.step >= 3) for job in second.joins.queue.line.jobs()] == [
        ("frozen", True)
    ]
    takes = second.joins.bench.takes
    second.window.commands["resume"].trigger()
    qtbot.waitUntil(lambda: len(takes.takes()) == 1, timeout=PATIENCE)
    assert not takes.takes()[0].partial
    assert not second.window.commands["resume"].isEnabled()


def test_a_run_that_is_stopped_and_kept_leaves_a_partial_take(
    open_studio: Open, qtbot: QtBot
) -> None:
    studio = open_studio()
    run_to(studio, qtbot, 3, 150)
    takes = studio.joins.bench.takes
    studio.window.bar.keep.click()
    qtbot.waitUntil(lambda: len(takes.takes()) == 1, timeout=PATIENCE)
    assert takes.takes()[0].partial
    qtbot.waitUntil(lambda: not studio.joins.flows.generation.running, timeout=PATIENCE)
    assert studio.window.bar.keep.isHidden()


def test_a_run_that_goes_on_when_the_window_closes_goes_on_in_the_next(
    open_studio: Open, qtbot: QtBot
) -> None:
    run_to(open_studio(), qtbot, 2, 150)
    queue = open_studio().joins.queue
    qtbot.waitUntil(lambda: len(queue.line.jobs()) == 1, timeout=PATIENCE)
    (job,) = queue.line.jobs()
    assert (job.step >= 2, job.total) == (True, 150)
    with qtbot.waitSignal(queue.stepped, timeout=PATIENCE) as further:
        pass
    assert further.args[0].step > job.step
    queue.cancel_all()


def test_the_menu_of_a_job_offers_what_its_state_allows(open_studio: Open, qtbot: QtBot) -> None:
    studio = open_studio()
    run_to(studio, qtbot, 2, 150)
    (job,) = studio.joins.queue.line.jobs()
    rest = studio.joins.flows.rest_work
    enabled = [one.isEnabled() for one in rest.menu(job.id, studio.window).actions()]
    assert enabled == [True, False, True, True]
    studio.joins.queue.freeze(job.id)
    enabled = [one.isEnabled() for one in rest.menu(job.id, studio.window).actions()]
    assert enabled == [False, True, True, True]
    studio.joins.queue.cancel_all()

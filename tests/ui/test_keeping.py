"""What lies beside the picture is there at the next start."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.errors import StudioError
from studio.core.geometry import Rect
from studio.core.piece import Piece
from studio.core.request import Request
from studio.document.files.metadata import Recipe
from studio.jobs.chain import Chain
from studio.ui.takes_strip import Take
from tests.ui.conftest import SCRIPTED, StudioOf, show


def restarted(first: Studio, studio_of: StudioOf, qtbot: QtBot) -> Studio:
    """End in order and start again."""
    first.close()
    second = studio_of()
    with qtbot.waitSignal(second.joins.flows.safe.session.arrived):
        pass
    return second


def a_take(value: int = 90) -> Take:
    """A square of one grey over the middle of the photo."""
    pixels = np.full((32, 40, 4), value, np.uint8)
    return Take(3, 0, (Piece(Rect(20, 10, 40, 32), pixels),), Recipe("a boat", seed=7))


def test_takes_come_back_with_their_recipes(studio_of: StudioOf, photo: Path, qtbot: QtBot) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    strip = first.joins.bench.takes
    beneath = first.joins.flows.generation._beneath(Rect(0, 0, 96, 64))
    strip.set_original(beneath)
    for value in (90, 140):
        strip.add(a_take(value), beneath)
    strip.drop()  # the one chosen, which is the second
    again = restarted(first, studio_of, qtbot).joins.bench.takes
    (take,) = again.takes()
    assert take.recipe == Recipe("a boat", seed=7)
    assert take.area == Rect(20, 10, 40, 32)
    assert (take.pieces[0].pixels == 90).all()
    assert again.current is None


def test_an_order_that_waited_comes_back_and_waits_again(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    first.window.bar.prompt.set_text("a red boat")
    number = first.joins.flows.generation.start()
    assert number is not None
    qtbot.waitUntil(lambda: first.joins.queue.line.jobs()[0].state == "waiting")
    before = first.joins.queue.line.jobs()[0].request
    second = restarted(first, studio_of, qtbot)
    qtbot.waitUntil(lambda: second.joins.queue.line.jobs()[0].state == "waiting")
    (job,) = second.joins.queue.line.jobs()
    assert "goes on" in second.window.messages.text
    assert job.request.prompt == "a red boat"
    assert before.picture is not None
    assert job.request.picture is not None
    assert np.array_equal(job.request.picture, before.picture)


@pytest.mark.parametrize("readable", [True, False])
def test_what_a_batch_sees_is_read_beside_the_window_when_it_comes_back(
    studio_of: StudioOf, photo: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, readable: bool
) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    first.window.bar.prompt.set_text("a {red|blue} boat")
    first.joins.flows.generate()
    qtbot.waitUntil(lambda: first.joins.queue.line.jobs()[0].state == "waiting")
    before = first.joins.queue.line.jobs()[0].request
    threads: list[str] = []

    def read(chain: Chain) -> Request | None:
        threads.append(threading.current_thread().name)
        if not readable:
            raise StudioError("The canvas cannot be read.")
        return request_of(chain)

    request_of = Chain.request
    monkeypatch.setattr(Chain, "request", read)
    second = restarted(first, studio_of, qtbot)
    qtbot.waitUntil(lambda: second.joins.queue.line.jobs()[0].state == "waiting")
    assert threads == ["desk"]
    (job,) = second.joins.queue.line.jobs()
    assert np.array_equal(np.asarray(job.request.picture), np.asarray(before.picture))


def test_the_prompt_goes_with_the_picture(studio_of: StudioOf, photo: Path, qtbot: QtBot) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    QTest.keyClicks(first.window.bar.prompt, "a windmill")
    first.joins.bench.gear.steps.set_value(11)
    first.close()
    first.settings.update(prompt="")
    second = studio_of()
    second.window.bar.prompt.clear()
    with qtbot.waitSignal(second.joins.flows.safe.session.arrived):
        pass
    assert second.window.bar.prompt.text() == "a windmill"
    assert second.joins.bench.gear.steps.value_now() == 11


def test_a_take_that_came_right_before_the_end_is_there_once(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    first = studio_of()
    show(first, photo, qtbot)
    first.window.bar.prompt.set_text("ok")
    first.joins.flows.generate()
    qtbot.waitUntil(lambda: first.joins.queue.line.jobs()[0].state == "waiting")
    request = first.joins.queue.line.jobs()[0].request
    # What the scripted engine makes of it: its take is kept, and the order is not ended yet.
    area = Rect(request.box.x + 1, request.box.y + 2, 6, 4)
    made = Piece(area, np.full((4, 6, 4), 200, np.uint8))
    strip = first.joins.bench.takes
    strip.add(Take(1, 0, (made,), Recipe.of(request)), first.joins.flows.generation._beneath(area))
    first.close()
    second = studio_of(SCRIPTED)
    with qtbot.waitSignal(second.joins.queue.finished):
        pass
    assert len(second.joins.bench.takes.takes()) == 1


def test_takes_that_were_made_are_not_made_again_after_a_restart(
    studio_of: StudioOf, photo: Path, qtbot: QtBot
) -> None:
    first = studio_of(SCRIPTED)
    show(first, photo, qtbot)
    first.joins.bench.gear.count.set_value(2)
    first.window.bar.prompt.set_text("take")
    with qtbot.waitSignal(first.joins.queue.candidate):
        first.joins.flows.generate()
    first.joins.bench.takes.clear()
    first.close()
    second = studio_of()
    with qtbot.waitSignal(second.joins.flows.safe.session.arrived):
        pass
    (job,) = second.joins.queue.line.jobs()
    assert job.made == {0}

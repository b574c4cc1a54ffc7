import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from pytestqt.qtbot import QtBot

from studio.core.machine import parsed
from studio.core.messages import Finished, Ready, Start
from studio.core.request import Request
from studio.jobs.environment import engine_environment
from studio.jobs.launch import worker_command
from studio.jobs.link import EngineLink

LinkOf = Callable[..., EngineLink]
OrderOf = Callable[..., Request]


def is_ready(event: object) -> bool:
    return isinstance(event, Ready)


def anything(*_: object) -> bool:
    return True


def is_finished(event: object) -> bool:
    return isinstance(event, Finished)


@pytest.fixture
def ready(link_of: LinkOf, qtbot: QtBot) -> LinkOf:
    def make(how: str = "") -> EngineLink:
        link = link_of(how)
        with qtbot.waitSignal(link.received, check_params_cb=is_ready):
            link.start()
        return link

    return make


def test_a_worker_that_was_started_is_ready(ready: LinkOf) -> None:
    assert ready().isRunning()


def test_a_large_picture_goes_through_whole(ready: LinkOf, order_of: OrderOf, qtbot: QtBot) -> None:
    link = ready()
    picture = np.zeros((2048, 2048, 4), np.uint8)
    with qtbot.waitSignal(link.received, check_params_cb=is_finished):
        link.send(Start(1, order_of("ok", picture=picture)))


@pytest.mark.parametrize("how", ["exit", "kill", "garbage", "half", "huge", "command", "flood"])
@pytest.mark.parametrize("when", ["unbegun", "midway", "after"])
def test_after_every_death_the_next_worker_serves(
    ready: LinkOf, order_of: OrderOf, qtbot: QtBot, how: str, when: str
) -> None:
    link = ready()
    with qtbot.waitSignals(
        [link.lost, link.received],
        check_params_cbs=[anything, is_ready],
        order="simple",
        timeout=10_000,
    ):
        link.send(Start(1, order_of(f"{how} {when}")))
    with qtbot.waitSignal(link.received, check_params_cb=is_finished):
        link.send(Start(2, order_of("ok")))


def test_lost_tells_exit_code_and_last_words(link_of: LinkOf, qtbot: QtBot) -> None:
    link = link_of("dies")
    with qtbot.waitSignal(link.lost) as lost:
        link.start()
    assert lost.args == [1, "no such device"]


@pytest.mark.parametrize("how", ["dies", "old"])
def test_a_worker_that_cannot_start_is_tried_three_times(
    link_of: LinkOf, qtbot: QtBot, how: str
) -> None:
    link = link_of(how)
    lost: list[int] = []
    link.lost.connect(lambda code, _: lost.append(code))
    with qtbot.waitSignal(link.gave_up, timeout=10_000):
        link.start()
    assert len(lost) == 3


def test_a_worker_that_does_not_exist_is_given_up(tmp_path: Path, qtbot: QtBot) -> None:
    link = EngineLink([str(tmp_path / "nowhere")], tmp_path / "log")
    with qtbot.waitSignal(link.gave_up):
        link.start()
    link.stop()


def test_restart_tries_again_after_giving_up(link_of: LinkOf, qtbot: QtBot) -> None:
    link = link_of("dies")
    with qtbot.waitSignal(link.gave_up, timeout=10_000):
        link.start()
    with qtbot.waitSignal(link.lost):
        link.restart()


def test_restart_replaces_a_worker_that_works(ready: LinkOf, qtbot: QtBot) -> None:
    link = ready()
    with qtbot.waitSignals(
        [link.lost, link.received], check_params_cbs=[anything, is_ready], order="simple"
    ):
        link.restart()


@pytest.mark.parametrize("how", ["", "hangs"])
def test_stop_ends_a_worker_whether_it_listens_or_not(ready: LinkOf, how: str) -> None:
    link = ready(how)
    link.stop()
    assert link.isFinished()


def test_stop_before_start_does_nothing(link_of: LinkOf) -> None:
    link = link_of()
    link.stop()
    assert not link.isRunning()


def test_a_command_to_a_worker_that_is_gone_is_dropped(
    ready: LinkOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    link = ready()
    finished: list[int] = []
    link.received.connect(lambda one: finished.append(one.job) if is_finished(one) else None)
    link.lost.connect(lambda *_: link.send(Start(1, order_of("ok"))))
    with qtbot.waitSignals(
        [link.lost, link.received], check_params_cbs=[anything, is_ready], order="simple"
    ):
        link.restart()
    with qtbot.waitSignal(link.received, check_params_cb=is_finished):
        link.send(Start(2, order_of("ok")))
    assert finished == [2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts handles")
def test_restarts_leave_neither_descriptors_nor_threads(ready: LinkOf, qtbot: QtBot) -> None:
    link, process = ready(), psutil.Process()

    def restarted() -> tuple[int, int]:
        with qtbot.waitSignals(
            [link.lost, link.received], check_params_cbs=[anything, is_ready], order="simple"
        ):
            link.restart()
        return process.num_fds(), process.num_threads()

    before = restarted()
    assert [restarted() for _ in range(4)] == [before] * 4


def test_a_flood_of_words_is_bounded_on_disk(
    ready: LinkOf, order_of: OrderOf, qtbot: QtBot, tmp_path: Path
) -> None:
    link = ready()
    with qtbot.waitSignal(link.lost, timeout=10_000):
        link.send(Start(1, order_of("flood midway")))
    assert (tmp_path / "engine.log").stat().st_size <= 1 << 20


def test_the_worker_gets_an_allow_listed_environment(
    link_of: LinkOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    link = link_of("environment")
    with qtbot.waitSignal(link.lost) as lost:
        link.start()
    assert "OMP_NUM_THREADS=3" in lost.args[1]
    assert "TORCH_" not in lost.args[1]


def test_the_network_is_off_and_our_package_importable(tmp_path: Path) -> None:
    made = engine_environment({"PATH": "/bin", "PYTHONPATH": "/own", "SECRET": "x"}, tmp_path)
    assert made["HF_HUB_OFFLINE"] == "1"
    assert made["PYTHONPATH"] == os.pathsep.join((str(tmp_path), "/own"))
    assert "SECRET" not in made


def test_the_real_worker_is_started_by_this_interpreter() -> None:
    assert worker_command()[0] == sys.executable


def test_a_spare_worker_takes_over_at_once(
    link_of: LinkOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    link = link_of(spare=lambda: True)
    with qtbot.waitSignal(link.received, check_params_cb=is_ready):
        link.start()
    with qtbot.waitSignal(link.received, check_params_cb=is_finished):
        link.send(Start(1, order_of("ok")))
    own = psutil.Process()
    qtbot.waitUntil(lambda: len(own.children()) == 2)
    spare = max(own.children(), key=lambda one: one.create_time()).pid
    with qtbot.waitSignals(
        [link.lost, link.received], check_params_cbs=[anything, is_ready], order="simple"
    ):
        link.restart()
    assert [one.pid for one in own.children()] == [spare]


def test_a_spare_worker_ends_with_the_link(
    link_of: LinkOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    link = link_of(spare=lambda: True)
    with qtbot.waitSignal(link.received, check_params_cb=is_ready):
        link.start()
    with qtbot.waitSignal(link.received, check_params_cb=is_finished):
        link.send(Start(1, order_of("ok")))
    qtbot.waitUntil(lambda: len(psutil.Process().children()) == 2)
    link.stop()
    assert psutil.Process().children() == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MemTotal: 16 kB\nMemFree: 1 kB\nMemAvailable: 8 kB\nHugePages: 0", (16384, 8192)),
        ("MemTotal: 16 kB", None),
        ("", None),
    ],
)
def test_memory_is_read_as_linux_tells_it(text: str, expected: tuple[int, int] | None) -> None:
    assert parsed(text) == expected

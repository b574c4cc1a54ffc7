import logging
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import qInfo
from pytestqt.qtbot import QtBot

from studio.core.errors import FileError, StudioError
from studio.ui.desk import Desk
from studio.ui.faults import Faults


@pytest.fixture
def faults(tmp_path: Path, qapp: object) -> Iterator[Faults]:
    """Installed for the test only."""
    faults = Faults(tmp_path)
    yield faults
    faults.uninstall()


@pytest.fixture
def desk(qapp: object) -> Iterator[Desk]:
    """A desk that is closed at the end."""
    desk = Desk()
    yield desk
    desk.close()


def logged(folder: Path) -> str:
    """What the log file holds."""
    for handler in logging.getLogger().handlers:
        handler.flush()
    return (folder / "window.log").read_text("utf-8")


def test_an_exception_goes_to_the_log_and_to_the_window(
    faults: Faults, tmp_path: Path, qtbot: QtBot
) -> None:
    error = ValueError("a strange value")
    with qtbot.waitSignal(faults.caught) as caught:
        sys.excepthook(ValueError, error, None)
    assert "a strange value" in caught.args[0]
    assert "a strange value" in logged(tmp_path)


def test_an_exception_of_a_thread_is_not_lost(faults: Faults, tmp_path: Path, qtbot: QtBot) -> None:
    thread = threading.Thread(target=lambda: [][1])
    with qtbot.waitSignal(faults.caught):
        thread.start()
    thread.join()
    assert "IndexError" in logged(tmp_path)


def test_what_qt_says_goes_to_the_log(faults: Faults, tmp_path: Path) -> None:
    qInfo("a word from Qt")
    assert "a word from Qt" in logged(tmp_path)


def test_everything_is_given_back(tmp_path: Path, qapp: object) -> None:
    before = (sys.excepthook, threading.excepthook, len(logging.getLogger().handlers))
    Faults(tmp_path).uninstall()
    after = (sys.excepthook, threading.excepthook, len(logging.getLogger().handlers))
    assert after == before


def test_a_log_folder_that_cannot_be_used_is_no_reason_to_stop(
    tmp_path: Path, qapp: object
) -> None:
    (tmp_path / "file").write_text("in the way")
    Faults(tmp_path / "file").uninstall()


def test_an_errand_is_done_elsewhere_and_answered_here(desk: Desk, qtbot: QtBot) -> None:
    seen: list[object] = []
    desk.run(threading.get_ident, seen.append, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0] != threading.get_ident()


@pytest.mark.parametrize(
    "error", [FileError("No.", "Try."), OSError(28, "No space"), MemoryError()]
)
def test_an_errand_that_fails_is_answered_with_a_sentence(
    desk: Desk, qtbot: QtBot, error: Exception
) -> None:
    done: list[object] = []
    refused: list[StudioError] = []

    def fail() -> None:
        raise error

    desk.run(fail, done.append, refused.append)
    qtbot.waitUntil(lambda: bool(refused))
    assert refused[0].message
    assert not done


def test_errands_are_done_in_order_and_the_desk_says_when_it_is_busy(
    desk: Desk, qtbot: QtBot
) -> None:
    seen: list[int] = []
    busy: list[bool] = []
    desk.busy.connect(busy.append)
    for number in range(5):
        desk.run(partial(abs, number), seen.append, print)
    qtbot.waitUntil(lambda: len(seen) == 5)
    assert seen == list(range(5))
    assert busy == [True, False]

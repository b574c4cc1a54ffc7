"""Widgets in cycles are destroyed by the thread that made them."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from studio.ui.collector import Collector


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    gc.collect()
    made = Collector()
    yield made
    made.end()


class Cyclic(QObject):
    """Garbage as soon as nobody names it; notes which thread collected it."""

    def __init__(self, collected: list[str]) -> None:
        super().__init__()
        self.itself, self.collected = self, collected

    def __del__(self) -> None:
        self.collected.append(threading.current_thread().name)


def allocate() -> list[list[int]]:
    return [[number] for number in range(100_000)]


def test_no_other_thread_collects(collector: Collector) -> None:
    collected: list[str] = []
    Cyclic(collected)
    other = threading.Thread(target=allocate, name="other")
    other.start()
    other.join()
    assert collected == []


def test_garbage_is_collected_in_time(collector: Collector, qtbot: QtBot) -> None:
    collected: list[str] = []
    Cyclic(collected)
    kept = allocate()
    qtbot.waitUntil(lambda: bool(collected))
    assert collected == [threading.current_thread().name]
    assert kept


def test_python_collects_by_itself_afterwards(collector: Collector) -> None:
    assert not gc.isenabled()
    collector.end()
    assert gc.isenabled()

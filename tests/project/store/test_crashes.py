"""Kills and power cuts at every operation, and every operation failing: no stroke is lost.

The long campaign is tests/campaigns/crashes.py.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.project.store import crashes
from tests.project.store.crashes import SCENARIOS, Story


@pytest.fixture(scope="module", params=sorted(SCENARIOS))
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SFUMATO_HOME", str(tmp_path_factory.mktemp("home")))
        return crashes.told(SCENARIOS[request.param], tmp_path_factory.mktemp("story"))


def test_a_kill_at_any_operation_loses_nothing_that_was_safe(story: Story, tmp_path: Path) -> None:
    step = max(1, len(story.ops) // 60)
    for end in range(story.begins, len(story.ops) + 1, step):
        crashes.survived(story, end, None, tmp_path / "after")


def test_a_power_cut_loses_nothing_that_was_safe(story: Story, tmp_path: Path) -> None:
    luck = random.Random(11)
    for _ in range(60):
        end = luck.randint(story.begins, len(story.ops))
        crashes.survived(story, end, luck, tmp_path / "after")


@pytest.mark.parametrize("how", ["eio", "full", "full for good", "short"])
def test_every_operation_may_fail(tmp_path: Path, how: str) -> None:
    count = crashes.operations(tmp_path / "count")
    for number in range(1, count + 1, max(1, count // 25)):
        crashes.failed(number, how, tmp_path / f"{number}")


@pytest.mark.parametrize("count", range(1, 30))
def test_an_undo_whose_end_was_not_confirmed_is_not_done_twice(path: Path, count: int) -> None:
    assert crashes.undone(path, count) == 2

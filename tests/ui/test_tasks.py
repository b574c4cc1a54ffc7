from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect
from studio.core.request import Request
from studio.jobs.tasks import TASKS
from studio.ui.task_words import KEYS, words
from tests.ui.conftest import photo_at, show, stroke

ALT = Qt.KeyboardModifier.AltModifier


def ordered(studio: Studio) -> Request:
    """What was ordered last."""
    return studio.joins.queue.line.jobs()[-1].request


def choose(studio: Studio, key: str) -> None:
    """Choose a task in the selector."""
    studio.joins.flows.task_work.choose(key)


def test_the_words_are_those_of_the_tasks() -> None:
    assert tuple(one.key for one in TASKS) == KEYS
    assert len({words(key).keys for key in KEYS}) == len(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_shortcut_runs_its_task_at_once(with_photo: Studio, key: str, qtbot: QtBot) -> None:
    stroke(with_photo, (40, 30), (50, 34))
    canvas = with_photo.joins.bench.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key(ord(words(key).keys[-1])), ALT)
    assert len(with_photo.joins.queue.line.jobs()) == 1
    assert with_photo.joins.flows.task_work.task.key == "fill"


@pytest.mark.parametrize("key", KEYS)
def test_choosing_a_task_turns_button_prompt_and_selector_to_it(
    with_photo: Studio, key: str
) -> None:
    bar = with_photo.window.bar
    choose(with_photo, key)
    assert bar.generate.text() == words(key).verb
    assert bar.prompt.placeholderText() == words(key).hint
    assert words(key).sentence in bar.generate.toolTip()
    assert bar.task.text().strip() == words(key).title


def test_removing_without_a_mask_says_what_is_missing(with_photo: Studio) -> None:
    choose(with_photo, "remove")
    with_photo.joins.flows.generate()
    assert with_photo.window.messages.text.startswith("Nothing says what shall go.")
    assert not with_photo.joins.queue.line.jobs()


def test_the_background_keeps_what_is_masked(with_photo: Studio, qtbot: QtBot) -> None:
    stroke(with_photo, (40, 30), (50, 34))
    choose(with_photo, "background")
    with_photo.joins.flows.generate()
    qtbot.waitUntil(lambda: ordered(with_photo).mask is not None)
    mask = ordered(with_photo).mask
    assert mask is not None
    assert (mask[32, 45], mask[2, 2]) == (0, 255)


def test_choosing_to_expand_puts_the_frame_beyond_the_picture_with_handles(
    with_photo: Studio,
) -> None:
    document, canvas = with_photo.joins.document, with_photo.joins.bench.canvas
    choose(with_photo, "expand")
    assert document.frame == Rect(-24, -16, 144, 96)
    assert canvas.tool.name == "frame"
    choose(with_photo, "fill")
    assert canvas.tool.name == "brush"
    with_photo.window.commands["undo"].trigger()
    assert document.frame == document.bounds


def test_side_buttons_grow_the_frame_where_they_say(with_photo: Studio) -> None:
    choose(with_photo, "expand")
    options, document = with_photo.window.bar.options, with_photo.joins.document
    options.side_pressed.emit("left")
    options.side_pressed.emit("left")
    options.side_pressed.emit("top")
    assert document.frame == Rect(-48, -16, 144, 80)


def test_a_shortcut_expands_to_one_side_and_runs(with_photo: Studio) -> None:
    with_photo.window.commands["expand_right"].trigger()
    assert with_photo.joins.document.frame == Rect(0, 0, 120, 64)
    assert ordered(with_photo).box == Rect(0, 0, 120, 64)


def test_a_strength_that_is_offered_is_taken(with_photo: Studio) -> None:
    choose(with_photo, "refine")
    options = with_photo.window.bar.options
    assert options.isVisible()
    options._choose(0.6)
    with_photo.joins.flows.generate()
    assert (ordered(with_photo).strength, ordered(with_photo).fill) == (0.6, "keep")


def test_variations_are_four_takes(with_photo: Studio) -> None:
    with_photo.window.commands["task_vary"].trigger()
    assert ordered(with_photo).count == 4


def test_quick_erase_is_one_step_and_keeps_what_is_not_masked(
    with_photo: Studio, qtbot: QtBot
) -> None:
    document = with_photo.joins.document
    stroke(with_photo, (40, 30), (50, 34))
    before, mask = document.composite(document.bounds), document.masks.effective(document.bounds)
    steps = document.history.count()
    with_photo.window.commands["erase"].trigger()
    qtbot.waitUntil(lambda: document.history.count() == steps + 1)
    after = document.composite(document.bounds)
    assert np.array_equal(after[mask == 0], before[mask == 0])
    assert not np.array_equal(after[mask == 255], before[mask == 255])
    assert document.history.undoText() == "Quick erase"


def test_quick_erase_without_a_mask_says_what_is_missing(with_photo: Studio, qtbot: QtBot) -> None:
    with_photo.window.commands["erase"].trigger()
    qtbot.waitUntil(lambda: "what shall go" in with_photo.window.messages.text)


@pytest.mark.parametrize(("choice", "jobs"), [(0, 0), (1, 1)])
def test_hidden_masks_are_shown_or_passed_over_by_one_click(
    with_photo: Studio, choice: int, jobs: int, qtbot: QtBot
) -> None:
    stroke(with_photo, (40, 30), (50, 34))
    document = with_photo.joins.document
    document.masks.set_properties(visible=False)
    with_photo.joins.flows.generate()
    assert with_photo.window.messages.text.startswith("Every mask is hidden")
    with_photo.window.messages.choices[choice].click()
    queue = with_photo.joins.queue
    qtbot.waitUntil(lambda: [job.state for job in queue.line.jobs()] == ["waiting"] * jobs)
    assert document.masks.active.visible is (choice == 0)
    assert not jobs or ordered(with_photo).mask is None


def test_the_line_below_speaks_of_the_chosen_task(with_photo: Studio, qtbot: QtBot) -> None:
    status = with_photo.window.status
    choose(with_photo, "remove")
    assert status.mode.startswith("Nothing says what shall go.")
    choose(with_photo, "expand")
    assert status.mode.startswith("Outpaint to 144 × 96 px")


def test_a_gentle_change_of_all_is_told_as_one(
    studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    show(studio, photo_at(tmp_path / "large.png", 600, 400), qtbot)
    choose(studio, "refine")
    assert studio.window.status.mode.startswith("The whole picture will change")
    assert " runs · " in studio.window.status.mode

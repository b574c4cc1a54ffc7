"""Batches in the real window, with a worker that does as the prompt says."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.request import MAX_SEED
from studio.jobs.batches import Batch, axis, batch
from studio.jobs.order import Settings
from studio.jobs.tasks import task
from studio.ui.dialogs.batch import BatchDialog
from tests.ui.conftest import SCRIPTED, StudioOf, show

Asked = Callable[[str], None]


@pytest.fixture
def painter(studio_of: StudioOf, photo: Path, qtbot: QtBot) -> Studio:
    studio = studio_of(SCRIPTED)
    show(studio, photo, qtbot)
    return studio


def generate(studio: Studio, prompt: str) -> None:
    studio.window.bar.prompt.set_text(prompt)
    studio.joins.flows.generate()


def sheet_offered(studio: Studio) -> bool:
    return "pictures are made" in studio.window.messages.text


def test_choices_in_the_prompt_make_a_picture_each(painter: Studio, qtbot: QtBot) -> None:
    generate(painter, "ok {red|blue} {house|boat}")
    assert "makes 4 pictures" in painter.window.messages.text
    (entry,) = painter.joins.bench.queue.entries.now()
    assert (entry.title, entry.takes) == ("ok {red|blue} {house|boat}", 4)
    qtbot.waitUntil(lambda: len(painter.joins.bench.takes.takes()) == 4)
    made = {take.recipe.prompt for take in painter.joins.bench.takes.takes()}
    assert made == {"ok red house", "ok red boat", "ok blue house", "ok blue boat"}


def test_takes_and_choices_multiply(painter: Studio, qtbot: QtBot) -> None:
    painter.joins.bench.gear.count.set_value(3)
    generate(painter, "ok {red|blue}")
    assert "makes 6 pictures" in painter.window.messages.text
    qtbot.waitUntil(lambda: len(painter.joins.bench.takes.takes()) == 6)
    assert len({take.recipe.seed for take in painter.joins.bench.takes.takes()}) == 3


def test_many_pictures_are_asked_about_first(painter: Studio) -> None:
    generate(painter, "wait {1|2|3|4|5} {a|b|c|d}")
    assert "20 pictures" in painter.window.messages.text
    assert painter.joins.queue.line.jobs() == ()
    painter.window.messages.choices[0].click()
    (entry,) = painter.joins.bench.queue.entries.now()
    assert entry.takes == 20


def test_too_many_choices_are_refused(painter: Studio) -> None:
    generate(painter, "{1|2|3|4|5|6|7|8}" * 3)
    assert "512" in painter.window.messages.text
    assert painter.joins.queue.line.jobs() == ()


def test_the_contact_sheet_becomes_the_picture(painter: Studio, qtbot: QtBot) -> None:
    generate(painter, "ok {red|blue}")
    qtbot.waitUntil(lambda: sheet_offered(painter))
    document = painter.joins.document
    before = document.bounds
    with qtbot.waitSignal(document.begun):
        painter.window.messages.choices[0].click()
    assert document.bounds.width > 2 * before.width
    assert document.name == "contact sheet"


def test_a_batch_that_a_restart_cut_ends_in_its_whole_contact_sheet(
    painter: Studio, studio_of: StudioOf, qtbot: QtBot
) -> None:
    queue = painter.joins.queue
    generate(painter, "{ok|wait} {red|blue}")
    qtbot.waitUntil(lambda: len(painter.joins.bench.takes.takes()) == 2)
    qtbot.waitUntil(lambda: queue.line.jobs()[-1].step == 2)
    queue.line.hold(True)
    painter.close()
    second = studio_of(SCRIPTED)
    qtbot.waitUntil(lambda: len(second.joins.flows.batch_work._going) == 1)
    (going,) = second.joins.flows.batch_work._going.values()
    assert sorted(going.made) == [(0, 0), (1, 0)]
    assert len(going.grid.places) == 4


def test_a_batch_that_two_restarts_cut_ends_in_its_whole_contact_sheet(
    painter: Studio, studio_of: StudioOf, qtbot: QtBot
) -> None:
    def cut(studio: Studio, takes: int) -> None:
        qtbot.waitUntil(lambda: len(studio.joins.bench.takes.takes()) == takes)
        line = studio.joins.queue.line
        qtbot.waitUntil(lambda: any(job.step == 2 for job in line.jobs() if not job.ended))
        studio.close()

    generate(painter, "{ok|wait|stuck|ok again}")
    cut(painter, 1)
    second = studio_of([*SCRIPTED, "brisk"])
    cut(second, 2)
    third = studio_of(SCRIPTED)
    qtbot.waitUntil(lambda: len(third.joins.flows.batch_work._going) == 1)
    (going,) = third.joins.flows.batch_work._going.values()
    assert list(going.made) == list(going.grid.places[:2])
    assert [take.index for take in third.joins.bench.takes.takes()] == [0, 1]


def test_orders_after_a_restart_take_no_number_of_a_take_that_is_there(
    painter: Studio, studio_of: StudioOf, qtbot: QtBot
) -> None:
    generate(painter, "ok")
    qtbot.waitUntil(lambda: len(painter.joins.bench.takes.takes()) == 1)
    painter.close()
    second = studio_of(SCRIPTED)
    qtbot.waitUntil(lambda: len(second.joins.bench.takes.takes()) == 1)
    generate(second, "ok")
    qtbot.waitUntil(lambda: len(second.joins.bench.takes.takes()) == 2)
    assert len({take.job for take in second.joins.bench.takes.takes()}) == 2


def test_the_contact_sheet_is_exported(painter: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    generate(painter, "ok {red|blue}")
    work = painter.joins.flows.batch_work
    going = next(iter(work._going.values()))
    qtbot.waitUntil(lambda: sheet_offered(painter))
    work.export_sheet(going, tmp_path / "sheet.png")
    qtbot.waitUntil(lambda: "Exported" in painter.window.messages.text)
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_fails_leaves_the_others(painter: Studio, qtbot: QtBot) -> None:
    generate(painter, "{ok|fail|ok again}")
    qtbot.waitUntil(lambda: sheet_offered(painter))
    assert "2 of 3" in painter.window.messages.text


def test_stop_ends_the_whole_batch(painter: Studio, qtbot: QtBot) -> None:
    queue = painter.joins.queue
    with qtbot.waitSignal(queue.stepped, check_params_cb=lambda step: step.step == 2):
        generate(painter, "{wait|ok}")
    painter.joins.flows.generation.stop()
    assert painter.joins.bench.queue.entries.now() == ()


@pytest.fixture
def form(painter: Studio) -> BatchDialog:
    settings = painter.joins.flows._order()
    assert isinstance(settings, Settings)
    return BatchDialog(painter.window, settings)


def test_the_form_offers_seeds_that_there_are(painter: Studio) -> None:
    settings = painter.joins.flows._order()
    assert isinstance(settings, Settings)
    form = BatchDialog(painter.window, replace(settings, seed=MAX_SEED))
    assert form.across_values.text() == f"{MAX_SEED - 3}-{MAX_SEED}"
    assert form.done_button.isEnabled()


@pytest.mark.parametrize(
    ("across", "values", "down", "more", "says", "count"),
    [
        ("seed", "1-4", "", "", "4 across; they", 4),
        ("steps", "10,20", "guidance", "3, 5, 7", "2 across and 3 down", 6),
        ("strength", "30 %, 50 %", "", "", "2 across", 2),
        ("steps", "", "", "", "no values of steps", 0),
        ("steps", "ten", "", "", "'ten' is no value", 0),
        ("steps", "10", "steps", "20", "Both axes", 0),
        ("seed", "1-200", "steps", "1-20", "4,000 pictures", 0),
        ("sampler", "euler, nonsense", "", "", "called 'nonsense'", 0),
        ("", "", "", "", "choose what shall vary", 1),
    ],
)
def test_the_form_says_at_once_what_comes_of_it(
    form: BatchDialog, across: str, values: str, down: str, more: str, says: str, count: int
) -> None:
    form.across.setCurrentIndex(form.across.findData(across))
    form.down.setCurrentIndex(form.down.findData(down))
    form.across_values.setText(values)
    form.down_values.setText(more)
    assert says in form.says.text()
    assert form.done_button.isEnabled() == (count > 0)
    assert (str(count) in form.done_button.text()) == (count > 0)
    form.reject()


def test_strengths_are_typed_in_per_cent(form: BatchDialog) -> None:
    chosen: list[Batch] = []
    form.chosen.connect(chosen.append)
    form.across.setCurrentIndex(form.across.findData("strength"))
    form.across_values.setText("30 %, 50, 0.7")
    form.accept()
    assert [cell.settings.strength for cell in chosen[0].cells] == [0.3, 0.5, 0.7]


def test_a_steps_axis_is_true_to_its_labels_whatever_the_task(
    painter: Studio, qtbot: QtBot
) -> None:
    settings = painter.joins.flows._order()
    assert isinstance(settings, Settings)
    made = batch(replace(settings, prompt="ok"), axis("steps", "3,6"))
    painter.joins.flows.batch_work.start(made, task("refine"), 0.4)
    qtbot.waitUntil(lambda: len(painter.joins.bench.takes.takes()) == 2)
    assert [take.recipe.steps for take in painter.joins.bench.takes.takes()] == [3, 6]

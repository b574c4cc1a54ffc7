import threading
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect
from studio.core.messages import Loaded
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.edits import MaskWrite
from studio.document.moment import Moment
from studio.jobs.tasks import task
from tests.ui.conftest import SCRIPTED, StudioOf, photo_at, show

PARTS = (Rect(40, 40, 30, 30), Rect(900, 40, 30, 30))


@pytest.fixture
def apart(studio_of: StudioOf, tmp_path: Path, qtbot: QtBot) -> Studio:
    """A studio with a scripted engine, and a wide picture with two parts masked."""
    studio = studio_of(SCRIPTED)
    show(studio, photo_at(tmp_path / "wide.png", 1000, 120), qtbot)
    document = studio.joins.document
    for part in PARTS:
        mask = document.masks.effective(part)
        mask[...] = 255
        document.history.push(MaskWrite(document, part, mask))
    return studio


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of every reading of a canvas whether the window's thread did it."""
    made: list[bool] = []
    plain = Moment.composite

    def spied(moment: Moment, rect: Rect) -> Pixels:
        made.append(threading.current_thread() is threading.main_thread())
        return plain(moment, rect)

    monkeypatch.setattr(Moment, "composite", spied)
    return made


def states(studio: Studio) -> list[str]:
    return [job.state for job in studio.joins.queue.line.jobs()]


def run(studio: Studio, prompt: str) -> None:
    """Type and generate."""
    studio.window.bar.prompt.set_text(prompt)
    studio.joins.flows.generate()


def test_parts_far_apart_become_one_take_of_two_pieces(apart: Studio, qtbot: QtBot) -> None:
    takes = apart.joins.bench.takes
    run(apart, "one")
    qtbot.waitUntil(lambda: bool(takes.takes()))
    assert len(apart.joins.queue.line.jobs()) == 2
    assert len(takes.takes()[0].pieces) == 2
    assert not apart.joins.flows.generation.running


def test_keeping_it_is_one_layer_and_one_step(apart: Studio, qtbot: QtBot) -> None:
    document, takes = apart.joins.document, apart.joins.bench.takes
    run(apart, "one")
    qtbot.waitUntil(lambda: bool(takes.takes()))
    steps, layers = document.history.count(), len(document.layers)
    takes.keep()
    assert (document.history.count(), len(document.layers)) == (steps + 1, layers + 1)


def test_the_run_is_followed_over_all_its_parts(apart: Studio, qtbot: QtBot) -> None:
    generation, shares = apart.joins.flows.generation, list[float]()
    places = set[tuple[int, int]]()

    def note(share: float, job: int) -> None:
        shares.append(share)
        place = generation.place(job, 0)
        places.add((place.part, place.parts))

    generation.progressed.connect(note)
    run(apart, "one")
    qtbot.waitUntil(lambda: bool(apart.joins.bench.takes.takes()))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.125, 1.0)
    assert places == {(1, 2), (2, 2)}


def test_stop_ends_the_whole_chain(apart: Studio, qtbot: QtBot) -> None:
    queue, generation = apart.joins.queue, apart.joins.flows.generation
    run(apart, "wait for it")
    qtbot.waitUntil(lambda: bool(queue.line.jobs()) and queue.line.jobs()[0].step == 2)
    with qtbot.waitSignal(queue.cancelled):
        generation.stop()
    assert not generation.running
    assert len(queue.line.jobs()) == 1
    assert not apart.joins.bench.takes.takes()


def test_what_is_painted_meanwhile_is_not_part_of_the_run(apart: Studio, qtbot: QtBot) -> None:
    document, queue = apart.joins.document, apart.joins.queue
    orders = apart.joins.flows.generation.orders
    run(apart, "one")
    request = orders.run(queue.line.jobs()[0].id)
    assert request is not None
    chain = request.chain
    nothing = document.masks.effective(document.bounds)
    nothing[...] = 0
    document.history.push(MaskWrite(document, document.bounds, nothing))
    qtbot.waitUntil(lambda: bool(apart.joins.bench.takes.takes()))
    assert len(queue.line.jobs()) == len(chain.stages) == 2


def test_the_boxes_of_all_parts_are_seen_before_the_run(apart: Studio, qtbot: QtBot) -> None:
    shown = apart.joins.bench.canvas.scene.shown
    qtbot.waitUntil(lambda: len(shown.boxes) == 2)
    assert all(box.contains(part) for box, part in zip(shown.boxes, PARTS, strict=True))
    assert shown.held.empty
    assert " · in 2 runs" in apart.window.status.mode


def test_the_box_of_a_single_part_can_be_dragged(apart: Studio, qtbot: QtBot) -> None:
    document, shown = apart.joins.document, apart.joins.bench.canvas.scene.shown
    nothing = document.masks.effective(PARTS[1])
    nothing[...] = 0
    document.history.push(MaskWrite(document, PARTS[1], nothing))
    qtbot.waitUntil(lambda: not shown.held.empty)
    assert shown.boxes == (shown.held,)


def test_pressing_generate_reads_no_pixel(
    with_photo: Studio, reads: list[bool], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    looked = list[Rect]()
    plain = Document.composite

    def spied(document: Document, rect: Rect) -> Pixels:
        looked.append(rect)
        return plain(document, rect)

    monkeypatch.setattr(Document, "composite", spied)
    with_photo.joins.flows.generate()
    assert not looked
    assert not any(reads)
    qtbot.waitUntil(lambda: states(with_photo) == ["waiting"])


def test_the_window_reads_no_picture_for_a_run(
    with_photo: Studio, reads: list[bool], qtbot: QtBot
) -> None:
    with_photo.joins.flows.generate()
    assert states(with_photo) == ["planned"]
    qtbot.waitUntil(lambda: states(with_photo) == ["waiting"])
    assert reads
    assert not any(reads)


def test_a_later_part_is_read_beside_the_window_too(
    apart: Studio, reads: list[bool], qtbot: QtBot
) -> None:
    apart.joins.flows.generate()
    qtbot.waitUntil(lambda: bool(apart.joins.bench.takes.takes()))
    assert len(states(apart)) == 2
    assert not any(reads)


def test_what_is_begun_is_finished_before_the_next_order(apart: Studio, qtbot: QtBot) -> None:
    begun = list[str]()
    queue = apart.joins.queue
    orders = apart.joins.flows.generation.orders

    def note(event: Loaded) -> None:
        made = orders.run(event.job)
        begun.append("" if made is None else made.request.prompt)

    queue.loaded.connect(note)
    for prompt in ("first", "second"):
        run(apart, prompt)
    qtbot.waitUntil(lambda: len(apart.joins.bench.takes.takes()) == 2)
    assert [one for one in begun if one] == ["first", "first", "second", "second"]


def test_an_order_that_is_stopped_while_it_is_read_is_never_run(
    apart: Studio, qtbot: QtBot
) -> None:
    run(apart, "first")
    apart.joins.flows.generation.stop()
    run(apart, "second")
    qtbot.waitUntil(lambda: bool(apart.joins.bench.takes.takes()))
    assert states(apart) == ["cancelled", "finished", "finished"]


def test_what_cannot_be_made_is_told_once_it_is_read(with_photo: Studio, qtbot: QtBot) -> None:
    studio = with_photo
    bounds = studio.joins.document.bounds
    whole = np.full((bounds.height, bounds.width), 255, np.uint8)
    studio.joins.document.history.push(MaskWrite(studio.joins.document, bounds, whole))
    settings = studio.joins.flows._order()
    assert settings is not None
    studio.joins.flows.generation.order(task("background"), [settings])
    qtbot.waitUntil(lambda: "nothing to change" in studio.window.messages.text)
    assert states(studio) == ["cancelled"]
    assert not studio.joins.flows.generation.running

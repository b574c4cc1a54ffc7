import pytest

from studio.app import Studio
from studio.core.errors import MemoryShortage
from studio.core.messages import Eased
from studio.ui.foresight import Foresight

GIGA = 1 << 30
SHORT = MemoryShortage("There was not enough memory.", "Work at a smaller size.")


def seen(studio: Studio, monkeypatch: pytest.MonkeyPatch, total: int) -> Foresight:
    """What the window foresees on a machine with so much memory."""
    monkeypatch.setattr(studio.joins.meter, "_room", lambda: (total, total))
    studio.joins.flows.outlook.show()
    return studio.joins.foresight


def words(studio: Studio) -> list[str]:
    return [one.text() for one in studio.window.messages.choices]


def test_the_status_line_says_what_the_next_run_takes(
    with_photo: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(with_photo, monkeypatch, 12 * GIGA)
    assert "perhaps" in with_photo.window.status.mode
    assert with_photo.window.status.mode.endswith("of 13 GB")


def test_a_run_that_fits_is_not_asked_about(
    with_photo: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not seen(with_photo, monkeypatch, 12 * GIGA).stops()


def test_a_run_that_surely_does_not_fit_is_asked_about(
    with_photo: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seen(with_photo, monkeypatch, 1 << 20).stops()
    assert "at the least" in with_photo.window.messages.text
    assert words(with_photo) == ["Try all the same"]


def test_insisting_runs_it_once(with_photo: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(with_photo, monkeypatch, 1 << 20)
    with_photo.window.bar.generate_requested.emit()
    assert not with_photo.joins.queue.line.jobs()
    with_photo.window.messages.choices[-1].click()
    assert len(with_photo.joins.queue.line.jobs()) == 1
    with_photo.window.bar.generate_requested.emit()
    assert len(with_photo.joins.queue.line.jobs()) == 1


def test_a_shortage_offers_a_smaller_size_in_one_click(
    with_photo: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(with_photo, monkeypatch, 12 * GIGA)
    with_photo.joins.flows.generation.refused.emit(SHORT)
    native = with_photo.joins.bench.gear.checkpoint.native  # type: ignore[union-attr]
    assert words(with_photo) == [f"Work at {native * 3 // 4} px"]
    with_photo.window.messages.choices[0].click()
    job = with_photo.joins.queue.line.jobs()[-1]
    assert job.request.model.native == native * 3 // 4


def test_the_smaller_size_lasts_until_the_model_is_chosen_anew(with_photo: Studio) -> None:
    gear = with_photo.joins.bench.gear
    gear.limit(64)
    assert gear.order("", 0).model.native == 64  # type: ignore[union-attr]
    gear._on_model(gear.model.currentIndex())
    assert gear.order("", 0).model.native > 64  # type: ignore[union-attr]


def test_what_was_done_about_a_shortage_is_said(with_photo: Studio) -> None:
    with_photo.joins.meter.heard(Eased(1, "tiles", "The picture is developed in tiles."))
    assert with_photo.window.messages.text == "The picture is developed in tiles."

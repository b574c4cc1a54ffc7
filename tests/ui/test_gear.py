import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.messages import Loaded
from studio.document.files.metadata import Recipe
from studio.ui.sliders import Scale, ValueSlider

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot: QtBot) -> ValueSlider:
    """Guidance, 1 to 20 in halves, 5 by default."""
    slider = ValueSlider("Guidance", Scale(1, 20, 0.5, "", 1), 5)
    qtbot.addWidget(slider)
    slider.resize(200, 28)
    slider.show()
    slider.activateWindow()
    slider.setFocus()
    return slider


def turn(slider: ValueSlider, notches: int) -> None:
    """Turn the wheel over it."""
    at = QPointF(slider.rect().center())
    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at,
        slider.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)


def test_the_wheel_changes_one_step(slider: ValueSlider) -> None:
    turn(slider, 1)
    assert slider.value_now() == 5.5
    turn(slider, -1)
    assert slider.value_now() == 5.0


def test_dragging_goes_from_end_to_end(slider: ValueSlider) -> None:
    QTest.mousePress(slider, LEFT, pos=QPoint(0, 14))
    assert slider.value_now() == 1.0
    QTest.mouseMove(slider, QPoint(199, 14))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(250, 14))
    assert slider.value_now() == 20.0


def test_a_double_click_resets(slider: ValueSlider) -> None:
    slider.set_value(12)
    QTest.mouseDClick(slider, LEFT, pos=QPoint(150, 14))
    assert slider.value_now() == 5.0


@pytest.mark.parametrize(("typed", "value"), [("7.5", 7.5), ("7,5", 7.5), ("99", 20.0), ("-", 5.0)])
def test_a_number_can_be_typed(slider: ValueSlider, typed: str, value: float) -> None:
    QTest.keyClicks(slider, typed[0])
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, typed[1:])
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert slider.value_now() == value


def test_the_default_and_the_help_are_told(slider: ValueSlider) -> None:
    assert "Default 5.0" in slider.toolTip()


def test_the_gear_unfolds_and_escape_folds_it(studio: Studio) -> None:
    gear = studio.joins.bench.gear
    QTest.mouseClick(studio.window.bar.gear, LEFT)
    assert gear.isVisible()
    QTest.keyClick(gear.steps, Qt.Key.Key_Escape)
    assert not gear.isVisible()


def test_what_the_model_cannot_honour_is_hidden(studio: Studio) -> None:
    gear = studio.joins.bench.gear
    model = gear.checkpoint
    assert model is not None
    able = Loaded(1, model.key, "CPU", ("euler", "ddim"), False, 256, guided=False)
    gear.set_abilities(able)
    assert gear.negative.isHidden()
    assert gear.guidance.isHidden()
    offered = [gear.sampler.itemData(row) for row in range(gear.sampler.count())]
    assert offered == ["euler", "ddim"]
    assert gear.choice.guider.isHidden()


def test_only_the_schedules_of_the_chosen_sampler_are_offered(studio: Studio) -> None:
    gear = studio.joins.bench.gear
    model = gear.checkpoint
    assert model is not None
    schedules = (("default", "karras"), ("default",))
    gear.set_abilities(Loaded(1, model.key, "CPU", ("euler", "ddim"), True, 256, schedules))
    gear.schedule.setCurrentIndex(1)
    assert gear.choice.chosen()["schedule"] == "karras"
    gear.sampler.setCurrentIndex(1)
    assert gear.choice.chosen()["schedule"] == "default"


def test_a_recipe_brings_the_shortcut_back(studio: Studio) -> None:
    gear = studio.joins.bench.gear
    model = gear.checkpoint
    assert model is not None
    able = Loaded(1, model.key, "CPU", ("ddim",), True, 256, reuses=("none", "blocks"))
    gear.set_abilities(able)
    studio.joins.flows.recall.use(Recipe("a fox", reuse="blocks"))
    assert gear.choice.chosen()["reuse"] == "blocks"
    studio.joins.flows.recall.use(Recipe("a fox"))
    assert gear.choice.chosen()["reuse"] == "none"


def test_strength_is_hidden_where_there_is_no_picture(with_photo: Studio, qtbot: QtBot) -> None:
    gear = with_photo.joins.bench.gear
    qtbot.waitUntil(lambda: not gear.strength.isHidden())
    with_photo.joins.document.close()
    qtbot.waitUntil(gear.strength.isHidden)


def test_the_starter_brings_its_own_defaults(studio: Studio) -> None:
    gear = studio.joins.bench.gear
    model, order = gear.checkpoint, gear.order("a house", 3)
    assert model is not None
    assert order is not None
    assert (order.steps, order.guidance, order.sampler) == (
        model.steps,
        model.guidance,
        model.sampler,
    )


def test_the_dice_changes_the_seed_and_the_lock_keeps_it(studio: Studio) -> None:
    seed = studio.joins.bench.gear.seed
    first = seed.for_next_run()
    assert seed.for_next_run() != first
    seed.set_locked(True)
    assert seed.for_next_run() == seed.value()


def test_the_count_of_the_bar_and_of_the_gear_are_one(studio: Studio) -> None:
    bar, gear = studio.window.bar, studio.joins.bench.gear
    bar.count.set_count(4)
    assert gear.count.value_now() == 4
    gear.count.set_value(7)
    assert bar.count.count() == 7

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.app import Studio
from studio.ui.actions import RAIL
from studio.ui.flyout import Flyout
from tests.ui.conftest import StudioOf, stroke


def flyout(studio: Studio, tool: str) -> Flyout:
    """The rail's button whose group the tool is in."""
    group = next(group for group in RAIL if tool in group)
    buttons = studio.window.rail.findChildren(Flyout)
    return next(each for each in buttons if each.defaultAction().objectName() in group)


def test_the_rail_fits_the_smallest_window(studio: Studio) -> None:
    studio.window.resize(1280, 800)
    assert studio.window.height() == 800
    rail = studio.window.rail
    assert all(rail.rect().contains(each.geometry()) for each in rail.findChildren(Flyout))


def test_a_group_shows_the_tool_that_was_taken_last(studio: Studio) -> None:
    button = flyout(studio, "ellipse")
    assert button.defaultAction().objectName() == "rectangle"
    studio.window.commands["ellipse"].trigger()
    assert button.defaultAction().objectName() == "ellipse"
    assert button.isChecked()
    studio.window.commands["brush"].trigger()
    assert button.defaultAction().objectName() == "ellipse"


def test_a_right_click_unfolds_the_group(studio: Studio) -> None:
    button = flyout(studio, "polygon")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(button, event)
    assert button.menu().isVisible()
    button.menu().close()


def test_q_paints_on_the_layer_and_back_on_the_mask(with_photo: Studio) -> None:
    document, canvas = with_photo.joins.document, with_photo.joins.bench.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Q)
    stroke(with_photo, (40, 30), (50, 34))
    assert document.masks.active.bounds().empty
    assert tuple(document.composite(document.bounds)[31, 44, :3]) == canvas.brush.colour
    QTest.keyClick(canvas, Qt.Key.Key_Q)
    stroke(with_photo, (40, 30), (50, 34))
    assert not document.masks.active.bounds().empty


def test_a_chosen_colour_paints_on_the_layer(with_photo: Studio) -> None:
    bench, document = with_photo.joins.bench, with_photo.joins.document
    bench._paint_with(QColor(10, 200, 30))
    assert with_photo.window.commands["paint_layer"].isChecked()
    stroke(with_photo, (40, 30), (50, 34))
    assert tuple(document.composite(document.bounds)[31, 44, :3]) == (10, 200, 30)


@pytest.mark.parametrize(
    "name", ["opacity", "flow", "spacing", "smoothing", "pressure_size", "pressure_flow"]
)
def test_the_popover_sets_the_brush(studio: Studio, name: str) -> None:
    bench = studio.joins.bench
    studio.window.commands["tool_options"].trigger()
    assert bench.options.isVisible()
    bench.options._brush[name].set_value(43)
    assert getattr(bench.canvas.brush, name) == pytest.approx(0.43)
    bench.options.close()


def test_the_popover_sets_wand_and_mode(with_photo: Studio) -> None:
    bench, document = with_photo.joins.bench, with_photo.joins.document
    bench.options.tolerance.set_value(7)
    bench.options.contiguous.setChecked(False)
    assert (bench.canvas.wand.tolerance, bench.canvas.wand.contiguous) == (7, False)
    with_photo.window.commands["wand"].trigger()
    stroke(with_photo, (40, 30), (40, 30))
    first = document.masks.active.bounds()
    bench.options.mode.setCurrentIndex(bench.options.mode.findData("replace"))
    bench.options.mode.activated.emit(bench.options.mode.currentIndex())
    stroke(with_photo, (4, 4), (4, 4))
    assert document.masks.active.bounds().intersected(first).empty


def test_the_popover_stays_within_the_window(studio: Studio) -> None:
    studio.window.resize(1280, 800)
    options = studio.joins.bench.options
    studio.window.commands["tool_options"].trigger()
    floor = studio.window.mapToGlobal(QPoint(0, studio.window.height())).y()
    assert options.geometry().bottom() < floor
    options.close()


def test_enter_cuts_the_picture_to_what_was_drawn(with_photo: Studio) -> None:
    document, canvas = with_photo.joins.document, with_photo.joins.bench.canvas
    with_photo.window.commands["crop"].trigger()
    stroke(with_photo, (20, 20), (40, 30), (60, 50))
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert document.bounds.width < 96
    document.history.undo()
    assert document.bounds.width == 96


def test_the_layer_is_moved_by_its_handles(with_photo: Studio) -> None:
    document = with_photo.joins.document
    with_photo.window.commands["transform"].trigger()
    stroke(with_photo, (40, 30), (50, 34), (60, 40))
    assert document.layers[0].pixels.tight_bounds().x > 0


def test_the_popover_sets_the_filter_of_the_transform_tool(with_photo: Studio) -> None:
    bench = with_photo.joins.bench
    bench.options.resampling.setCurrentIndex(3)
    bench.options.resampling.activated.emit(3)
    assert bench.canvas._resampling == "nearest"


def test_the_brush_is_as_it_was_at_the_next_start(studio_of: StudioOf) -> None:
    first = studio_of()
    canvas = first.joins.bench.canvas
    canvas.set_brush(replace(canvas.brush, size=77, opacity=0.5, flow=0.3, smoothing=0.6))
    first.joins.flows.recall.remember()
    assert studio_of().joins.bench.canvas.brush == canvas.brush


def test_a_brush_of_nonsense_is_moved_into_its_range(studio: Studio) -> None:
    studio.settings.update(brush_spacing=-3.0, brush_flow=9.0, pen_size=float("nan"))
    studio.joins.flows.recall.restore()
    brush = studio.joins.bench.canvas.brush
    assert (brush.spacing, brush.flow, brush.pressure_size) == (0.01, 1.0, 0.0)

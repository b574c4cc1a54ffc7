import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtWidgets import QApplication

from studio.canvas.cursors import as_seen
from studio.canvas.guides import marks, step
from studio.canvas.tools.base import BrushSettings
from studio.canvas.tools.turn import snapped
from studio.canvas.view import CanvasView
from studio.canvas.viewport import Viewport
from studio.core.geometry import Rect, Size
from studio.document.document import Document
from tests.canvas.goldens import rgb
from tests.canvas.hand import Hand

VIEW = Viewport(0.7, 12.0, -33.0, Size(401, 300))
TURNS = [(30.0, False), (-77.5, True), (90.0, False), (180.0, True), (0.0, True)]
SPACE = Qt.Key.Key_Space


@pytest.mark.parametrize(("angle", "mirrored"), TURNS)
def test_device_and_document_are_inverse_on_a_turned_view(angle: float, mirrored: bool) -> None:
    view = VIEW.rotated(angle, (100, 200))
    view = view.flipped((10, 20)) if mirrored else view
    assert view.to_document(*view.to_device(12.5, -7.25)) == pytest.approx((12.5, -7.25))


@pytest.mark.parametrize("angle", [30.0, 90.0, -170.0])
def test_turning_keeps_the_pixel_under_the_pointer(angle: float) -> None:
    spot = VIEW.to_document(100, 200)
    assert VIEW.rotated(angle, (100, 200)).to_device(*spot) == pytest.approx((100, 200), abs=1)
    assert VIEW.flipped((100, 200)).to_device(*spot) == pytest.approx((100, 200), abs=1)


@pytest.mark.parametrize(("angle", "mirrored"), TURNS)
def test_fitting_a_turned_view_shows_the_whole_area(angle: float, mirrored: bool) -> None:
    view = VIEW.rotated(angle, VIEW.pivot)
    view = view.flipped(view.pivot) if mirrored else view
    free, area = Rect(20, 30, 300, 250), Rect(-500, -20, 300, 900)
    assert free.grown(2).contains(view.fitted(area, free).device_rect(area))


def test_a_flipped_view_shows_the_same_pixels_mirrored(view: CanvasView) -> None:
    view.set_tool("pan")
    view.one_to_one()
    before = rgb(view.grab().toImage())
    view.flip_view()
    assert np.array_equal(rgb(view.grab().toImage()), before[:, ::-1])
    view.flip_view()
    assert np.array_equal(rgb(view.grab().toImage()), before)


def test_half_a_turn_shows_the_same_pixels_upside_down(view: CanvasView) -> None:
    view.set_tool("pan")
    view.one_to_one()
    before = rgb(view.grab().toImage())
    view.rotate_view(180)
    assert np.array_equal(rgb(view.grab().toImage()), before[::-1, ::-1])
    view.reset_view_rotation()
    assert np.array_equal(rgb(view.grab().toImage()), before)


@pytest.mark.parametrize(("angle", "flip"), [(37.0, False), (90.0, True), (-120.0, True)])
def test_a_stroke_lands_under_the_pointer_of_a_turned_view(
    document: Document, view: CanvasView, hand: Hand, angle: float, flip: bool
) -> None:
    view.set_brush(BrushSettings(size=20, hardness=1.0))
    view.rotate_view(angle)
    if flip:
        view.flip_view()
    hand.drag([(300.0, 200.0), (340.0, 200.0)])
    bounds = document.masks.active.bounds()
    edges = (bounds.x, bounds.y, bounds.right, bounds.bottom)
    assert edges == pytest.approx((290, 190, 350, 210), abs=2)


def test_the_repainted_part_of_a_turned_view_is_what_is_painted_at_once(
    view: CanvasView, hand: Hand
) -> None:
    view.rotate_view(33)
    hand.drag([(100.0, 100.0), (300.0, 250.0), (500.0, 120.0)])
    view.set_tool("frame")
    hand.drag([(640.0, 480.0), (500.0, 400.0), (420.0, 300.0)])
    QApplication.processEvents()
    pieces = rgb(view.screen().grabWindow(view.winId()).toImage()).astype(int)
    view.repaint()
    whole = rgb(view.screen().grabWindow(view.winId()).toImage())
    assert (np.abs(pieces - whole).max(axis=2) > 8).mean() < 0.001


def test_panning_a_turned_view_follows_the_hand(view: CanvasView, hand: Hand) -> None:
    view.rotate_view(50)
    view.flip_view()
    view.set_tool("pan")
    start, end = hand.at((300.0, 200.0)), hand.at((340.0, 260.0))
    hand.drag([(300.0, 200.0), (340.0, 260.0)])
    assert view.to_document(end) == pytest.approx((300, 200), abs=2 * view.grain)
    assert view.to_document(start) != pytest.approx((300, 200), abs=5)


def test_space_and_shift_turn_the_view(document: Document, view: CanvasView, hand: Hand) -> None:
    middle = view.to_document(QPointF(200, 150))
    hand.key(QEvent.Type.KeyPress, SPACE)
    hand.drag([(middle[0] + 200, middle[1]), (middle[0] + 150, middle[1] + 150)], SHIFT)
    hand.key(QEvent.Type.KeyRelease, SPACE)
    assert view.view_rotation == pytest.approx(45, abs=1.5)
    assert document.history.count() == 0


@pytest.mark.parametrize(
    ("kind", "value", "zoom", "angle"),
    [
        (Qt.NativeGestureType.ZoomNativeGesture, 0.25, 1.25, 0.0),
        (Qt.NativeGestureType.RotateNativeGesture, 12.0, 1.0, 12.0),
    ],
)
def test_two_fingers_zoom_and_turn(
    view: CanvasView,
    hand: Hand,
    kind: Qt.NativeGestureType,
    value: float,
    zoom: float,
    angle: float,
) -> None:
    before, place = view.zoom(), hand.at((300.0, 200.0))
    device = QPointingDevice.primaryPointingDevice()
    glob = QPointF(view.mapToGlobal(place))
    event = QNativeGestureEvent(kind, device, 2, place, place, glob, value, QPointF())
    QApplication.sendEvent(view, event)
    assert view.zoom() == pytest.approx(before * zoom)
    assert view.view_rotation == pytest.approx(angle)
    assert view.to_document(place) == pytest.approx((300, 200), abs=2 * view.grain)


@pytest.mark.parametrize(
    ("angle", "expected"),
    [
        (0.0, Qt.CursorShape.SizeHorCursor),
        (45.0, Qt.CursorShape.SizeFDiagCursor),
        (90.0, Qt.CursorShape.SizeVerCursor),
        (-45.0, Qt.CursorShape.SizeBDiagCursor),
    ],
)
def test_arrows_point_where_the_edge_moves(angle: float, expected: Qt.CursorShape) -> None:
    assert as_seen(Qt.CursorShape.SizeHorCursor, VIEW.rotated(angle, (0, 0))) == expected


@pytest.mark.parametrize(("angle", "expected"), [(89.0, 90.0), (-1.9, 0.0), (45.0, 45.0)])
def test_a_turn_ends_at_the_right_angle_next_to_it(angle: float, expected: float) -> None:
    assert snapped(angle) == expected


@pytest.mark.parametrize(("grain", "gap"), [(0.01, 1), (1.0, 100), (0.5, 50), (2.0, 200)])
def test_rulers_count_in_round_numbers(grain: float, gap: int) -> None:
    assert step(grain) == gap


def test_rulers_number_the_px_that_lie_there() -> None:
    for view in (VIEW, VIEW.flipped((3, 3)), VIEW.rotated(90, (5, 5))):
        for number, at in marks(view, across=True, grain=1 / 0.7):
            assert number == pytest.approx(
                min(view.to_document(at, 0), key=lambda x: abs(x - number))
            )


SHIFT = Qt.KeyboardModifier.ShiftModifier

"""Fingers on the real view, by Qt's own synthesised touch events."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.canvas.kinetic import Kinetic
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from tests.canvas.hand import Hand

SCREEN = QTest.createTouchDevice()
WHOLE = Rect(0, 0, 640, 480)
Spots = tuple[tuple[float, float], ...]


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(view: CanvasView) -> Clock:
    """The time that the view's fingers go by."""
    made = Clock()
    view._touch._clock = made
    view._touch.kinetic._clock = made
    return made


class Fingers:
    """Fingers on a view, view px."""

    def __init__(self, view: CanvasView, clock: Clock) -> None:
        self.view, self.clock = view, clock
        self.down: dict[int, tuple[float, float]] = {}

    def to(self, *spots: tuple[float, float], after: float = 0.02) -> None:
        """Fingers that are down are there now; more come, or the last leave."""
        if not spots and not self.down:
            self.clock.now += after
            return
        numbers = [*self.down, *(each for each in range(9) if each not in self.down)]
        self._commit(dict(zip(numbers, spots, strict=False)), after)

    def lift(self, number: int) -> None:
        """That finger leaves, the others rest."""
        self._commit({each: at for each, at in self.down.items() if each != number}, 0.02)

    def _commit(self, spots: dict[int, tuple[float, float]], after: float) -> None:
        self.clock.now += after
        events = QTest.touchEvent(self.view, SCREEN, False)
        for number, spot in spots.items():
            at = QPoint(round(spot[0]), round(spot[1]))
            (events.move if number in self.down else events.press)(number, at, self.view)
        for number in self.down.keys() - spots.keys():
            last = self.down[number]
            events.release(number, QPoint(round(last[0]), round(last[1])), self.view)
        events.commit()
        self.down = spots


@pytest.fixture
def fingers(view: CanvasView, clock: Clock) -> Iterator[Fingers]:
    """Fingers on the view, lifted at the end: the screen outlives the view."""
    view.set_zoom(1.0)
    made = Fingers(view, clock)
    yield made
    made.to()


def turned(angle: float, radius: float = 60.0) -> Spots:
    """Two fingers across the middle of the view."""
    dx, dy = radius * math.cos(math.radians(angle)), radius * math.sin(math.radians(angle))
    return (200 - dx, 150 - dy), (200 + dx, 150 + dy)


def test_two_fingers_that_spread_zoom_about_their_middle(
    view: CanvasView, fingers: Fingers
) -> None:
    before = view.to_document(QPointF(200, 150))
    fingers.to(*turned(0, 40))
    for radius in (50, 60, 70, 80):
        fingers.to(*turned(0, radius))
    assert view.zoom() == pytest.approx(2.0, rel=0.02)
    assert view.to_document(QPointF(200, 150)) == pytest.approx(before, abs=2)


def test_a_slow_pinch_leaves_100_percent(view: CanvasView, fingers: Fingers) -> None:
    fingers.to(*turned(0, 100))
    for radius in range(101, 131):
        fingers.to(*turned(0, radius))
    assert view.zoom() == pytest.approx(1.3, rel=0.02)


@pytest.mark.parametrize(("angle", "shown"), [(5, 0.0), (47, 40.0), (98, 90.0), (-37, -30.0)])
def test_two_fingers_turn_the_view_beyond_a_slip(
    view: CanvasView, fingers: Fingers, angle: int, shown: float
) -> None:
    fingers.to(*turned(0))
    for each in np.linspace(0, angle, 12)[1:]:
        fingers.to(*turned(float(each)))
    assert view.view_rotation == pytest.approx(shown, abs=1.5)


def test_two_fingers_push_the_picture(view: CanvasView, fingers: Fingers) -> None:
    before = view.to_document(QPointF(200, 150))
    fingers.to((100, 100), (200, 100))
    fingers.to((130, 90), (230, 90))
    assert view.to_document(QPointF(230, 140)) == pytest.approx(before, abs=1)


def test_one_finger_paints(document: Document, fingers: Fingers) -> None:
    for spot in ((100, 100), (130, 100), (160, 100)):
        fingers.to(spot)
    fingers.to()
    assert not document.masks.active.bounds().empty
    assert document.history.count() == 1


def test_a_second_finger_takes_the_young_stroke_back(document: Document, fingers: Fingers) -> None:
    fingers.to((100, 100))
    fingers.to((110, 100))
    fingers.to((110, 100), (180, 100))
    fingers.to((100, 100), (200, 100))
    fingers.to()
    assert document.masks.active.bounds().empty
    assert document.history.count() == 0


def test_a_palm_beside_a_long_stroke_changes_nothing(
    view: CanvasView, document: Document, fingers: Fingers
) -> None:
    fingers.to((100, 100))
    fingers.to((150, 100), after=0.6)
    zoom = view.zoom()
    fingers.to((160, 100), (300, 250))
    fingers.to((170, 100), (320, 250))
    fingers.to()
    assert view.zoom() == zoom
    assert document.history.count() == 1


def test_a_stroke_goes_on_beside_a_palm_and_never_jumps_to_it(
    view: CanvasView, document: Document, fingers: Fingers
) -> None:
    fingers.to((100, 100))
    fingers.to((150, 100), after=0.6)
    fingers.to((150, 100), (300, 250))
    fingers.to((170, 100), (300, 250))
    before, (x, y) = document.masks.active.bounds(), view.to_document(QPointF(170, 100))
    fingers.lift(0)
    fingers.to((310, 260))
    fingers.to()
    assert before.contains(Rect(round(x), round(y), 1, 1))
    assert document.masks.active.bounds() == before
    assert document.history.count() == 1


def test_once_a_pen_was_seen_a_finger_moves_the_view(
    view: CanvasView, document: Document, hand: Hand, fingers: Fingers
) -> None:
    hand.write([(300.0, 200.0), (310.0, 200.0)], 0.5)
    before = view.to_document(QPointF(100, 100))
    fingers.to((100, 100))
    fingers.to((140, 120))
    fingers.to((140, 120), after=0.5)
    fingers.to()
    assert view.to_document(QPointF(140, 120)) == pytest.approx(before, abs=1)
    assert document.history.count() == 1


@pytest.mark.parametrize(("count", "index"), [(2, 0), (3, 1)])
def test_a_tap_of_two_takes_back_and_of_three_takes_again(
    document: Document, hand: Hand, fingers: Fingers, count: int, index: int
) -> None:
    hand.drag([(300.0, 300.0), (320.0, 300.0)])
    if count == 3:
        document.history.undo()
    fingers.to(*[(100.0 + 60 * each, 100.0) for each in range(count)])
    fingers.to(after=0.05)
    assert document.history.index() == index


def test_a_cancelled_touch_leaves_nothing(document: Document, fingers: Fingers) -> None:
    fingers.to((100, 100))
    fingers.to((130, 100))
    QCoreApplication.sendEvent(fingers.view, QEvent(QEvent.Type.FocusOut))
    fingers.to()
    assert document.masks.active.bounds().empty


def glide(kinetic: Kinetic, clock: Clock, seconds: float) -> bool:
    """Whether it still glides so much later."""
    clock.now += seconds
    kinetic.glide()
    return kinetic.gliding


def test_a_pushed_view_glides_and_comes_to_rest(
    view: CanvasView, clock: Clock, fingers: Fingers
) -> None:
    kinetic = view._touch.kinetic
    for x in (100, 120, 140, 160):
        fingers.to((x, 100), (x + 100, 100))
    fingers.to(after=0.01)
    assert kinetic.gliding
    before = view.viewport.x
    glide(kinetic, clock, 0.1)
    first = view.viewport.x - before
    glide(kinetic, clock, 0.1)
    second = view.viewport.x - before - first
    assert first > second > 0
    assert not glide(kinetic, clock, 3.0)
    assert view.viewport.x - before == pytest.approx(1000 * 0.325, rel=0.2)


def press(view: CanvasView, hand: Hand) -> None:
    hand.press((300.0, 200.0))
    hand.release((300.0, 200.0))


def wheel(view: CanvasView, hand: Hand) -> None:
    hand.wheel((300.0, 200.0), 1)


def key(view: CanvasView, hand: Hand) -> None:
    QTest.keyClick(view, Qt.Key.Key_A)


def leave(view: CanvasView, hand: Hand) -> None:
    QCoreApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusOut))


@pytest.mark.parametrize("interrupt", [press, wheel, key, leave])
def test_whatever_the_artist_does_ends_the_glide(
    view: CanvasView,
    hand: Hand,
    fingers: Fingers,
    interrupt: Callable[[CanvasView, Hand], None],
) -> None:
    for x in (100, 120, 140):
        fingers.to((x, 100), (x + 100, 100))
    fingers.to(after=0.01)
    interrupt(view, hand)
    assert not view._touch.kinetic.gliding


def test_the_pan_tool_lets_the_view_glide(
    view: CanvasView, hand: Hand, clock: Clock, qtbot: QtBot
) -> None:
    view.set_zoom(2.0)
    view.set_tool("pan")
    hand.press((300.0, 200.0))
    for step in range(1, 5):
        clock.now += 0.01
        QTest.mouseMove(view, hand.at((300.0, 200.0)).toPoint() + QPoint(12 * step, 0))
    hand.release((300.0, 200.0))
    assert view._touch.kinetic.gliding


def test_a_hand_that_rests_before_it_lets_go_pushes_nothing(
    view: CanvasView, fingers: Fingers
) -> None:
    for x in (100, 120, 140):
        fingers.to((x, 100), (x + 100, 100))
    fingers.to(after=0.5)
    assert not view._touch.kinetic.gliding


def test_with_calm_motion_nothing_glides(view: CanvasView, fingers: Fingers) -> None:
    view.set_calm(True)
    for x in (100, 120, 140):
        fingers.to((x, 100), (x + 100, 100))
    fingers.to(after=0.01)
    assert not view._touch.kinetic.gliding


def scroll(view: CanvasView, phase: Qt.ScrollPhase, dx: int) -> None:
    place = QPointF(200, 150)
    glob, none = QPointF(view.mapToGlobal(place)), Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place, glob, QPoint(dx, 0), QPoint(dx * 8, 0), Qt.MouseButton.NoButton, none, phase, False
    )
    QCoreApplication.sendEvent(view, event)


def test_a_touchpad_lets_the_view_glide(view: CanvasView, clock: Clock) -> None:
    scroll(view, Qt.ScrollPhase.ScrollBegin, 0)
    for _ in range(4):
        clock.now += 0.01
        scroll(view, Qt.ScrollPhase.ScrollUpdate, 12)
    scroll(view, Qt.ScrollPhase.ScrollEnd, 0)
    assert view._touch.kinetic.gliding


def test_a_touchpads_small_steps_leave_100_percent(view: CanvasView) -> None:
    view.set_zoom(1.0)
    device = QPointingDevice.primaryPointingDevice()
    place = QPointF(200, 150)
    glob = QPointF(view.mapToGlobal(place))
    kinds = Qt.NativeGestureType
    steps = [(kinds.BeginNativeGesture, 0.0), *[(kinds.ZoomNativeGesture, 0.01)] * 20]
    for kind, value in steps:
        event = QNativeGestureEvent(kind, device, 2, place, place, glob, value, QPointF())
        QCoreApplication.sendEvent(view, event)
    assert view.zoom() == pytest.approx(1.01**20, rel=0.01)

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.canvas.look import Look
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from tests.canvas.hand import Hand, picture

SPOTS = [(10.0, 10.0), (320.0, 240.0), (600.0, 20.0)]
CONTROL = Qt.KeyboardModifier.ControlModifier


def shown(view: CanvasView, x: int, y: int) -> tuple[int, int, int]:
    """The colour of a view px."""
    colour = view.grab().toImage().pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


@pytest.mark.parametrize("spot", SPOTS)
@pytest.mark.parametrize("keys", [Qt.KeyboardModifier.NoModifier, CONTROL])
@pytest.mark.parametrize("notches", [1, -2, 5])
def test_the_wheel_zooms_at_the_pointer(
    view: CanvasView, hand: Hand, spot: tuple[float, float], keys: Qt.KeyboardModifier, notches: int
) -> None:
    before, place = view.zoom(), hand.at(spot)
    hand.wheel(spot, notches, keys)
    assert (view.zoom() > before) == (notches > 0)
    assert view.to_document(place) == pytest.approx(spot, abs=1.5 * view.grain)


def test_two_fingers_pan(view: CanvasView, hand: Hand) -> None:
    before, place = view.zoom(), hand.at((300.0, 200.0))
    hand.swipe((300.0, 200.0), QPoint(-24, 13))
    assert view.zoom() == before
    moved = hand.at((300.0, 200.0)) - place
    assert (moved.x(), moved.y()) == pytest.approx((-24, 13), abs=1)


def test_the_middle_button_pans_and_paints_nothing(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    hand.button = Qt.MouseButton.MiddleButton
    start = hand.at((300.0, 200.0))
    hand.drag([(300.0, 200.0), (340.0, 230.0)])
    assert view.to_document(start) != pytest.approx((300, 200), abs=5)
    assert document.history.count() == 0


def test_space_pans_while_it_is_held(document: Document, view: CanvasView, hand: Hand) -> None:
    hand.key(QEvent.Type.KeyPress, Qt.Key.Key_Space)
    hand.drag([(300.0, 200.0), (340.0, 230.0)])
    assert document.history.count() == 0
    hand.key(QEvent.Type.KeyRelease, Qt.Key.Key_Space)
    hand.drag([(300.0, 200.0), (340.0, 230.0)])
    assert document.history.count() == 1


def test_arrow_keys_look_further_that_way(view: CanvasView, hand: Hand) -> None:
    before = view.to_document(QPointF(0, 0))
    hand.key(QEvent.Type.KeyPress, Qt.Key.Key_Right)
    hand.key(QEvent.Type.KeyPress, Qt.Key.Key_Down)
    after = view.to_document(QPointF(0, 0))
    assert after[0] > before[0]
    assert after[1] > before[1]


def test_fit_shows_the_whole_picture_and_one_to_one_its_pixels(view: CanvasView) -> None:
    view.one_to_one()
    assert view.zoom() == 1.0
    view.fit()
    assert view.rect().contains(view.to_view(view.document.bounds))


def test_a_newly_opened_picture_is_fitted(document: Document, view: CanvasView) -> None:
    view.set_zoom(30)
    document.open_pixels(picture(50, 2000))
    assert view.rect().contains(view.to_view(document.bounds))


def test_a_picture_stays_fitted_until_the_artist_zooms(view: CanvasView) -> None:
    view.resize(300, 200)
    assert view.rect().contains(view.to_view(view.document.bounds))
    view.set_zoom(3)
    view.resize(500, 400)
    assert view.zoom() == 3


def test_at_one_to_one_each_pixel_is_exact(view: CanvasView) -> None:
    view.document.set_frame(Rect(0, 0, 0, 0))
    view.one_to_one()
    for x, y in ((10, 20), (200, 150), (399, 299)):
        left, top = (int(part) for part in view.to_document(QPointF(x, y)))
        assert shown(view, x, y) == (left % 256, top % 256, (left + top) % 256)


def test_without_a_picture_only_the_surround_is_seen(document: Document, view: CanvasView) -> None:
    document.set_frame(Rect(0, 0, 512, 512))
    document.close()
    image = view.grab().toImage()
    colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert colours == {QColor(*Look().surround).rgb()}


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 500), (3000, 1)])
def test_the_thinnest_pictures_are_shown(
    document: Document, view: CanvasView, width: int, height: int
) -> None:
    document.open_pixels(picture(width, height))
    view.grab()
    assert view.to_view(document.bounds).width() >= 1


def test_the_pointer_is_told_in_document_px(view: CanvasView, hand: Hand, qtbot: QtBot) -> None:
    told: list[QPointF | None] = []
    view.pointer_moved.connect(told.append)
    hand.move((123.0, 45.0))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert isinstance(told[0], QPointF)
    assert (told[0].x(), told[0].y()) == pytest.approx((123, 45), abs=view.grain)
    assert told[-1] is None


@pytest.mark.parametrize(
    ("key", "size", "hardness"),
    [
        (Qt.Key.Key_BracketRight, 54, 0.8),
        (Qt.Key.Key_BracketLeft, 42, 0.8),
        (Qt.Key.Key_BraceRight, 48, 0.9),
        (Qt.Key.Key_BraceLeft, 48, 0.7),
    ],
)
def test_brackets_change_the_brush(
    view: CanvasView, hand: Hand, key: Qt.Key, size: int, hardness: float
) -> None:
    hand.key(QEvent.Type.KeyPress, key)
    assert (view.brush.size, view.brush.hardness) == (size, hardness)


def test_dropped_files_are_handed_on(view: CanvasView, qtbot: QtBot, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png")), QUrl("https://example.org/b.png")])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    QApplication.sendEvent(view, enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(view.files_dropped) as dropped:
        QApplication.sendEvent(view, QDropEvent(QPointF(5, 5), copy, mime, left, none))
    assert dropped.args == [[tmp_path / "a.png"]]


def test_the_canvas_has_a_name_and_takes_the_focus(view: CanvasView) -> None:
    assert view.accessibleName()
    assert view.focusPolicy() == Qt.FocusPolicy.StrongFocus

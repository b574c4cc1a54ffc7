import numpy as np
from PySide6.QtCore import QMimeData, QPointF
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect
from studio.document.files.image import open_bytes

AREA = Rect(10, 12, 20, 15)


def copied(studio: Studio, qtbot: QtBot, action: str) -> QMimeData:
    """What lies in the clipboard after that action."""
    with qtbot.waitSignal(studio.joins.flows.clipboard.copied):
        studio.window.commands[action].trigger()
    mime: QMimeData = QGuiApplication.clipboard().mimeData()
    return mime


def masked(studio: Studio) -> Studio:
    """The same with a part of the picture masked."""
    studio.joins.document.masks.write(AREA, np.full((15, 20), 255, np.uint8))
    return studio


def test_copy_hands_out_the_masked_part_of_the_layer(with_photo: Studio, qtbot: QtBot) -> None:
    mime = copied(masked(with_photo), qtbot, "copy")
    pixels = open_bytes(bytes(mime.data("image/png").data()), "clip").pixels
    (layer,) = with_photo.joins.document.layers
    assert np.array_equal(pixels, layer.pixels.read(AREA))
    assert mime.hasImage()


def test_paste_puts_a_copy_back_at_its_place(with_photo: Studio, qtbot: QtBot) -> None:
    document = masked(with_photo).joins.document
    copied(with_photo, qtbot, "copy_merged")
    with qtbot.waitSignal(document.layers_changed):
        with_photo.window.commands["paste"].trigger()
    below, above = document.layers
    assert above.pixels.tight_bounds() == AREA
    assert np.array_equal(above.pixels.read(AREA), below.pixels.read(AREA))


def test_cut_takes_it_out_in_one_step_of_undo(with_photo: Studio, qtbot: QtBot) -> None:
    document = masked(with_photo).joins.document
    (layer,) = document.layers
    before = layer.pixels.read(document.bounds)
    copied(with_photo, qtbot, "cut")
    assert not layer.pixels.read(AREA).any()
    document.history.undo()
    assert np.array_equal(layer.pixels.read(document.bounds), before)


def test_a_locked_layer_is_not_cut(with_photo: Studio) -> None:
    document = with_photo.joins.document
    document.set_layer(document.layers[0], locked=True)
    with_photo.window.commands["cut"].trigger()
    assert document.history.count() == 0
    assert "locked" in with_photo.window.messages.text


def test_a_picture_of_another_program_is_pasted_with_its_transparency(
    with_photo: Studio, qtbot: QtBot
) -> None:
    image = QImage(6, 5, QImage.Format.Format_ARGB32)
    image.fill(QColor(200, 100, 50, 120))
    QGuiApplication.clipboard().setImage(image)
    document = with_photo.joins.document
    with qtbot.waitSignal(document.layers_changed):
        with_photo.window.commands["paste"].trigger()
    top = document.layers[-1]
    assert top.pixels.tight_bounds().size.area == 30
    assert set(map(tuple, top.pixels.read(top.pixels.tight_bounds()).reshape(-1, 4))) == {
        (200, 100, 50, 120)
    }


def test_a_foreign_picture_is_pasted_under_the_pointer(with_photo: Studio, qtbot: QtBot) -> None:
    image = QImage(6, 5, QImage.Format.Format_ARGB32)
    image.fill(QColor(200, 100, 50, 120))
    QGuiApplication.clipboard().setImage(image)
    document = with_photo.joins.document
    with_photo.joins.bench.canvas.pointer_moved.emit(QPointF(40.2, 30.1))
    with qtbot.waitSignal(document.layers_changed):
        with_photo.window.commands["paste"].trigger()
    assert document.layers[-1].pixels.tight_bounds() == Rect(37, 28, 6, 5)

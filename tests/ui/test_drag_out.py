from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QImage
from PySide6.QtWidgets import QApplication, QListWidget

from studio.app import Studio
from studio.core.geometry import Rect
from studio.core.piece import Piece
from studio.document.clips import Clip
from studio.document.files.image import open_bytes, open_image
from studio.document.files.metadata import Recipe
from studio.ui.drag_out import DraggedOut, plain
from studio.ui.takes_strip import Take

PIXELS = np.random.default_rng(1).integers(1, 256, (9, 12, 4), dtype=np.uint8)


def dragged(folder: Path, base: QMimeData | None = None) -> DraggedOut:
    return DraggedOut("sky / 1", Clip(PIXELS, 0, 0).png, folder, base)


def test_a_program_gets_a_png_with_transparency(qapp: QApplication, tmp_path: Path) -> None:
    data = bytes(dragged(tmp_path / "out").data("image/png").data())
    assert np.array_equal(open_bytes(data, "dragged").pixels, PIXELS)


def test_a_file_manager_gets_a_file(qapp: QApplication, tmp_path: Path) -> None:
    (url,) = dragged(tmp_path / "out").urls()
    path = Path(url.toLocalFile())
    assert path.parent == tmp_path / "out"
    assert np.array_equal(open_image(path).pixels, PIXELS)


def test_nothing_is_made_before_it_is_asked_for(qapp: QApplication, tmp_path: Path) -> None:
    def never() -> bytes:
        raise AssertionError

    mime = DraggedOut("sky", never, tmp_path / "out", None)
    assert mime.hasFormat("text/uri-list")
    assert not (tmp_path / "out").exists()


def test_what_the_window_drags_is_kept(qapp: QApplication, tmp_path: Path) -> None:
    base = QMimeData()
    base.setData("application/x-rows", QByteArray(b"rows"))
    assert bytes(dragged(tmp_path, base).data("application/x-rows").data()) == b"rows"


def test_a_folder_that_cannot_be_written_gives_no_file(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert dragged(tmp_path / "file" / "out").urls() == []


def test_a_layer_is_dragged_out_of_its_panel_as_a_file(with_photo: Studio) -> None:
    rows = with_photo.joins.bench.layers.list
    rows.selectAll()
    (url,) = rows.mimeData(rows.selectedItems()).urls()
    (layer,) = with_photo.joins.document.layers
    found = open_image(Path(url.toLocalFile())).pixels
    assert np.array_equal(found, layer.pixels.read(with_photo.joins.document.bounds))


def out_of_strip(studio: Studio, row: int) -> QMimeData:
    """What a drag of that place of the strip carries."""
    rows = studio.joins.bench.takes.findChild(QListWidget)
    assert rows is not None
    return rows.mimeData([rows.item(row)])


def test_a_take_is_dragged_out_as_the_picture_with_it_and_its_recipe(with_photo: Studio) -> None:
    document, strip = with_photo.joins.document, with_photo.joins.bench.takes
    red = np.full((20, 30, 4), (255, 0, 0, 255), np.uint8)
    strip.set_original(QImage())
    strip.add(Take(1, 0, (Piece(Rect(80, 10, 30, 20), red),), Recipe("a boat", seed=7)), QImage())
    (url,) = out_of_strip(with_photo, 1).urls()
    found = open_image(Path(url.toLocalFile()))
    assert found.recipe == Recipe("a boat", seed=7)
    assert found.pixels.shape == (64, 110, 4)
    assert np.array_equal(found.pixels[10:30, 80:], red)
    assert np.array_equal(found.pixels[:, :80], document.composite(Rect(0, 0, 80, 64)))


def test_the_original_is_dragged_out_as_the_picture_as_it_is(with_photo: Studio) -> None:
    document = with_photo.joins.document
    with_photo.joins.bench.takes.set_original(QImage())
    data = out_of_strip(with_photo, 0).data("image/png").data()
    found = open_bytes(bytes(data), "dragged").pixels
    assert np.array_equal(found, document.composite(document.bounds))


@pytest.mark.parametrize("inside", [True, False])
def test_what_leaves_the_window_is_not_taken_back_as_a_file(
    with_photo: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, inside: bool
) -> None:
    bench = with_photo.joins.bench
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    mime = dragged(tmp_path / "out")
    event = QDragEnterEvent(QPoint(9, 9), actions, mime, buttons, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    monkeypatch.setattr(event, "source", lambda: bench.takes if inside else None)
    bench.canvas.dragEnterEvent(event)
    assert event.isAccepted() is not inside
    assert (tmp_path / "out").exists() is not inside


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a/b", "a-b"), ("..", "picture"), ("Ebene ä", "Ebene ä"), ("", "picture")],
)
def test_names_are_made_plain(name: str, expected: str) -> None:
    assert plain(name) == expected

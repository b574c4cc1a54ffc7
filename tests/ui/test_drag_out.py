from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtWidgets import QApplication

from studio.app import Studio
from studio.document.clips import Clip
from studio.document.files.image import open_bytes, open_image
from studio.ui.drag_out import DraggedOut, plain

PIXELS = np.random.default_rng(1).integers(1, 256, (9, 12, 4), dtype=np.uint8)


def dragged(folder: Path, base: QMimeData | None = None) -> DraggedOut:
    return DraggedOut("sky / 1", lambda: Clip(PIXELS, 0, 0), folder, base)


def test_a_program_gets_a_png_with_transparency(qapp: QApplication, tmp_path: Path) -> None:
    data = bytes(dragged(tmp_path / "out").data("image/png").data())
    assert np.array_equal(open_bytes(data, "dragged").pixels, PIXELS)


def test_a_file_manager_gets_a_file(qapp: QApplication, tmp_path: Path) -> None:
    (url,) = dragged(tmp_path / "out").urls()
    path = Path(url.toLocalFile())
    assert path.parent == tmp_path / "out"
    assert np.array_equal(open_image(path).pixels, PIXELS)


def test_nothing_is_made_before_it_is_asked_for(qapp: QApplication, tmp_path: Path) -> None:
    def never() -> Clip | None:
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


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a/b", "a-b"), ("..", "picture"), ("Ebene ä", "Ebene ä"), ("", "picture")],
)
def test_names_are_made_plain(name: str, expected: str) -> None:
    assert plain(name) == expected

"""A real view on a real document."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.canvas.view import CanvasView
from studio.document.document import Document
from tests.canvas.hand import Hand, picture


def pytest_addoption(parser: pytest.Parser) -> None:
    """The flag that accepts what is seen."""
    parser.addoption("--update-goldens", action="store_true", help="rewrite tests/goldens")


@pytest.fixture
def document(qapp: QApplication) -> Document:
    """A picture of 640 x 480 px."""
    return Document.from_pixels(picture(640, 480), "picture")


@pytest.fixture
def open_view(qtbot: QtBot) -> Callable[[Document], CanvasView]:
    """Shows a view of 400 x 300 px on a document."""

    def opened(document: Document) -> CanvasView:
        view = CanvasView(document)
        qtbot.addWidget(view)
        view.resize(400, 300)
        view.show()
        view.setFocus()
        qtbot.waitUntil(lambda: view.zoom() < 1)
        return view

    return opened


@pytest.fixture
def view(document: Document, open_view: Callable[[Document], CanvasView]) -> CanvasView:
    """A shown view of the document."""
    return open_view(document)


@pytest.fixture
def hand(view: CanvasView) -> Hand:
    """A hand on that view."""
    return Hand(view)

"""A view on a screen of another density, in a process of its own: Qt reads the density once.

Prints JSON: the ratio, the mask that a stroke left, and how many device px at 1:1 are not the
picture's own.
"""

import json

import numpy as np
from PySide6.QtWidgets import QApplication

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from tests.canvas.hand import Hand, picture


def main() -> None:
    """Paint a stroke at fit, then compare the screen with the picture at 1:1."""
    application = QApplication([])
    document = Document.from_pixels(picture(1200, 900), "picture")
    document.set_frame(Rect(0, 0, 0, 0))
    view = CanvasView(document)
    view.resize(400, 300)
    view.show()
    application.processEvents()
    view.set_brush(BrushSettings(size=40, hardness=1.0))
    Hand(view).drag([(300.0, 300.0), (500.0, 300.0)])
    bounds = document.masks.active.bounds()
    document.history.undo()
    view.set_tool("pan")
    view.one_to_one()
    image = view.grab().toImage()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    left, top = view.viewport.origin
    expected = document.composite(Rect(-left, -top, image.width(), image.height()))
    differs = (rows[..., 2::-1] != expected[..., :3]).any(axis=2)
    print(
        json.dumps(
            {
                "ratio": view.devicePixelRatioF(),
                "width": image.width(),
                "mask": [bounds.x, bounds.y, bounds.right, bounds.bottom],
                "wrong": int(differs.sum()),
            }
        )
    )


if __name__ == "__main__":
    main()

"""Take the README's picture: the real window, half way through a real edit of a sample.

`python tests/readme_picture.py OUT.png [--size WxH] [--step N]`
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image  # noqa: E402
from PySide6.QtCore import QBuffer, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from studio.app import Studio  # noqa: E402
from studio.core.geometry import Rect  # noqa: E402
from studio.core.messages import Stepped  # noqa: E402
from studio.document.edits import MaskStroke  # noqa: E402
from studio.document.files.storage import write_atomic  # noqa: E402
from studio.document.mask_ops import filled_ellipse  # noqa: E402

SAMPLE = ROOT / "resources" / "samples" / "lake-house.png"
FLOWERS = Rect(286, 368, 270, 140)
PROMPT = "just grass"
#: Palette colours: flat art needs no more, and the file stays small.
COLOURS = 256
PATIENCE_MS = 300_000


class Sitting:
    """One edit, photographed at a step of its last take."""

    def __init__(self, app: QApplication, out: Path, chosen: argparse.Namespace) -> None:
        self._app, self._out, self._step = app, out, chosen.step
        self._count = 3
        self._studio = Studio(app)
        self._studio.furnished.connect(self._prepare)
        self._studio.window.resize(*(int(edge) for edge in chosen.size.split("x")))
        self._studio.window.show()

    def _prepare(self) -> None:
        joins = self._studio.joins
        joins.flows.intake.opened.connect(lambda _: QTimer.singleShot(0, self._edit))
        joins.flows.intake.open(SAMPLE)

    def _edit(self) -> None:
        joins, window = self._studio.joins, self._studio.window
        document = joins.document
        before = document.masks.active.read(FLOWERS)
        ellipse = filled_ellipse(FLOWERS, FLOWERS)
        document.history.push(MaskStroke(document, FLOWERS, before, ellipse))
        window.bar.prompt.set_text(PROMPT)
        joins.bench.gear.count.set_value(self._count)
        joins.queue.stepped.connect(self._watch)
        joins.flows.generate()

    def _watch(self, event: Stepped) -> None:
        if event.take == self._count - 1 and event.step >= min(self._step, event.total):
            QTimer.singleShot(0, self._shoot)

    def _shoot(self) -> None:
        data = QBuffer()
        data.open(QBuffer.OpenModeFlag.WriteOnly)
        self._studio.window.grab().save(data, "PNG")
        picture = Image.open(io.BytesIO(data.data().data())).convert("RGB")
        small = io.BytesIO()
        picture.quantize(COLOURS).save(small, "PNG", optimize=True)
        write_atomic(self._out, small.getvalue())
        self._studio.joins.queue.cancel_all()
        self._studio.close()
        self._app.exit(0)


def main() -> int:
    """Open, edit, photograph, close."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("--size", default="1280x800")
    options.add_argument("--step", type=int, default=1000, help="of the last take; its last one")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["SFUMATO_HOME"] = home
        app = QApplication(sys.argv[:1])
        app.setStyle("Fusion")
        sitting = Sitting(app, chosen.out, chosen)
        QTimer.singleShot(PATIENCE_MS, lambda: app.exit(1))
        code = app.exec()
        del sitting
    return code


if __name__ == "__main__":
    sys.exit(main())

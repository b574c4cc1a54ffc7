"""The program with a hand that never rests: what the kill campaign starts, and kills.

`python tests/campaigns/killed.py SEED [--engine]`: the real window, offscreen, with SFUMATO_HOME as
it is. Every line on stdout is one fact, said at once: what is begun, what the picture is after it
(the digest of all tiles) with the number of the last write, and which number is on the disk.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.app import Studio
from studio.core.geometry import Size
from studio.document.document import Document
from studio.jobs.link import EngineLink
from studio.ui.signals import UnixSignals

#: One action after so many ms, as a quick hand would do.
PACE = 100
SILENT = [sys.executable, "-c", "import sys; sys.stdin.buffer.read()"]


def say(*facts: object) -> None:
    """One line, past every buffer."""
    os.write(1, (" ".join(map(str, facts)) + "\n").encode())


def state_of(document: Document) -> str:
    """A digest of every tile of every layer and mask."""
    found = []
    for owner, mask in [(each, 0) for each in document.layers] + [
        (each, 1) for each in document.masks.all
    ]:
        for (tx, ty), tile in owner.pixels.items():
            name = hashlib.blake2b(tile.tobytes(), digest_size=16).hexdigest()
            found.append(f"{2 * owner.id + mask} {tx} {ty} {name}")
    return hashlib.blake2b("\n".join(sorted(found)).encode(), digest_size=16).hexdigest()


class Hand(QObject):
    """Paints, undoes, saves, exports and generates, in an order that the seed rules."""

    def __init__(self, studio: Studio, luck: random.Random, engine: bool) -> None:
        super().__init__()
        self._studio, self._luck, self._engine = studio, luck, engine
        self._document = studio.joins.document
        self._session = studio.joins.flows.safe.session
        self._pen = self._session.journal.pen
        self._pen.kept.connect(lambda number: say("ack", number))
        self._pen.unfit.connect(lambda: say("unfit"))
        studio.joins.bench.takes.changed.connect(self._on_takes)
        self._file: Path | None = None
        self._takes = 0
        self._timer = QTimer(self, interval=PACE)
        self._timer.timeout.connect(self.act)

    def begin(self) -> None:
        """Go on with what is there, or with an empty canvas."""
        if not self._document.has_picture:
            self._document.open_blank(Size(1200, 800), (250, 250, 250, 255), "kill")
        self._studio.joins.bench.canvas.fit()
        self._did()
        self._timer.start()

    def act(self) -> None:
        """One action."""
        kinds = {"paint": 12, "undo": 4, "redo": 2, "layer": 1, "save": 1, "export": 1}
        if self._engine:
            kinds["generate"] = 1
        kind = self._luck.choices(list(kinds), list(kinds.values()))[0]
        say("begin", kind)
        getattr(self, f"_{kind}")()
        self._did()

    def _did(self) -> None:
        if self._session.path is not None and self._session.path != self._file:
            self._file = self._session.path
            say("file", self._file)
        steps = self._document.history.index()
        say("did", self._pen.given, state_of(self._document), steps, self._file)

    def _paint(self) -> None:
        canvas, luck = self._studio.joins.bench.canvas, self._luck
        canvas.set_quick_mask(luck.random() < 0.4)
        spots = [(luck.randrange(1200), luck.randrange(800)) for _ in range(2)]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=self._at(*spots[0]))
        QTest.mouseMove(canvas, self._at(*spots[1]))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=self._at(*spots[1]))

    def _at(self, x: int, y: int) -> QPoint:
        canvas = self._studio.joins.bench.canvas
        left, top = canvas.viewport.to_device(x + 0.5, y + 0.5)
        ratio = canvas.devicePixelRatioF()
        return QPoint(round(left / ratio), round(top / ratio))

    def _undo(self) -> None:
        self._studio.window.commands["undo"].trigger()

    def _redo(self) -> None:
        self._studio.window.commands["redo"].trigger()

    def _layer(self) -> None:
        keys = ["add_layer", "duplicate_layer", "clear_layer", "invert_mask"]
        if len(self._document.layers) > 3:
            keys = ["flatten"]
        self._studio.window.commands[self._luck.choice(keys)].trigger()

    def _save(self) -> None:
        # While one goes on, another would only wait for it.
        if self._pen.state == "safe":
            self._session.save_as(self._folder() / f"{self._luck.randrange(3)}.sfumato")

    def _export(self) -> None:
        target = self._folder() / "out.png"
        self._studio.joins.flows.saving.export(target)

    def _generate(self) -> None:
        self._studio.window.bar.prompt.set_text("a red boat")
        if not self._studio.joins.flows.generation.running:
            self._studio.joins.flows.generation.start()

    def _on_takes(self) -> None:
        there = len(self._studio.joins.bench.takes.takes())
        if there != self._takes:
            self._takes = there
            # The strip speaks first: what keeps its takes has not given them yet.
            QTimer.singleShot(0, lambda: say("takes", self._pen.given, there))

    def _folder(self) -> Path:
        folder = Path(os.environ["SFUMATO_HOME"]) / "named"
        folder.mkdir(exist_ok=True)
        return folder


def main() -> int:
    """Run until killed."""
    luck, engine = random.Random(int(sys.argv[1])), "--engine" in sys.argv
    app = QApplication([])
    began = time.monotonic()
    studio = Studio(app, None if engine else lambda: EngineLink(SILENT))

    def furnish() -> None:
        hand = Hand(studio, luck, engine)
        hand.setParent(studio)
        session = studio.joins.flows.safe.session
        say("ready", round(time.monotonic() - began, 3))
        furnished = time.monotonic()

        def arrived(_: object) -> None:
            document = studio.joins.document
            say(
                "open",
                round(time.monotonic() - furnished, 3),
                state_of(document),
                document.history.index(),
                len(studio.joins.bench.takes.takes()),
            )
            QTimer.singleShot(0, hand.begin)

        session.arrived.connect(arrived, Qt.ConnectionType.QueuedConnection)
        session.refused.connect(lambda error: say("refused", error))
        if session.unnamed.last() is None:
            hand.begin()

    studio.furnished.connect(furnish)
    studio.window.show()
    signals = UnixSignals()
    signals.received.connect(lambda _: app.exit(0))
    code = app.exec()
    studio.close()
    signals.uninstall()
    return code


if __name__ == "__main__":
    sys.exit(main())

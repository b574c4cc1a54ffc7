"""Safekeeping: builds what keeps the picture on the disk, and joins it to the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from studio.document.document import Document
from studio.project.session import Session
from studio.project.unnamed import UnnamedPictures
from studio.ui.desk import Desk
from studio.ui.main_window import MainWindow
from studio.ui.projects import Projects


class Safekeeping(QObject):
    """The session with a thread of its own, so that no export holds a picture up."""

    def __init__(self, document: Document, window: MainWindow, data: Path) -> None:
        """`data` is the folder of what the artist would miss."""
        super().__init__()
        self.desk = Desk()
        unnamed = UnnamedPictures(data / "pictures", data / "open.json")
        self.session = Session(document, self.desk.run, unnamed)
        self.projects = Projects(document, self.session, window.messages, window.safe, window)
        for key, slot in (
            ("save", self.projects.save),
            ("save_as", self.projects.save_as),
            ("close_picture", self.projects.close),
        ):
            window.commands[key].triggered.connect(lambda _=False, slot=slot: slot())

    def begin(self) -> None:
        """Bring back the picture that was open last."""
        self.session.begin()

    def end(self) -> None:
        """Write what waits, and end the thread."""
        self.session.end()
        self.desk.close()

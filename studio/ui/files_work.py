"""Files work: the commands that begin a picture or hand it out."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.core.geometry import Size
from studio.ui.dialogs.new_canvas import NewCanvas
from studio.ui.flows import Flows
from studio.ui.main_window import MainWindow
from studio.ui.message_strip import Choice
from studio.ui.workbench import Workbench


class FilesWork(QObject):
    """New and Export, with the question each may have to ask first."""

    def __init__(self, window: MainWindow, flows: Flows, bench: Workbench) -> None:
        super().__init__()
        self._window, self._flows, self._bench = window, flows, bench

    def new(self) -> None:
        """Ask for a size, then begin an empty picture."""
        model = self._bench.gear.checkpoint
        dialog = NewCanvas(self._window, 512 if model is None else model.native)
        dialog.chosen.connect(
            lambda size, colour: self._flows.safe.projects.before_leaving(
                lambda: self._blank(size, colour)
            )
        )
        dialog.open()

    def export(self) -> None:
        """Ask for a file; about a take that is only looked at as well."""
        takes = self._bench.takes
        if takes.current is None:
            self._ask()
            return
        self._window.messages.say(
            self.tr("The take you are looking at is not part of the picture yet."),
            [
                Choice(self.tr("Keep and export"), self._keep_and_export),
                Choice(self.tr("Export without"), self._ask),
            ],
        )

    def _blank(self, size: Size, colour: tuple[int, int, int, int] | None) -> None:
        self._flows.document.open_blank(size, colour, self.tr("untitled"))
        self._bench.canvas.setFocus()

    def _keep_and_export(self) -> None:
        self._bench.takes.keep()
        self._ask()

    def _ask(self) -> None:
        self._flows.saving.ask(self._flows.recall.folder())

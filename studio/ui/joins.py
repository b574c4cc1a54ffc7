"""Joins: builds what follows the first painted frame, and ends it in order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from studio import paths
from studio.core.request import Request
from studio.document.document import Document
from studio.document.files.storage import write_atomic
from studio.jobs.calibration import Calibration
from studio.jobs.journal import Journal
from studio.jobs.link import EngineLink
from studio.jobs.meter import Meter
from studio.jobs.queue import JobQueue
from studio.jobs.shelf import FolderShelf
from studio.settings import Settings
from studio.ui import theme
from studio.ui.desk import Desk
from studio.ui.dispatch import Dispatch
from studio.ui.flows import Flows
from studio.ui.foresight import Foresight
from studio.ui.icons import Icons
from studio.ui.main_window import MainWindow
from studio.ui.workbench import Workbench

_log = logging.getLogger(__name__)


class Joins(QObject):
    """The document, the queue, the workbench, the flows between them, and the actions."""

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        settings: Settings,
        icons: Icons,
        link: EngineLink,
    ) -> None:
        """Build and join; the engine is started by `begin`."""
        super().__init__()
        self._app, self._settings, self._link = app, settings, link
        self.window = window
        self.document = Document()
        self._notes = Desk()
        self._shelf = FolderShelf(paths.data() / "jobs", write_atomic)
        self.queue = JobQueue(link, journal=Journal(self._shelf))
        look = theme.load(settings.values.theme, paths.resources() / "themes")
        self.bench = Workbench(window, self.document, self.queue, icons, look)
        app.setWindowIcon(QIcon(str(paths.resources() / "icons" / "app" / "sfumato.svg")))
        self.flows = Flows(window, settings, self.document, self.queue, self.bench, self.leave)
        self.dispatch = Dispatch(window, settings, self.bench, self.flows)
        self._join_themes()
        self._join_foresight()

    def begin(self, reopen: bool = True) -> None:
        """Show what was remembered, the last picture too unless told, and start the engine."""
        self.window.empty.load()
        self.flows.models.load(self._settings.values.model)
        self.flows.recall.restore()
        if reopen:
            self.flows.safe.begin()
        self._link.start()
        self.flows.warm()

    def end(self) -> None:
        """Write the settings, finish what is being written, and end the engine."""
        self.flows.recall.remember()
        self.window.hide()
        self.flows.outlook.stop()
        self.flows.compare.close()
        self.flows.reading.finish()
        # What is still said from here on would reach widgets that may be gone.
        self.document.history.blockSignals(True)
        for part in (self.queue, self.queue.line, self.queue.station):
            part.blockSignals(True)
        self.flows.desk.close()
        self.flows.safe.end()
        self.queue.leave()
        self._link.stop()
        self._shelf.close()
        self._notes.close()

    def leave(self) -> None:
        """End the event loop. `QApplication.quit` would ask the window, which would ask us."""
        self._app.exit(0)

    def report(self, trace: str) -> None:
        """Say that something went wrong which nobody expected."""
        last = trace.strip().splitlines()[-1] if trace.strip() else ""
        self.window.messages.warn(
            self.tr("Something went wrong in the window. Your picture is still here: export it.")
            + f" ({last})",
            trace,
        )

    def change_theme(self, name: str) -> None:
        """Let the whole window follow another theme."""
        look = theme.load(name, paths.resources() / "themes")
        theme.apply(self._app, look, paths.resources() / "icons")
        self.bench.set_theme(look)
        self._settings.update(theme=name)

    def _join_foresight(self) -> None:
        flows, queue = self.flows, self.queue

        def request_of(number: int) -> Request | None:
            job = queue.line.job(number)
            return None if job is None else job.request

        calibration = Calibration(paths.data() / "calibration.json", self._note)
        self.meter = Meter(calibration, request_of)
        self._link.received.connect(self.meter.heard)
        self._link.lost.connect(self.meter.lost)
        self.foresight = Foresight(self.meter, self.bench.gear, self.window.messages)
        flows.outlook.set_foresight(self.foresight.look)
        flows.set_gate(self.foresight.stops)
        self.foresight.changed.connect(flows.outlook.show)
        self.foresight.again_requested.connect(flows.generate)
        flows.generation.refused.connect(self.foresight.refused)

    def _note(self, path: Path, told: Callable[[], bytes]) -> None:
        """Write a file beside the window; a disk that is full costs this file alone."""
        self._notes.run(
            lambda: write_atomic(path, told()),
            lambda _: None,
            lambda error: _log.warning("%s cannot be written: %s", path, error),
        )

    def _join_themes(self) -> None:
        themes = self.flows.menus.themes
        themes.triggered.connect(lambda action: self.change_theme(action.data()))
        for action in themes.actions():
            action.setChecked(action.data() == self._settings.values.theme)

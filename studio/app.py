"""App: opens the window, and when it is painted, builds the rest and starts the engine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtWidgets import QApplication

from studio import paths
from studio.settings import Settings
from studio.ui import theme
from studio.ui.collector import Collector
from studio.ui.icons import Icons
from studio.ui.main_window import MainWindow

if TYPE_CHECKING:  # they load numpy, which has to wait for the first painted frame
    from studio.jobs.link import EngineLink
    from studio.ui.joins import Joins


class Studio(QObject):
    """The window, and from the first painted frame on everything behind it.

    Signals:
        furnished: `joins` is there.
    """

    furnished = Signal()

    def __init__(
        self,
        app: QApplication,
        link: Callable[[], EngineLink] | None = None,
        reopen: bool = True,
    ) -> None:
        """Build what the first frame shows.

        Args:
            app: Gets the theme.
            link: Makes the way to the engine; the child process on this machine by default.
            reopen: Whether the picture that was open last comes back.
        """
        super().__init__()
        self._app, self._make_link, self._reopen = app, link, reopen
        self._joins: Joins | None = None
        self.settings = Settings(paths.config() / "settings.json")
        values, resources = self.settings.values, paths.resources()
        look = theme.load(values.theme, resources / "themes")
        theme.apply(app, look, resources / "icons")
        self._icons = Icons(resources / "icons")
        self.window = MainWindow(self._icons, look, resources / "samples")
        geometry = QByteArray.fromHex(QByteArray(values.geometry.encode("ascii", "ignore")))
        if not geometry.isEmpty():
            self.window.restoreGeometry(geometry)
        self.window.bar.prompt.set_text(values.prompt)
        self.window.painted.connect(self._furnish)

    @property
    def joins(self) -> Joins:
        """Everything behind the window; there once `furnished` was emitted."""
        assert self._joins is not None
        return self._joins

    def close(self) -> None:
        """Write the settings, finish what is being written, end window and engine."""
        if self._joins is not None:
            self._joins.end()
        self.window.leave()

    def _furnish(self) -> None:
        from studio.jobs.link import EngineLink
        from studio.jobs.spare import affordable
        from studio.ui.joins import Joins

        def spare() -> bool:
            return self.settings.values.spare_engine and affordable()

        link = EngineLink(spare=spare) if self._make_link is None else self._make_link()
        self._joins = Joins(self._app, self.window, self.settings, self._icons, link)
        self._joins.begin(self._reopen)
        self.furnished.emit()


def run(arguments: Sequence[str]) -> int:
    """Open the window, on a picture when one is named; returns when it is closed.

    Returns:
        The exit code (architecture.md, section 5).
    """
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    app.setApplicationName("Sfumato")
    collector = Collector()
    studio = Studio(app, reopen=not arguments)
    installed: list[Callable[[], None]] = []

    def furnish() -> None:
        from studio.ui.faults import Faults
        from studio.ui.signals import UnixSignals

        signals, faults = UnixSignals(), Faults(paths.log())
        faults.caught.connect(studio.joins.report)
        signals.received.connect(lambda _: app.exit(0))
        installed.extend((faults.uninstall, signals.uninstall))
        if arguments:
            studio.joins.flows.intake.open(Path(arguments[0]))
        collector.settle()

    studio.furnished.connect(furnish)
    if arguments:
        studio.window.empty.hide()
    studio.window.show()
    code = app.exec()
    studio.close()
    for uninstall in installed:
        uninstall()
    collector.end()
    return code

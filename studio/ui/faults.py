"""Faults: what nobody caught goes to the log file and, in a sentence, to the window."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

_log = logging.getLogger("studio")
_MAX_BYTES = 1_000_000
_KEPT = 3

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Faults(QObject):
    """Installs itself where Python and Qt report what nobody caught, until `uninstall`.

    Signals:
        caught: The traceback of an unexpected exception; arrives in the GUI thread.
    """

    caught = Signal(str)

    def __init__(self, folder: Path) -> None:
        """Log into `folder`/window.log; a folder that cannot be written leaves stderr."""
        super().__init__()
        self._before = (sys.excepthook, threading.excepthook)
        self._crash: TextIO | None = None
        self._handler = self._file(folder)
        logging.getLogger().addHandler(self._handler)
        logging.getLogger().setLevel(logging.INFO)
        # Pillow's debug lines and the like are not worth a file.
        sys.excepthook = self._on_exception
        threading.excepthook = lambda given: self._on_exception(
            given.exc_type, given.exc_value, given.exc_traceback
        )
        qInstallMessageHandler(_on_qt)

    def uninstall(self) -> None:
        """Give everything back as it was found."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()

    def _file(self, folder: Path) -> logging.Handler:
        handler: logging.Handler
        try:
            handler = RotatingFileHandler(
                folder / "window.log", maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8"
            )
            if not faulthandler.is_enabled():
                self._crash = (folder / "crash.log").open("a")
                faulthandler.enable(self._crash)
        except OSError:
            handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        return handler

    def _on_exception(
        self,
        kind: type[BaseException],
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        text = "".join(traceback.format_exception(kind, value, trace))
        _log.error("Nobody caught this:\n%s", text)
        self.caught.emit(text)


def _on_qt(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    logging.getLogger(f"qt.{context.category or 'default'}").log(
        _LEVELS.get(kind, logging.WARNING), "%s", message
    )

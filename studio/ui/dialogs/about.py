"""About: what this is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from studio import __version__


def about(window: QWidget, log: Path) -> None:
    """Open it; the window goes on."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(_tr("About Sfumato"))
    box.setText(f"Sfumato {__version__}")
    words = _tr(
        "A studio in which artists paint with diffusion.\n"
        "Sfumato is the painter's word for a transition without an edge.\n\nLogs: {log}"
    )
    box.setInformativeText(words.format(log=log))
    box.open()


def _tr(text: str) -> str:
    return QCoreApplication.translate("About", text)

"""UnnamedMenu: pictures that never got a name, to go back to, and to forget on request only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from studio.core.errors import StudioError
from studio.project.session import Session
from studio.project.unnamed import Unnamed


class UnnamedMenu(QObject):
    """Filled anew whenever it is opened, the newest first.

    Signals:
        refused: StudioError.
    """

    refused = Signal(object)

    def __init__(
        self, menu: QMenu, session: Session, open_picture: Callable[[Path], None], window: QWidget
    ) -> None:
        super().__init__()
        self._menu, self._session = menu, session
        self._open, self._window = open_picture, window
        menu.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List what is there now."""
        self._menu.clear()
        others = []
        for each in self._session.unnamed.all():
            action = self._menu.addAction(f"{each.name}   {_size(each.nbytes)}")
            if each.path == self._session.path:
                action.setText(self.tr("{name}   (open)").format(name=each.name))
                action.setEnabled(False)
                continue
            others.append(each)
            action.triggered.connect(partial(self._open_it, each.path))
        if self._menu.isEmpty():
            self._menu.addAction(self.tr("None")).setEnabled(False)
        if others:
            self._menu.addSeparator()
            forget = self._menu.addAction(self.tr("&Forget them…"))
            forget.triggered.connect(lambda: self.ask(others))

    def ask(self, pictures: list[Unnamed]) -> None:
        """Forget pictures for good, after a question."""
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setText(
            self.tr("Forget {count} unnamed pictures ({size})?").format(
                count=len(pictures), size=_size(sum(each.nbytes for each in pictures))
            )
        )
        box.setInformativeText(self.tr("They cannot be brought back."))
        forget = box.addButton(self.tr("Forget them"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Keep them"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        forget.clicked.connect(lambda: self._forget(pictures))
        box.open()

    def _open_it(self, path: Path) -> None:
        self._open(path)

    def _forget(self, pictures: list[Unnamed]) -> None:
        for each in pictures:
            try:
                self._session.unnamed.forget(each.path)
            except StudioError as error:
                self.refused.emit(error)


def _size(nbytes: int) -> str:
    return f"{nbytes / (1 << 20):.1f} MB"

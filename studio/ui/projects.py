"""Projects: saving, naming and coming back, in words; the session does the work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from studio.core.errors import StudioError
from studio.document.document import Document
from studio.project.loading import Loaded
from studio.project.session import Session
from studio.project.unnamed import SUFFIX
from studio.ui.message_strip import Choice, MessageStrip
from studio.ui.safe_mark import SafeMark


class Projects(QObject):
    """Asks for names, and says what became of a picture.

    Signals:
        opened: Path of a named project that is now the document, or None.
    """

    opened = Signal(object)

    def __init__(
        self,
        document: Document,
        session: Session,
        messages: MessageStrip,
        mark: SafeMark,
        window: QWidget,
    ) -> None:
        super().__init__()
        self._document, self._session = document, session
        self._messages, self._mark, self._window = messages, mark, window
        self._trouble: StudioError | None = None
        pen = session.journal.pen
        pen.state_changed.connect(self._on_state)
        pen.failed.connect(self._on_failed)
        session.arrived.connect(self._on_arrived)
        session.named.connect(self._on_named)

    def save(self) -> None:
        """Give the picture a name; one that has it is saved already."""
        if not self._document.has_picture:
            self._messages.say(self.tr("There is no picture to save yet."))
        elif not self._session.has_name:
            self.save_as()
        elif self._session.home is not None:
            self._session.save_copy()
        elif self._session.journal.pen.state == "safe":
            self._messages.say(
                self.tr("'{name}' is saved: every stroke goes into it as you make it.").format(
                    name=self._document.name
                )
            )
        else:
            self._messages.say(self.tr("The last strokes are on their way to the disk."))

    def save_as(self) -> None:
        """Ask for another name, and go on there."""
        if not self._document.has_picture:
            self._messages.say(self.tr("There is no picture to save yet."))
            return
        path = self._session.path if self._session.has_name else None
        folder = path.parent if path is not None else _pictures()
        dialog = QFileDialog(
            self._window,
            self.tr("Save the picture with its layers and history"),
            str(folder / f"{self._document.name or self.tr('untitled')}{SUFFIX}"),
            self.tr("Sfumato pictures (*{suffix})").format(suffix=SUFFIX),
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX[1:])
        dialog.fileSelected.connect(lambda name: self._session.save_as(Path(name)))
        dialog.open()

    def close(self) -> None:
        """Leave the picture; an unnamed one stays in the list of unnamed pictures."""
        self.before_leaving(self._document.close)

    def before_leaving(self, go_on: Callable[[], None]) -> None:
        """Call `go_on`, after a question only where strokes are in memory alone."""
        if self._session.journal.pen.state != "failed":
            self._session.when_settled(go_on)
            return
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setText(self.tr("The last strokes are not on the disk."))
        box.setInformativeText(str(self._trouble or ""))
        save = box.addButton(self.tr("Save elsewhere…"), QMessageBox.ButtonRole.AcceptRole)
        drop = box.addButton(self.tr("Leave without them"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        save.clicked.connect(lambda: self.save_as())
        drop.clicked.connect(lambda: go_on())
        box.open()

    def _on_state(self, state: str) -> None:
        if state == "safe" and self._trouble is not None:
            self._trouble = None
            self._messages.say(self.tr("Everything is on the disk again."))
        self._mark.set_state(state, str(self._trouble or ""))

    def _on_failed(self, error: StudioError) -> None:
        self._trouble = error
        self._mark.set_state("failed", str(error))
        self._messages.warn(str(error), choices=[Choice(self.tr("Save elsewhere…"), self.save_as)])

    def _on_named(self, path: Path) -> None:
        said = self.tr("Saved as {name}. From now on every stroke goes into it.")
        if self._session.home is not None:
            said = self.tr(
                "A copy was saved as {name}. On a share or in a cloud's folder it is brought up to "
                "date when you save; every stroke is kept on this computer."
            )
        self._messages.say(said.format(name=path.name))
        self.opened.emit(path)

    def _on_arrived(self, loaded: Loaded) -> None:
        named = not self._session.unnamed.holds(loaded.path)
        self.opened.emit(loaded.path if named else None)
        if loaded.repairs:
            self._messages.warn(" ".join(loaded.repairs))
        elif loaded.in_use or loaded.read_only:
            self._say_copy(loaded)
        elif loaded.crashed:
            self._messages.say(
                self.tr(
                    "Sfumato was ended in the middle of your work. "
                    "Here it is, up to the last stroke, with its history."
                )
            )
        elif not named:
            self._messages.say(
                self.tr(
                    "Here is your picture as you left it. It has no name yet: Ctrl+S gives it one."
                )
            )

    def _say_copy(self, loaded: Loaded) -> None:
        why = loaded.read_only
        if loaded.in_use:
            why = self.tr("This picture is open in another window of Sfumato.")
        self._messages.say(
            self.tr("{why} What you change here goes into a copy of its own.").format(why=why),
            [Choice(self.tr("Save a copy…"), self.save_as), Choice(self.tr("Look only"), _nothing)],
        )


def _pictures() -> Path:
    where = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(where) if where and Path(where).is_dir() else Path.home()


def _nothing() -> None:
    """The message goes; that is all."""

"""Session: keeps the picture of the window in a project file, from its first stroke on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, Signal

from studio.core.errors import FileError, StudioError
from studio.document.document import Document
from studio.project import restore
from studio.project.journal import Journal
from studio.project.loading import Loaded, copied, fetched, finished, load, made, moved
from studio.project.places import lives_here
from studio.project.store.file import ProjectFile
from studio.project.store.writer import Writer
from studio.project.unnamed import UnnamedPictures
from studio.project.whereabouts import Whereabouts


class Run(Protocol):
    """Has work done in another thread, one after the other; answers come to the GUI thread."""

    def __call__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        refused: Callable[[StudioError], None],
    ) -> None: ...


class Session(QObject):
    """One picture at a time; no gesture waits for a disk, and nobody has to save.

    Signals:
        arrived: A Loaded that is now the document.
        named: Path, the file that the picture lies in from now on.
        refused: StudioError.
        ending: The program is about to end; what was put off has to be written now.
    """

    arrived = Signal(object)
    named = Signal(object)
    refused = Signal(object)
    ending = Signal()
    _made = Signal(int, object)
    _caught_up = Signal(object)

    def __init__(self, document: Document, run: Run, unnamed: UnnamedPictures) -> None:
        super().__init__()
        self.journal = Journal(document)
        self.unnamed = unnamed
        self._document, self._run = document, run
        self._path: Path | None = None
        self._home: Path | None = None
        self._turn = 0  # which picture answers of the other thread are for
        self._arriving: Loaded | None = None
        self._moving = False  # whether the picture is on its way into another file
        self._waiting: list[Callable[[], None]] = []
        self._old: Writer | None = None  # of the file that was left, until a copy has caught up
        self._spare = False  # whether that file is unnamed and goes then
        self._made.connect(self._on_made, Qt.ConnectionType.QueuedConnection)
        self._caught_up.connect(self._on_caught_up, Qt.ConnectionType.QueuedConnection)
        self.journal.pen.failed.connect(self._on_stuck)
        self._whereabouts = Whereabouts(lambda: None if self._moving else self._path, run)
        self._whereabouts.lost.connect(self._on_lost)
        self.journal.wanted.connect(self._create)
        self.journal.pen.kept.connect(lambda _: self._whereabouts.soon())
        document.leaving.connect(self._on_leaving)
        document.begun.connect(self._on_begun)
        self.journal.follow()

    @property
    def path(self) -> Path | None:
        """The file that the picture lies in; None: in none yet."""
        return self._path

    @property
    def home(self) -> Path | None:
        """Where Save puts a copy: a share or a cloud's folder; None: nothing has to be copied."""
        return self._home

    @property
    def has_name(self) -> bool:
        """Whether the artist has given the picture its name."""
        known = self._path is not None and not self.unnamed.holds(self._path)
        return known or self._home is not None

    def begin(self) -> bool:
        """Bring back the picture that was open last; returns whether there is one."""
        last = self.unnamed.last()
        if last is None:
            return False
        show = partial(self._show_last, last.ended, self._turn)
        self._run(self._reading(last.path), show, self.refused.emit)
        return True

    def open(self, path: Path) -> None:
        """Let a project be the document; where another window has it open, a look at it."""
        if self._path is None or path.resolve() != self._path.resolve():
            self._run(self._reading(path), self.show, self.refused.emit)

    def show(self, loaded: Loaded) -> None:
        """Let what was read be the document."""
        known = loaded.home or (None if self.unnamed.holds(loaded.path) else loaded.path)
        name = known.stem if known else str(loaded.stored.tree.get("name", ""))
        self._arriving = loaded
        try:
            restore.show(loaded.stored, self._document, name, known)
        except StudioError as error:
            if loaded.project is not None:
                loaded.project.close()
                self.unnamed.note(self._path)
            self.refused.emit(error)
            return
        finally:
            self._arriving = None
        self.arrived.emit(loaded)

    def save_as(self, path: Path) -> None:
        """Let the picture lie in that file from now on, with all its history."""
        if self._moving:
            self._waiting.append(partial(self.save_as, path))
            return
        if self._path is not None and path.resolve() == self._path.resolve():
            self.named.emit(path)
            return
        if not lives_here(path):
            self._save_out(path)
            return
        self._home = None
        self._moving = True
        writer = self.journal.pen.writer
        if writer is None:
            self._begin_at(path)
        else:
            self._move(writer, path)

    def _move(self, writer: Writer, path: Path) -> None:
        """Into a copy; until that is there, the old file takes what is painted."""
        self.journal.pen.fork()
        self._run(
            partial(moved, writer, path),
            partial(self._on_moved, writer, path),
            self._on_not_moved,
        )

    def save_copy(self) -> None:
        """Bring the copy at home up to date."""
        if self._home is not None:
            self._save_out(self._home)

    def _save_out(self, path: Path) -> None:
        """A copy for a place that no file is written into; the picture's own stays with us."""
        if not self.journal.based:
            self.journal.base()
            self._create()
        writer = self.journal.pen.writer
        if writer is None or (self._path is not None and self.has_name and self._home is None):
            self._bring_in(path)
            return
        self._run(partial(copied, writer, path), partial(self._on_copied, path), self.refused.emit)

    def _bring_in(self, path: Path) -> None:
        """First into a file of our own: the one with a name stays as it is."""
        writer = self.journal.pen.writer
        if writer is not None:
            self._waiting.append(partial(self._save_out, path))
            self._moving = True
            self._move(writer, self.unnamed.free(path.stem))

    def _on_copied(self, path: Path, _: int) -> None:
        self._home = path
        self._document.rename(path.stem, path)
        self.named.emit(path)

    def when_settled(self, go_on: Callable[[], None]) -> None:
        """Call it when no picture is on its way into another file: at once, mostly."""
        if self._moving:
            self._waiting.append(go_on)
        else:
            go_on()

    def end(self) -> None:
        """Write what waits and close the file; to be called once, before the thread is ended."""
        self.ending.emit()
        # A copy that is being made takes the place of the file only when it has all strokes.
        while self._moving:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        named = self.has_name and self._home is None
        writer = self.journal.leave()
        if writer is not None:
            self._run(partial(_last_finished, writer, named, self.unnamed), _nothing, _nothing)

    # -------------------------------------------------------------------- pictures come and go

    def _show_last(self, ended: bool, turn: int, loaded: Loaded) -> None:
        if turn == self._turn and not loaded.in_use:  # otherwise the other window shows it
            self.show(replace(loaded, crashed=not ended))
        elif loaded.project is not None:
            # The artist was quicker and has begun another one; this one waits in its list.
            self._run(loaded.project.close, _nothing, self.refused.emit)

    def _on_leaving(self) -> None:
        # A picture that was only opened holds nothing that its own file does not.
        dispose = not (self.has_name or self.journal.worth)
        writer, self._turn = self.journal.leave(), self._turn + 1
        if writer is not None:
            self._run(partial(_left, writer, dispose, self.unnamed), _nothing, self.refused.emit)
        self._path = self._home = None

    def _on_begun(self) -> None:
        loaded, document = self._arriving, self._document
        if loaded is not None and loaded.project is not None:
            self.journal.follow(loaded.stored.gestures)
            self._attach(loaded.project)
            self._home = loaded.home
            self._forget(loaded)
            return
        self.journal.follow()
        from_file = document.path is not None or any(
            layer.kind == "image" for layer in document.layers
        )
        if loaded is None and document.has_picture and from_file:
            self.journal.base()
            self._create()

    def _forget(self, loaded: Loaded) -> None:
        """Let go of steps that lie too far back, and then of the room that they took."""
        spare = loaded.stored.behind - restore.MOST
        if spare > restore.MOST // 4:
            self.journal.pen.write(lambda file: file.forget(spare))
            self.journal.pen.write(lambda file: file.compact())

    # ------------------------------------------------------------------------------- the file

    def _reading(self, path: Path) -> Callable[[], Loaded]:
        """What reads a project, and notes that it is open now if it is to be written into."""
        budget = self._document.history.budget

        def read() -> Loaded:
            if self.unnamed.holds(path) or lives_here(path):
                loaded = load(path, budget)
            else:
                loaded = fetched(path, self.unnamed.free(path.stem), budget)
            if loaded.project is not None:
                self.unnamed.note(loaded.project.path)
            return loaded

        return read

    def _begun(self, path: Path) -> ProjectFile:
        """A new file, noted as open before anything is safe in it alone."""
        project = made(path)
        self.unnamed.note(project.path)
        return project

    def _create(self) -> None:
        """A file of its own, made when its writer has something to write."""
        turn, name = self._turn, self._document.name

        def make() -> ProjectFile:
            project = self.unnamed.made(name)
            self._made.emit(turn, project.path)
            return project

        self.journal.pen.attach(make)

    def _on_made(self, turn: int, path: Path) -> None:
        if turn == self._turn:
            self._path = path

    def _on_lost(self, path: Path) -> None:
        self.refused.emit(
            FileError(
                _tr("'{name}' is not where it was.").format(name=path.name),
                _tr("Its disk or folder was taken away. Save the picture elsewhere."),
            )
        )

    def _begin_at(self, path: Path) -> None:
        if not self.journal.based:
            self.journal.base()
        self._run(
            partial(self._begun, path),
            partial(self._on_named, path),
            self._on_not_begun,
        )

    def _on_moved(self, writer: Writer, path: Path, found: tuple[ProjectFile, int] | None) -> None:
        pen = self.journal.pen
        if found is None:
            # The old disk does not take the last steps: the new file begins with what is there.
            pen.hold()
            self.journal.base()
            self._begin_at(path)
            self._run(partial(finished, writer, dispose=False), _nothing, self.refused.emit)
            return
        project, number = found
        self._old, self._spare = writer, self.unnamed.holds(self._path)
        pen.part(number)
        pen.write(partial(self._catch_up, self._turn, path))
        self._attach(project)

    def _catch_up(self, turn: int, path: Path, project: ProjectFile) -> None:
        """In the writer's thread: the copy has all that is safe in the old file, and counts now."""
        if turn == self._turn:
            self.unnamed.note(project.path)
        self._caught_up.emit(path)

    def _on_caught_up(self, path: Path) -> None:
        if self._path == path.resolve():
            self._tell_named(path)
        self._let_go(self._spare)

    def _on_stuck(self, _: StudioError) -> None:
        # The new disk fails already: the old file stays, with all that it was given.
        self._let_go(dispose=False)

    def _let_go(self, dispose: bool) -> None:
        writer, self._old = self._old, None
        if writer is not None:
            self._run(partial(finished, writer, dispose), _nothing, self.refused.emit)
            self._settle()

    def _on_named(self, path: Path, project: ProjectFile) -> None:
        self._attach(project)
        self._tell_named(path)
        self._settle()

    def _tell_named(self, path: Path) -> None:
        if not self.unnamed.holds(self._path):
            self._document.rename(path.stem, path)
            self.named.emit(path)

    def _on_not_moved(self, error: StudioError) -> None:
        self.journal.pen.rejoin()
        self._settle()
        self.refused.emit(error)

    def _on_not_begun(self, error: StudioError) -> None:
        self._create()
        self._settle()
        self.refused.emit(error)

    def _settle(self) -> None:
        self._moving = False
        waiting, self._waiting = self._waiting, []
        for go_on in waiting:
            go_on()

    def _attach(self, project: ProjectFile) -> None:
        self._path = project.path
        self.journal.pen.attach(project)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Session", text)


def _left(writer: Writer, dispose: bool, unnamed: UnnamedPictures) -> None:
    path = writer.ask(lambda file: file.path)
    finished(writer, dispose)
    if path.done() and path.exception() is None:
        unnamed.closed(path.result())


def _last_finished(writer: Writer, named: bool, unnamed: UnnamedPictures) -> None:
    """The next start brings an unnamed picture back; a named one is opened by its name."""
    path = writer.ask(lambda file: file.path)
    finished(writer, dispose=False)
    if path.done() and path.exception() is None:
        unnamed.note(None if named else path.result(), ended=True)


def _nothing(_: object) -> None:
    """Nobody waits for that answer."""

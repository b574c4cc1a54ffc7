"""Journal: puts every step of a document's history into its project file as it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from studio.core.errors import FileError
from studio.document.document import Document
from studio.project.capture import Capture
from studio.project.line import Line, Mark, Move
from studio.project.pen import Pen
from studio.project.store.faults import IMPOSSIBLE
from studio.project.store.file import ProjectFile
from studio.project.store.values import Gesture
from studio.project.store.writer import Writer
from studio.project.tree import VIEW

#: What a file keeps of the view is written so long after its last change, ms.
VIEW_DELAY = 300


class Journal(QObject):
    """Follows the history of one picture at a time; knows no command and no kind of step.

    Signals:
        wanted: There is something to keep, and no file for it yet.
    """

    wanted = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.pen = Pen()
        self._document = document
        self._capture = Capture(document)
        self._line = Line(document.history)
        self._tree: dict[str, Any] = {}
        self._following = False
        self._based = False
        self._worth = False
        self._view = QTimer(self, singleShot=True, interval=VIEW_DELAY)
        self._view.timeout.connect(self._keep_view)
        self.pen.unfit.connect(self.base)
        document.history.indexChanged.connect(lambda _: self._on_step())
        for signal in (
            document.layers_changed,
            document.masks.listing_changed,
            document.frame_changed,
        ):
            signal.connect(self._on_view)

    @property
    def based(self) -> bool:
        """Whether a file holds this picture, or will hold it."""
        return self._based

    @property
    def worth(self) -> bool:
        """Whether anything was done that no other file holds: a step, a take."""
        return self._worth

    def follow(self, gestures: Sequence[int] = ()) -> None:
        """Follow the document as it is now.

        Args:
            gestures: Ids of the states of its history in the file; none: no file has them.
        """
        self._capture.begin()
        self._line = Line(self._document.history, gestures)
        self._tree = self._capture.tree()
        self._based = self._worth = bool(gestures)
        self._following = True

    def base(self) -> None:
        """Let a file begin with what the document was when last looked at.

        Steps before it stay in the history; should one be gone back to, it is kept as a new step.
        """
        self._base_at(self._line.mark)

    def _base_at(self, mark: Mark) -> None:
        self._based = True
        self._line.forget()
        mark.planned = True
        tree, tiles = self._tree, self._capture.tiles()

        def work(file: ProjectFile) -> None:
            try:
                mark.gesture = file.baseline(tree, tiles())
            except IMPOSSIBLE as error:
                # Of a step that does not fit a base is made; of a base there is nothing else.
                raise FileError(
                    _tr("The picture does not fit into its file: {why}.").format(why=error),
                    _tr("Export it to keep what is there; it is still open and tried again."),
                ) from error

        self.pen.write(work)

    def leave(self) -> Writer | None:
        """Follow no more; the writer has yet to be closed."""
        if self._view.isActive():
            self._keep_view()
        self._following = self._based = False
        self._view.stop()
        return self.pen.drop()

    def keep(self, work: Callable[[ProjectFile], object], nbytes: int = 0) -> None:
        """Have something beside the picture written; `work` runs in the writer's thread."""
        if self._following:
            self._worth = True
            if not self._based:
                self.base()
                self.wanted.emit()
            self.pen.write(work, nbytes)

    def _on_step(self) -> None:
        if not self._following:
            return
        before = self._line.mark
        move = self._line.follow()
        if move is Move.SAME and not (self._based and self._line.newest):
            return
        if not self._based:
            self._base_at(before)
            self.wanted.emit()
        changes, tree = self._capture.changes(), self._capture.tree()
        if move is Move.SAME and not changes and self._tree == tree:
            return
        self._tree, self._worth = tree, True
        mark = self._line.mark
        if move is Move.OTHER and mark.planned:
            self.pen.write(lambda file: file.move_head(_gesture(mark)))
        else:
            text = self._document.history.undoText() if move is not Move.OTHER else ""
            gesture = Gesture(text or _tr("Go to another step"), tree, changes)
            self._commit(mark, gesture, amend=move is Move.SAME)

    def _commit(self, mark: Mark, gesture: Gesture, amend: bool) -> None:
        mark.planned = True

        def work(file: ProjectFile) -> None:
            mark.gesture = file.amend(gesture) if amend else file.commit(gesture)

        arrays = {id(each.after): each.after for each in gesture.changes}
        self.pen.write(work, sum(each.nbytes for each in arrays.values() if each is not None))

    def _on_view(self) -> None:
        if self._following and self._based:
            self._view.start()

    def _keep_view(self) -> None:
        """What is chosen without a step: kept with the step at which it was chosen."""
        view = {key: value for key, value in self._capture.tree().items() if key in VIEW}
        if any(self._tree[key] != value for key, value in view.items()):
            self._tree.update(view)
            self.pen.write(
                lambda file: file.put("view", "", {"gesture": file.head().gesture, **view})
            )


def _gesture(mark: Mark) -> int:
    if mark.gesture is None:
        raise ValueError("a step that was never written is asked for")
    return mark.gesture


def _tr(text: str) -> str:
    return QCoreApplication.translate("Journal", text)

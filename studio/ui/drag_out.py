"""What is dragged out of the window: a picture that is made only when something takes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QMetaType, QMimeData, QUrl

from studio.core.errors import StudioError
from studio.document.files.storage import write_atomic
from studio.ui.clipboard import PNG

_FILES = "text/uri-list"
_LONGEST = 60
#: Files of earlier drags that are left, as a slow target may still be reading.
_KEPT = 8


class DraggedOut(QMimeData):
    """A PNG for programs, and a file of it for file managers.

    Nothing is encoded and no file is written before a target asks: most drags end in the window
    that they began in.
    """

    def __init__(
        self, name: str, png: Callable[[], bytes], folder: Path, base: QMimeData | None
    ) -> None:
        """`base` is what a drag within the window needs; its formats are kept.

        Args:
            name: Of the file, without its ending.
            png: Makes the picture; empty when there is nothing to be seen.
            folder: Where the file is put; it is made when it is not there.
            base: What Qt's own views drag.
        """
        super().__init__()
        self._name, self._make, self._folder = name, png, folder
        self._own = list(base.formats()) if base is not None else []
        for each in self._own:
            self.setData(each, base.data(each) if base is not None else QByteArray())

    def formats(self) -> list[str]:
        """What targets may ask for."""
        return [*self._own, _FILES, PNG]

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype in self.formats()

    def retrieveData(self, mimetype: str, preferred: QMetaType | QMetaType.Type) -> Any:
        """Make it now."""
        if mimetype == PNG:
            return QByteArray(self._png)
        if mimetype == _FILES:
            return [QUrl.fromLocalFile(str(self._file))] if self._file is not None else []
        return super().retrieveData(mimetype, preferred)

    @cached_property
    def _png(self) -> bytes:
        return self._make()

    @cached_property
    def _file(self) -> Path | None:
        """The file, written once; None where it cannot be, and the target gets nothing."""
        path = self._folder / f"{plain(self._name)}.png"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._png:
                return None
            earlier = sorted(self._folder.glob("*.png"), key=lambda each: each.stat().st_mtime)
            for each in earlier[:-_KEPT]:
                each.unlink()
            write_atomic(path, self._png)
        except (OSError, StudioError):
            return None
        return path


def plain(name: str) -> str:
    """A name that every system takes for a file."""
    kept = re.sub(r"[^\w\- ]+", "-", name).strip(" -")[:_LONGEST].strip(" -")
    return kept or "picture"

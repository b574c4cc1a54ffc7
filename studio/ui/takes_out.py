"""What is dragged out of the takes strip: the picture with a take on it, or as it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QMimeData

from studio import paths
from studio.core.piece import laid
from studio.document.composite import over
from studio.document.document import Document
from studio.document.files.encode import KINDS, Choices, encode
from studio.document.files.metadata import Recipe
from studio.document.moment import Moment
from studio.ui.drag_out import DraggedOut
from studio.ui.takes_strip import Take


def handed_out(
    document: Document, recipe: Callable[[], Recipe | None]
) -> Callable[[Take | None], QMimeData]:
    """What makes a drag of a take, or of the picture as it is, which has that `recipe`."""

    def make(take: Take | None) -> QMimeData:
        made_with = recipe() if take is None else take.recipe
        name = document.name or _tr("picture")
        if take is not None:
            name = _tr("{name} seed {seed}").format(name=name, seed=take.recipe.seed)
        png = partial(_png, Moment(document), take, made_with)
        return DraggedOut(name, png, paths.data() / "dragged", None)

    return make


def _png(moment: Moment, take: Take | None, recipe: Recipe | None) -> bytes:
    """Of all that is seen, with the recipe inside; empty when there is nothing."""
    area = moment.bounds if take is None else moment.bounds.united(take.area)
    if area.empty:
        return b""
    read = moment.composite if take is None else laid(moment.composite, take.pieces, over)
    return encode(read(area), KINDS[".png"], recipe, Choices())[0]


def _tr(text: str) -> str:
    return QCoreApplication.translate("TakesOut", text)

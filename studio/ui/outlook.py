"""Outlook: keeps saying and showing what the next run would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from studio.canvas.exhibit import Exhibit
from studio.canvas.reach import lacks
from studio.core.errors import StudioError
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.inpaint.region import plan
from studio.jobs.order import Scene, Settings, Stage, detail, staged, stages
from studio.jobs.tasks import IGNORED, Task, framed, prepared
from studio.ui.gear_panel import GearPanel
from studio.ui.status_line import StatusLine
from studio.ui.words import intention, softness

#: A stroke changes the mask a hundred times a second; the sentence need not.
_DELAY_MS = 80
#: In a mask or a frame with more px nothing is looked for before the run: it would be felt.
_LOOKED_THROUGH = 8_000_000
#: More boxes than this would only hide the picture.
_SHOWN = 6


class Outlook(QObject):
    """Plans as a run would, after each change of picture, frame, mask, model or task.

    `chosen` gives the task, and the strength where the task offers some.
    """

    def __init__(
        self,
        document: Document,
        gear: GearPanel,
        status: StatusLine,
        exhibit: Exhibit,
        chosen: Callable[[], tuple[Task, float | None]],
    ) -> None:
        super().__init__()
        self._document, self._gear, self._status = document, gear, status
        self._exhibit, self._chosen = exhibit, chosen
        self._look: Callable[[Sequence[Stage], Settings, Rect], str] | None = None
        self._ended = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.show)
        for painted in (document.changed, document.masks.changed):
            painted.connect(lambda _: self._timer.start())
        for signal in (document.frame_changed, document.bounds_changed):
            signal.connect(self._timer.start)

    def set_foresight(self, look: Callable[[Sequence[Stage], Settings, Rect], str]) -> None:
        """Let that say what the runs take, from their stages, the settings and the picture."""
        self._look = look
        self._gear.changed.connect(self._timer.start)

    def stop(self) -> None:
        """Say nothing more: what changes from here on is told to a window that may be gone."""
        self._timer.stop()
        self._ended = True

    def show(self) -> None:
        """Say it now."""
        if self._ended:
            return
        settings = self._gear.order("", 0)
        if settings is None:
            self._tell("")
            return
        wanted, strength = self._chosen()
        if wanted.mask != IGNORED and self._document.masks.all_hidden():
            self._tell(self.tr("Every mask is hidden: show one by its eye, or clear it"))
            return
        try:
            self._foresee(wanted, settings, strength)
        except StudioError as error:
            self._tell(f"{error.message} {error.hint}".strip())

    def _foresee(self, wanted: Task, settings: Settings, strength: float | None) -> None:
        document, model = self._document, settings.model
        frame = document.frame
        if frame.empty:
            frame = Rect(0, 0, model.native, model.native)
        frame = framed(wanted, document.bounds, frame, model.row.grid)
        read = document.composite, document.masks.effective
        bounds = document.masks.bounds() if document.has_picture else Rect(0, 0, 0, 0)
        scene = Scene(*read, document.bounds, frame, bounds)
        scene, settings = prepared(wanted, scene, settings, strength)
        ahead = self._stages(scene, settings)
        main = list(dict.fromkeys(one.first or one.plan for one in ahead))
        over = any(not one.box.intersected(document.bounds).empty for one in main)
        self._gear.set_over_picture(over and wanted.strength is None)
        masked = not scene.masked.empty
        lacking = not masked and self._lacking(main[0].box)
        said = [intention(document.bounds, main[0], frame, masked, lacking)]
        if len(ahead) > 1:
            said.append(self.tr("in {count} runs").format(count=len(ahead)))
        if over:
            said.append(softness(detail(ahead)))
        if self._look is not None:
            said.append(self._look(ahead, settings, document.bounds))
        sentence = " · ".join(filter(None, said))
        held = wanted.mask != IGNORED and masked
        boxes = [one.box for one in main if one.box not in (frame, document.bounds)]
        self._tell(sentence, boxes if over and len(boxes) <= _SHOWN else [], held)

    def _stages(self, scene: Scene, settings: Settings) -> tuple[Stage, ...]:
        if scene.masked.empty:
            return stages(scene, settings, scene.frame.size.area <= _LOOKED_THROUGH)
        if scene.masked.size.area <= _LOOKED_THROUGH:
            return stages(scene, settings)
        numbers = settings.model.native, settings.model.row.grid
        return staged(
            [plan(scene.bounds, scene.frame, scene.masked, *numbers)], scene, settings, False
        )

    def _lacking(self, box: Rect) -> bool | None:
        return lacks(self._document, box) if box.size.area <= _LOOKED_THROUGH else None

    def _tell(self, sentence: str, boxes: list[Rect] | None = None, held: bool = False) -> None:
        self._status.show_mode(sentence)
        self._exhibit.boxes(boxes or [], held)

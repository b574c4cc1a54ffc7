"""CanvasView: the surface with tools, brush, previews and drops; what the window is built on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from studio.canvas.clip import clip_of
from studio.canvas.cursors import as_seen
from studio.canvas.exhibit import Exhibit
from studio.canvas.gestures import Gestures
from studio.canvas.handles import Handles
from studio.canvas.obstacles import obstacle
from studio.canvas.placed import Placed
from studio.canvas.reach import Reach
from studio.canvas.surface import Surface
from studio.canvas.tools.base import BrushSettings, Spot, Tool
from studio.canvas.tools.brush import Brush, stepped
from studio.canvas.tools.crop import Crop
from studio.canvas.tools.ellipse import Ellipse
from studio.canvas.tools.eraser import Eraser
from studio.canvas.tools.frame import GRID, Frame
from studio.canvas.tools.lasso import Lasso
from studio.canvas.tools.pan import Pan
from studio.canvas.tools.polygon import Polygon
from studio.canvas.tools.rectangle import Rectangle
from studio.canvas.tools.transform import Transform
from studio.canvas.tools.turn import Turn
from studio.canvas.tools.wand import Wand, WandSettings
from studio.canvas.touch import Touch
from studio.core.geometry import Rect
from studio.core.piece import Piece
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.layer import Layer

#: One press of Shift+[ or Shift+].
HARDNESS_STEP = 0.1
#: Of the ring's line beyond the brush's edge, view px.
RING = 3.0


class CanvasView(Surface):
    """The canvas of the window.

    Signals:
        tool_changed: Name of the tool.
        brush_changed: `brush` holds other settings.
        pointer_moved: QPointF in document px, or None when the pointer has left.
        files_dropped: list[Path], local files.
        image_dropped: bytes of a file or a QImage, from a program that drops pixels.
        message: A sentence for the artist.
    """

    tool_changed = Signal(str)
    brush_changed = Signal()
    pointer_moved = Signal(object)
    files_dropped = Signal(object)
    image_dropped = Signal(object)
    message = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        """A view of that document, with the brush in hand."""
        super().__init__(document, parent)
        self.exhibit = Exhibit(self)
        self._brush = BrushSettings()
        self._grid = GRID
        self._handles = Handles(self)
        self._resampling = "bicubic"
        self._wand = WandSettings()
        self._mode = "add"
        self._at: Spot | None = None
        tools: tuple[Tool, ...] = (
            Brush(lambda: self._brush, self.set_brush),
            Eraser(lambda: self._brush, self.set_brush),
            Rectangle(lambda: self._mode),
            Ellipse(lambda: self._mode),
            Lasso(lambda: self._mode),
            Polygon(lambda: self._mode),
            Wand(lambda: self._mode, lambda: self._wand),
            Frame(lambda: self._grid, lambda: self.scene.shown.held),
            Transform(
                self._handles.content,
                self._handles.place,
                lambda: self._resampling,
                self._handles.layers,
            ),
            Crop(self._handles.show_crop),
            Pan(self.pan_document),
            Turn(
                lambda: (self.width() / 2, self.height() / 2),
                lambda: self.view_rotation,
                lambda angle: self.rotate_view(angle - self.view_rotation),
            ),
        )
        self._tools = {tool.name: tool for tool in tools}
        self._tool: Tool = tools[0]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAcceptDrops(True)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(self.tr("The picture, its mask and the frame"))
        self._gestures = Gestures(self, self._tools, self)
        self._touch = Touch(self, self._gestures, self)
        self._touch.tapped.connect(self._on_tapped)
        document.bounds_changed.connect(self._gestures.refresh_cursor)
        for signal in (document.changed, document.masks.changed, document.frame_changed):
            signal.connect(self._renew_reach)

    @property
    def tool(self) -> Tool:
        """The chosen tool."""
        return self._tool

    @property
    def brush(self) -> BrushSettings:
        """What brush and eraser paint with."""
        return self._brush

    def set_tool(self, name: str) -> None:
        """Take the tool of that name from `tools`; a gesture going on is taken back.

        Raises:
            KeyError: There is no such tool.
        """
        tool = self._tools[name]
        if tool is self._tool:
            return
        self._gestures.cancel()
        self._tool = tool
        self.scene.shown.handles = name == "frame"
        self._handles.show_box(name == "transform")
        self.update()
        self._gestures.refresh_cursor()
        self.tool_changed.emit(name)

    def set_brush(self, brush: BrushSettings) -> None:
        """Paint with other settings from the next press on."""
        if brush != self._brush:
            self._brush = brush
            self._gestures.refresh_cursor()
            self.brush_changed.emit()

    def resize_brush(self, size: int, hardness: int) -> None:
        """So many steps larger and harder; negative: smaller and softer."""
        brush = self._brush
        width = brush.size
        for _ in range(abs(size)):
            width = stepped(width, 1 if size > 0 else -1)
        hard = min(max(round(brush.hardness + hardness * HARDNESS_STEP, 2), 0.0), 1.0)
        self.set_brush(replace(brush, size=width, hardness=hard))

    @property
    def wand(self) -> WandSettings:
        """What the magic wand takes for alike."""
        return self._wand

    def set_wand(self, wand: WandSettings) -> None:
        """Choose otherwise from the next click on."""
        self._wand = wand

    def set_frame_grid(self, grid: int) -> None:
        """In which steps the frame's edges move from the next drag on: the model's, document px."""
        self._grid = max(1, grid)

    def set_resampling(self, how: str) -> None:
        """Transform with another filter from the next drag on.

        Args:
            how: A key of `resample.FILTERS`.
        """
        self._resampling = how

    def choose_layers_by(self, chosen: Callable[[], tuple[Layer, ...]]) -> None:
        """Let `chosen` tell which layers are transformed; the active one without it."""
        self._handles.choose_by(chosen)

    def renew_box(self) -> None:
        """Other layers are chosen: show the box of the transform around them."""
        self._handles.renew()

    @property
    def quick_mask(self) -> bool:
        """Whether brush and eraser change the mask, not the active layer."""
        return self._brush.target == "mask"

    def set_quick_mask(self, on: bool) -> None:
        """Let brush and eraser change the mask, or the active layer."""
        self.set_brush(replace(self._brush, target="mask" if on else "layer"))

    def set_selection_mode(self, mode: str) -> None:
        """How shapes and the wand join the mask without a modifier.

        Args:
            mode: A member of `mask_ops.COMBINATIONS`.
        """
        self._mode = mode

    def show_preview(self, area: Rect, rgb: Pixels | None, mask: Pixels | None) -> None:
        """Show a forming picture at its place, within its mask; the document is not touched.

        Args:
            area: Document px.
            rgb: uint8 `[h, w, 3]` of any size; None shows none.
            mask: uint8 `[h, w]` of any size, over the whole of `area`; None: all of it.
        """
        shown = self.scene.shown
        if shown.preview is not None:
            self.damage(shown.preview.area)
        shown.preview = None if rgb is None or area.empty else Placed(area, rgb, mask)
        self.damage(area)

    def clear_preview(self) -> None:
        """Show the document again."""
        self.show_preview(Rect(0, 0, 0, 0), None, None)

    def show_take(self, area: Rect, pixels: Pixels | None) -> None:
        """Show a finished take over the picture, without the mask's tint.

        Args:
            area: Document px.
            pixels: uint8 `[h, w, 4]` straight alpha; None shows none.
        """
        self.exhibit.take(() if pixels is None or area.empty else (Piece(area, pixels),))

    def set_running(self, running: bool) -> None:
        """While a run goes on the mask is an outline, so that the preview is seen."""
        if running != self.scene.shown.running:
            self.scene.shown.running = running
            self.update()

    def set_progress(self, fraction: float | None) -> None:
        """A thin line along the frame's lower edge, 0 to 1; None for none."""
        self.scene.shown.progress = fraction
        frame, reach = self.document.frame, math.ceil(5 * self.grain)
        self.damage(Rect(frame.x, frame.bottom - reach, frame.width, 2 * reach))

    def show_plain(self, plain: bool) -> None:
        """Nothing but the picture."""
        if plain != self.scene.shown.plain:
            self.scene.shown.plain = plain
            self.update()

    def show_may_change(self, shown: bool) -> None:
        """Exactly the pixels that the next run may change."""
        if shown != (self.scene.shown.reach is not None):
            self.scene.shown.reach = Reach(self.document) if shown else None
            self.update()

    def may_begin(self, tool: Tool) -> bool:
        """Whether a press of that tool can do anything; says why not."""
        if not self.document.has_picture:
            return False
        reason = obstacle(self.document, self._brush, tool, self._handles.layers())
        if reason:
            self.message.emit(reason)
        return not reason

    def show_path(self, path: tuple[Spot, ...]) -> None:
        """Show the line of a selection being drawn, document px."""
        for spots in (self.scene.shown.path, path):
            if spots:
                xs, ys = [x for x, _ in spots], [y for _, y in spots]
                self.damage(
                    Rect.between(
                        int(min(xs)) - 1, int(min(ys)) - 1, int(max(xs)) + 2, int(max(ys)) + 2
                    )
                )
        self.scene.shown.path = path

    def show_pointer(self, at: Spot | None, ring: Spot | None, cursor: Qt.CursorShape) -> None:
        """Show where the pointer is, and the brush's ring or a cursor."""
        brush, radius = self._brush, self._brush.size / 2
        shown = None if ring is None else (ring, radius, radius * brush.hardness)
        if shown != self.scene.shown.ring:
            self._damage_ring()
            self.scene.shown.ring = shown
            self._damage_ring()
        cursor = as_seen(cursor, self.viewport)
        if self.cursor().shape() != cursor:
            self.setCursor(cursor)
        if at != self._at:
            self._at = at
            self.pointer_moved.emit(None if at is None else QPointF(*at))

    def hold(self, key: Qt.Key, down: bool) -> None:
        """Backslash shows the plain picture while it is held, with Shift what may change."""
        if key == Qt.Key.Key_Space:
            return
        self.show_plain(down and key == Qt.Key.Key_Backslash)
        self.show_may_change(down and key == Qt.Key.Key_Bar)

    def set_calm(self, calm: bool) -> None:
        """Whether nothing moves by itself, such as a view that was pushed."""
        self._touch.kinetic.calm = calm

    def _on_tapped(self, fingers: int) -> None:
        """Two fingers take a step back, three take it again."""
        if fingers == 2:
            self.document.history.undo()
        elif fingers == 3:
            self.document.history.redo()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures are welcome; what leaves this window is not asked for its file."""
        if event.source() is not None:
            return
        if _local_files(event) or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell the window what was dropped."""
        files = _local_files(event)
        clip = None if files else clip_of(event.mimeData())
        if files:
            self.files_dropped.emit(files)
        elif clip is not None:
            self.image_dropped.emit(clip)
        else:
            return
        event.acceptProposedAction()

    def _renew_reach(self) -> None:
        if self.scene.shown.reach is not None:
            self.scene.shown.reach = Reach(self.document)
            self.update()

    def _damage_ring(self) -> None:
        if self.scene.shown.ring is None:
            return
        (x, y), radius, _ = self.scene.shown.ring
        reach = max(radius, 6 * self.grain) + RING * self.grain
        self.damage(
            Rect.between(
                int(x - reach) - 1, int(y - reach) - 1, int(x + reach) + 2, int(y + reach) + 2
            )
        )


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]

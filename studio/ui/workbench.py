"""Workbench: the canvas and the panels that show the document, joined to the window."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog

from studio.canvas.look import Look
from studio.canvas.view import CanvasView
from studio.document.document import Document
from studio.jobs.queue import JobQueue
from studio.ui.actions import TOOLS
from studio.ui.compare_bar import CompareBar
from studio.ui.gear_panel import GearPanel
from studio.ui.icons import Icons
from studio.ui.main_window import MainWindow
from studio.ui.panels.history import HistoryPanel
from studio.ui.panels.layers import LayersPanel
from studio.ui.panels.masks import MasksPanel
from studio.ui.panels.overview import OverviewPanel
from studio.ui.panels.queue import QueuePanel
from studio.ui.takes_strip import TakesStrip
from studio.ui.theme import Theme, rgb
from studio.ui.tool_options import ToolOptions

#: Degrees by which a key turns the view.
TURN = 15.0


class Workbench(QObject):
    """Builds them, and connects what only concerns the view."""

    def __init__(
        self, window: MainWindow, document: Document, queue: JobQueue, icons: Icons, theme: Theme
    ) -> None:
        super().__init__()
        self._window, self._document = window, document
        self.canvas = CanvasView(document)
        self.options = ToolOptions(self.canvas, window)
        self.gear = GearPanel(icons)
        self.takes = TakesStrip(icons)
        self.compare_bar = CompareBar(icons)
        self.overview = OverviewPanel(self.canvas)
        self.overview.hide()
        self.layers = LayersPanel(document, window.commands, icons)
        self.canvas.choose_layers_by(self.layers.chosen)
        self.layers.chosen_changed.connect(self.canvas.renew_box)
        self.masks = MasksPanel(document, window.commands, icons)
        self.history = HistoryPanel(self.canvas, icons)
        self.history.hide()
        self.queue = QueuePanel(queue, window.commands, icons)
        window.stage.furnish(self.canvas, self.gear, self.takes)
        window.stage.add_top(self.compare_bar)
        window.add_panel(self.overview)
        window.add_panel(self.layers, 1)
        window.add_panel(self.masks)
        window.add_panel(self.history)
        window.add_panel(self.queue)
        self.set_theme(theme)
        self._connect_tools()
        self._connect_view()
        self._connect_bar()
        self.canvas.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Follow the theme where the palette does not reach."""
        self._window.engine.set_theme(theme)
        self._window.safe.set_theme(theme)
        self.canvas.set_look(
            replace(Look(), surround=rgb(theme.backdrop), accent=rgb(theme.accent))
        )

    def _connect_tools(self) -> None:
        commands, canvas, rail = self._window.commands, self.canvas, self._window.rail
        for key in TOOLS:
            commands[key].triggered.connect(lambda _=False, key=key: canvas.set_tool(key))
        canvas.tool_changed.connect(lambda name: commands[name].setChecked(True))
        commands["swap"].triggered.connect(self._swap)
        for key, steps in (
            ("smaller", (-1, 0)),
            ("larger", (1, 0)),
            ("softer", (0, -1)),
            ("harder", (0, 1)),
        ):
            commands[key].triggered.connect(
                lambda _=False, steps=steps: canvas.resize_brush(*steps)
            )
        rail.size_changed.connect(lambda size: canvas.set_brush(replace(canvas.brush, size=size)))
        rail.hardness_changed.connect(
            lambda hardness: canvas.set_brush(replace(canvas.brush, hardness=hardness))
        )
        rail.colour_clicked.connect(self._ask_colour)
        commands["paint_layer"].toggled.connect(lambda on: canvas.set_quick_mask(not on))
        commands["tool_options"].triggered.connect(lambda: self.options.unfold(rail.options))
        canvas.brush_changed.connect(self._show_brush)
        self._show_brush()

    def _connect_view(self) -> None:
        window, canvas, document = self._window, self.canvas, self._document
        commands = window.commands
        commands["fit"].triggered.connect(canvas.fit)
        commands["one_to_one"].triggered.connect(canvas.one_to_one)
        commands["zoom_in"].triggered.connect(lambda: canvas.set_zoom(canvas.zoom() * 1.5))
        commands["zoom_out"].triggered.connect(lambda: canvas.set_zoom(canvas.zoom() / 1.5))
        commands["view_left"].triggered.connect(lambda: canvas.rotate_view(-TURN))
        commands["view_right"].triggered.connect(lambda: canvas.rotate_view(TURN))
        commands["view_upright"].triggered.connect(canvas.reset_view_rotation)
        commands["view_flip"].triggered.connect(canvas.flip_view)
        commands["pixel_grid"].setChecked(canvas.scene.shown.grid)
        commands["pixel_grid"].toggled.connect(canvas.set_pixel_grid)
        commands["history"].toggled.connect(self.history.setVisible)
        commands["calm"].toggled.connect(canvas.set_calm)
        commands["overview"].toggled.connect(self.overview.setVisible)
        commands["rulers"].toggled.connect(canvas.set_rulers)
        # Elsewhere these keys enter numbers, move the focus or end an entry.
        commands.bind_to(canvas, "fold", "next_take", "previous_take", "keep_take", "drop_take")
        commands.bind_to(canvas, "view_left", "view_upright", "view_right")
        canvas.zoom_changed.connect(window.status.show_zoom)
        canvas.pointer_moved.connect(window.status.show_pointer)
        canvas.message.connect(window.messages.say)
        canvas.files_dropped.connect(window.files_dropped)
        canvas.image_dropped.connect(window.image_dropped)
        for signal in (document.bounds_changed, document.frame_changed):
            signal.connect(self._show_picture)
        document.renamed.connect(self._show_name)
        window.status.show_zoom(canvas.zoom())
        self._show_picture()
        self._show_name()

    def _connect_bar(self) -> None:
        commands, bar = self._window.commands, self._window.bar
        bar.gear_toggled.connect(self._unfold_gear)
        commands["focus_prompt"].triggered.connect(bar.prompt.setFocus)
        commands["earlier_prompt"].triggered.connect(lambda: bar.prompt.walk(-1))
        commands["later_prompt"].triggered.connect(lambda: bar.prompt.walk(1))
        bar.count_changed.connect(self.gear.count.set_value)
        self.gear.count.value_changed.connect(lambda count: bar.count.set_count(int(count)))
        commands["next_take"].triggered.connect(lambda: self.takes.walk(1))
        commands["previous_take"].triggered.connect(lambda: self.takes.walk(-1))
        commands["keep_take"].triggered.connect(self._keep_or_write)
        commands["drop_take"].triggered.connect(self.takes.drop)

    def _unfold_gear(self, shown: bool) -> None:
        self.gear.setVisible(shown)
        self._window.stage.place()
        (self.gear.steps if shown else self._window.bar.prompt).setFocus()

    def _keep_or_write(self) -> None:
        if self.takes.current is not None:
            self.takes.keep()
        else:
            self._window.bar.prompt.setFocus()

    def _swap(self) -> None:
        self.canvas.set_tool("eraser" if self.canvas.tool.name == "brush" else "brush")

    def _show_brush(self) -> None:
        brush, rail = self.canvas.brush, self._window.rail
        rail.show_brush(brush.size, brush.hardness)
        rail.show_colour(QColor(*brush.colour))
        self._window.commands["paint_layer"].setChecked(not self.canvas.quick_mask)

    def _ask_colour(self) -> None:
        dialog = QColorDialog(QColor(*self.canvas.brush.colour), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._paint_with)
        dialog.open()

    def _paint_with(self, colour: QColor) -> None:
        rgb_of = (colour.red(), colour.green(), colour.blue())
        self.canvas.set_brush(replace(self.canvas.brush, colour=rgb_of, target="layer"))

    def _show_picture(self) -> None:
        document, window = self._document, self._window
        window.status.show_size(document.bounds)
        window.empty.setVisible(document.frame.empty and not document.has_picture)
        window.bar.set_inviting(not document.has_picture)

    def _show_name(self) -> None:
        name = self._document.name or self.tr("Untitled")
        self._window.show_name(name if self._document.has_picture else "")

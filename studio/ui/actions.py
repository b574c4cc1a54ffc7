"""Actions: everything the window can do, each with its name, icon and shortcut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from studio.ui.icons import Icons
from studio.ui.task_words import KEYS, words

#: Tools of the canvas as the rail groups them: what is alike shares a button.
RAIL = (
    ("brush",),
    ("eraser",),
    ("lasso", "polygon"),
    ("rectangle", "ellipse"),
    ("wand",),
    ("frame",),
    ("transform", "crop"),
    ("pan", "turn"),
)
#: Proportions of the frame that are offered, ways to turn the picture, and its sides.
ASPECTS = ((1, 1), (4, 3), (3, 4), (3, 2), (2, 3), (16, 9), (9, 16), (21, 9))
TURNS = ("right", "left", "half", "across", "down")
SIDES = ("left", "right", "top", "bottom")
TOOLS = tuple(tool for group in RAIL for tool in group)


@dataclass(frozen=True, slots=True)
class Row:
    """One action; single keys are left to a text field that has the focus, by Qt itself."""

    key: str
    text: str
    keys: Sequence[str] = ()
    icon: str = ""
    checkable: bool = False
    checked: bool = False


def _tool(key: str, text: str, *keys: str) -> Row:
    return Row(key, text, keys, key, True, key == TOOLS[0])


def _explain(action: QAction) -> None:
    plain = action.text().replace("&", "").rstrip("…")
    shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{plain} ({shortcut})" if shortcut else plain)


class Actions(QObject):
    """All actions by their key. Who does what an action says connects to it."""

    def __init__(self, icons: Icons, window: QWidget) -> None:
        """Actions of `window`; their shortcuts work wherever the focus is in it."""
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        groups = (
            self._files(),
            self._edits(),
            self._tasks(),
            self._masks(),
            self._layers(),
            self._picture(),
            self._frame(),
            self._tools(),
            self._views(),
        )
        for row in (row for group in groups for row in group):
            self._actions[row.key] = self._made(row, icons)
        window.addActions(list(self._actions.values()))
        self.tools = QActionGroup(self)
        for tool in TOOLS:
            self.tools.addAction(self._actions[tool])

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def set_keys(self, key: str, keys: Sequence[QKeySequence]) -> None:
        """Let other keys do what an action does; its tooltip says the first."""
        self._actions[key].setShortcuts(keys)
        _explain(self._actions[key])

    def bind_to(self, widget: QWidget, *keys: str) -> None:
        """Let the shortcuts of these actions work only while `widget` itself has the focus."""
        for key in keys:
            action = self._actions[key]
            self._window().removeAction(action)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            widget.addAction(action)

    def _window(self) -> QWidget:
        parent = self.parent()
        assert isinstance(parent, QWidget)
        return parent

    def _made(self, row: Row, icons: Icons) -> QAction:
        action = QAction(row.text, self)
        action.setObjectName(row.key)
        action.setShortcuts([QKeySequence(each) for each in row.keys])
        _explain(action)
        if row.icon:
            action.setIcon(icons(row.icon))
        action.setIconVisibleInMenu(False)
        action.setCheckable(row.checkable)
        action.setChecked(row.checked)
        return action

    def _files(self) -> tuple[Row, ...]:
        return (
            Row("new", self.tr("&New canvas…"), ("Ctrl+N",), "new"),
            Row("open", self.tr("&Open…"), ("Ctrl+O",), "open"),
            Row("save", self.tr("&Save"), ("Ctrl+S",)),
            Row("save_as", self.tr("Save &as…"), ("Ctrl+Shift+S",)),
            Row("close_picture", self.tr("&Close the picture"), ("Ctrl+W",)),
            Row("export", self.tr("&Export…"), ("Ctrl+Shift+E",), "image"),
            Row("add_model", self.tr("Add a &model…"), ("Ctrl+Shift+M",)),
            Row("quit", self.tr("&Quit"), ("Ctrl+Q",)),
        )

    def _edits(self) -> tuple[Row, ...]:
        return (
            Row("undo", self.tr("&Undo"), ("Ctrl+Z",), "undo"),
            Row("redo", self.tr("&Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
            Row("cut", self.tr("Cu&t"), ("Ctrl+X",)),
            Row("copy", self.tr("&Copy the layer"), ("Ctrl+C",)),
            Row("copy_merged", self.tr("Copy what is &seen"), ("Ctrl+Shift+C",)),
            Row("paste", self.tr("&Paste picture"), ("Ctrl+V",)),
            Row("generate", self.tr("&Generate"), ("Ctrl+Return", "Ctrl+Enter")),
            Row("stop", self.tr("&Stop"), ("Esc", "Shift+X")),
            Row("stop_keep", self.tr("Stop and &keep what is there"), ("Shift+Esc",)),
            Row("freeze", self.tr("Free&ze the run")),
            Row("resume", self.tr("&Resume the frozen run")),
            Row("batch", self.tr("&Batch…"), ("Ctrl+Shift+B",)),
            Row("hold_queue", self.tr("Pa&use the queue"), ("Pause",), "pause", True),
            Row("notify", self.tr("Te&ll when long runs are done"), (), "", True, True),
            Row("cancel_all", self.tr("Cancel &all runs"), ("Ctrl+Alt+X",), "list-x"),
            Row("focus_prompt", self.tr("Write the &prompt"), ("Ctrl+P",)),
            Row("earlier_prompt", self.tr("Earlier prompt"), ("Alt+Up",)),
            Row("later_prompt", self.tr("Later prompt"), ("Alt+Down",)),
            Row("next_take", self.tr("Next take"), ("Right",)),
            Row("previous_take", self.tr("Previous take"), ("Left",)),
            Row("keep_take", self.tr("Keep take"), ("Return", "Enter"), "check"),
            Row("drop_take", self.tr("Drop take"), ("Del",), "trash"),
        )

    def _tasks(self) -> tuple[Row, ...]:
        tasks = (
            Row(f"task_{key}", words(key).title, (words(key).keys,), f"task-{key}") for key in KEYS
        )
        return (
            *tasks,
            Row("expand_left", self.tr("Expand to the &left"), ("Alt+Shift+Left",)),
            Row("expand_right", self.tr("Expand to the &right"), ("Alt+Shift+Right",)),
            Row("expand_top", self.tr("Expand &upwards"), ("Alt+Shift+Up",)),
            Row("expand_bottom", self.tr("Expand &downwards"), ("Alt+Shift+Down",)),
            Row("erase", self.tr("&Quick erase of the mask"), ("Ctrl+Backspace",), "erase"),
            Row("compare", self.tr("&Compare the take"), ("Y",), "compare", True),
            Row("compare_next", self.tr("Compare in another &way"), ("Shift+Y",)),
        )

    def _masks(self) -> tuple[Row, ...]:
        return (
            Row("invert_mask", self.tr("&Invert mask"), ("Ctrl+Shift+I",), "invert"),
            Row("clear_mask", self.tr("&Clear mask"), ("Ctrl+D",), "clear"),
            Row("grow_mask", self.tr("&Grow mask…"), ("Ctrl+Shift+Up",)),
            Row("shrink_mask", self.tr("&Shrink mask…"), ("Ctrl+Shift+Down",)),
            Row("feather_mask", self.tr("&Feather mask…"), ("Shift+F6",)),
            Row("border_mask", self.tr("&Border of the mask…")),
            Row("fill_holes", self.tr("Fill &holes of the mask")),
            Row("mask_from_layer", self.tr("Mask from the &layer"), ("Ctrl+Shift+L",)),
            Row("mask_from_colour", self.tr("Mask by c&olour…")),
            Row("add_mask", self.tr("&New mask"), ("Ctrl+Shift+K",)),
            Row("duplicate_mask", self.tr("&Duplicate mask")),
            Row("remove_mask", self.tr("&Remove mask")),
            Row("import_mask", self.tr("I&mport mask…")),
            Row("export_mask", self.tr("&Export mask…")),
        )

    def _layers(self) -> tuple[Row, ...]:
        return (
            Row("add_layer", self.tr("&New layer"), ("Ins",), "plus"),
            Row("duplicate_layer", self.tr("&Duplicate layers"), ("Ctrl+J",)),
            Row("remove_layer", self.tr("&Remove layers"), ("Shift+Del",), "trash"),
            Row("clear_layer", self.tr("&Clear layer")),
            Row("merge_down", self.tr("&Merge down, or what is chosen"), ("Ctrl+E",)),
            Row("flatten", self.tr("&Flatten picture"), ("Ctrl+Alt+E",)),
            Row("group_layers", self.tr("&Group layers"), ("Ctrl+G",)),
            Row("ungroup", self.tr("&Ungroup layers"), ("Ctrl+Shift+G",)),
            Row("hide_group", self.tr("&Hide the group"), (), "", True),
            Row("lock_layer", self.tr("&Lock layers or the group"), (), "", True),
            Row("lock_alpha", self.tr("Lock &alpha: change colours only"), ("/",), "", True),
            Row("layer_up", self.tr("Move layer u&p"), ("Ctrl+PgUp",), "up"),
            Row("layer_down", self.tr("Move layer d&own"), ("Ctrl+PgDown",), "down"),
        )

    def _picture(self) -> tuple[Row, ...]:
        return (
            Row("crop_to_frame", self.tr("Crop to the &frame")),
            Row("canvas_size", self.tr("&Canvas size…"), ("Ctrl+Alt+C",)),
            Row("image_size", self.tr("&Image size…"), ("Ctrl+Alt+I",)),
            Row("picture_right", self.tr("Turn picture &right")),
            Row("picture_left", self.tr("Turn picture &left")),
            Row("picture_half", self.tr("Turn picture &upside down")),
            Row("picture_across", self.tr("Flip left and righ&t")),
            Row("picture_down", self.tr("Flip top and &bottom")),
        )

    def _frame_in(self, wide: int, high: int) -> str:
        return self.tr("Frame {wide}:{high}").format(wide=wide, high=high)

    def _frame(self) -> tuple[Row, ...]:
        aspects = (
            Row(f"aspect_{wide}_{high}", self._frame_in(wide, high)) for wide, high in ASPECTS
        )
        return (
            Row("frame_mask", self.tr("Frame around the &mask"), ("Shift+F",)),
            Row("frame_all", self.tr("Frame around the &whole picture"), ("Ctrl+Shift+F",)),
            *aspects,
            Row("zoom_out_1_5", self.tr("Zoom the frame out &1.5 times"), ("Ctrl+Alt+1",)),
            Row("zoom_out_2", self.tr("Zoom the frame out &2 times"), ("Ctrl+Alt+2",)),
            Row("zoom_out_custom", self.tr("Zoom the frame &out…"), ("Ctrl+Alt+0",)),
            Row("pan_left", self.tr("Pan the frame &left"), ("Ctrl+Alt+Left",)),
            Row("pan_right", self.tr("Pan the frame &right"), ("Ctrl+Alt+Right",)),
            Row("pan_top", self.tr("Pan the frame &up"), ("Ctrl+Alt+Up",)),
            Row("pan_bottom", self.tr("Pan the frame &down"), ("Ctrl+Alt+Down",)),
        )

    def _tools(self) -> tuple[Row, ...]:
        return (
            _tool("brush", self.tr("Brush"), "B"),
            _tool("eraser", self.tr("Eraser"), "E"),
            _tool("lasso", self.tr("Mask lasso"), "L"),
            _tool("polygon", self.tr("Mask polygon: click its corners"), "Shift+L"),
            _tool("rectangle", self.tr("Mask rectangle"), "R", "M"),
            _tool("ellipse", self.tr("Mask ellipse"), "Shift+R"),
            _tool("wand", self.tr("Magic wand: mask what is alike"), "W"),
            _tool("frame", self.tr("Frame: drag its edges out to paint beyond"), "F"),
            _tool("transform", self.tr("Transform the layer by its handles"), "Ctrl+T"),
            _tool("crop", self.tr("Crop: draw what stays, then Enter"), "C"),
            _tool("pan", self.tr("Move the view"), "H"),
            _tool("turn", self.tr("Turn the view"), "Shift+H"),
            Row(
                "paint_layer",
                self.tr("Paint on the layer, not on the mask"),
                ("Q",),
                "paint-layer",
                True,
            ),
            Row("tool_options", self.tr("Settings of the tools"), ("F5",), "options"),
            Row("swap", self.tr("Swap brush and eraser"), ("X",), "swap"),
            Row("smaller", self.tr("Smaller brush"), ("[",)),
            Row("larger", self.tr("Larger brush"), ("]",)),
            Row("softer", self.tr("Softer brush"), ("{", "Shift+[")),
            Row("harder", self.tr("Harder brush"), ("}", "Shift+]")),
        )

    def _views(self) -> tuple[Row, ...]:
        return (
            Row("fit", self.tr("&Fit the picture"), ("Ctrl+0",)),
            Row("one_to_one", self.tr("&100 %"), ("Ctrl+1",)),
            Row("zoom_in", self.tr("Zoom &in"), ("Ctrl++", "Ctrl+=")),
            Row("zoom_out", self.tr("Zoom &out"), ("Ctrl+-",)),
            Row("view_left", self.tr("Turn the view &left"), ("4",)),
            Row("view_upright", self.tr("Turn the view &upright"), ("5",)),
            Row("view_right", self.tr("Turn the view &right"), ("6",)),
            Row("view_flip", self.tr("Flip the &view"), ("Shift+M",), "", True),
            Row("pixel_grid", self.tr("Pixel &grid"), ("Ctrl+Shift+'",), "", True),
            Row("rulers", self.tr("Rul&ers"), ("Ctrl+R",), "", True),
            Row("fold", self.tr("Only the picture"), ("Tab",)),
            Row("column", self.tr("Layers, mask and queue"), ("F7",), "", True, True),
            Row("overview", self.tr("&Overview"), ("F9",), "", True),
            Row("calm", self.tr("Calm &motion: nothing glides"), (), "", True),
            Row("history", self.tr("&History"), ("F8",), "", True),
            Row("gear", self.tr("Settings of the run"), ("Ctrl+,", "F6"), "gear", True),
            Row("shortcuts", self.tr("&Shortcuts…"), ("Ctrl+Alt+K",)),
            Row("about", self.tr("&About Sfumato")),
        )

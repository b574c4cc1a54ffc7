"""Menus: where each action stands in the menu bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar

from studio.ui.actions import ASPECTS, SIDES, TOOLS, TURNS, Actions
from studio.ui.task_words import KEYS
from studio.ui.theme import THEMES


class Menus:
    """Fills a menu bar; the two lists that change are filled anew when they are opened."""

    def __init__(
        self,
        bar: QMenuBar,
        actions: Actions,
        recent: Callable[[], Sequence[str]],
        open_recent: Callable[[Path], None],
    ) -> None:
        """Menus of `actions`; `recent` is asked whenever the list of files is opened."""
        self._actions = actions
        self._recent, self._open_recent = recent, open_recent
        file = bar.addMenu(_tr("&File"))
        self._add(file, "new", "open")
        self._files = file.addMenu(_tr("Open &recent"))
        self._files.aboutToShow.connect(self._fill_recent)
        self.unnamed = file.addMenu(_tr("&Unnamed pictures"))
        self._add(file, "close_picture", "", "save", "save_as", "export", "")
        self._add(file, "add_model", "", "quit")
        edit = bar.addMenu(_tr("&Edit"))
        self._add(edit, "undo", "redo", "", "cut", "copy", "copy_merged", "paste")
        self._add_picture(bar)
        self.mask = bar.addMenu(_tr("&Mask"))
        self._add(self.mask, "invert_mask", "clear_mask", "")
        self._add(self.mask, "grow_mask", "shrink_mask", "feather_mask", "border_mask")
        self._add(self.mask, "fill_holes", "", "mask_from_layer", "mask_from_colour", "")
        self._add(self.mask, "add_mask", "duplicate_mask", "remove_mask", "")
        self._add(self.mask, "import_mask", "export_mask")
        tools = bar.addMenu(_tr("&Tools"))
        self._add(
            tools,
            *TOOLS,
            "",
            "paint_layer",
            "tool_options",
            "swap",
            "smaller",
            "larger",
            "softer",
            "harder",
        )
        run = bar.addMenu(_tr("&Run"))
        self.run = run
        self._add(run, "generate", "batch", "stop", "stop_keep", "freeze", "resume", "")
        self._add(run, "hold_queue", "cancel_all", "")
        self._add(run, *(f"task_{key}" for key in KEYS), "erase", "")
        self._add(run, *(f"expand_{side}" for side in SIDES), "")
        self._add(run, "focus_prompt", "earlier_prompt", "later_prompt", "gear", "")
        self._add(run, "next_take", "previous_take", "keep_take", "drop_take", "")
        self._add(run, "compare", "compare_next")
        view = bar.addMenu(_tr("&View"))
        self._add(view, "fit", "one_to_one", "zoom_in", "zoom_out", "")
        self._add(view, "view_left", "view_right", "view_upright", "view_flip", "")
        self._add(view, "pixel_grid", "rulers", "", "column", "overview", "history", "fold", "")
        self._add(view, "calm", "")
        self.themes = _themes(view)
        self._add(bar.addMenu(_tr("&Help")), "shortcuts", "", "about")

    def _add_picture(self, bar: QMenuBar) -> None:
        picture = bar.addMenu(_tr("&Picture"))
        self._add(picture, "crop_to_frame", "canvas_size", "image_size", "")
        self._add(picture, *(f"picture_{turn}" for turn in TURNS))
        self.layer = bar.addMenu(_tr("&Layer"))
        self._add(self.layer, "add_layer", "duplicate_layer", "remove_layer", "clear_layer", "")
        self._add(self.layer, "merge_down", "flatten", "", "group_layers", "ungroup")
        self._add(self.layer, "hide_group", "", "lock_layer", "lock_alpha", "")
        self._add(self.layer, "layer_up", "layer_down")
        frame = bar.addMenu(_tr("F&rame"))
        self._add(frame, "frame_mask", "frame_all")
        shapes = frame.addMenu(_tr("&Proportions"))
        self._add(shapes, *(f"aspect_{wide}_{high}" for wide, high in ASPECTS))
        self._add(frame, "", "zoom_out_1_5", "zoom_out_2", "zoom_out_custom", "")
        self._add(frame, *(f"pan_{side}" for side in SIDES))

    def _add(self, menu: QMenu, *keys: str) -> None:
        for key in keys:
            if key:
                menu.addAction(self._actions[key])
            else:
                menu.addSeparator()

    def _fill_recent(self) -> None:
        self._files.clear()
        for name in self._recent():
            path = Path(name)
            action = self._files.addAction(path.name)
            action.setToolTip(name)
            action.triggered.connect(lambda _=False, path=path: self._open_recent(path))
        if self._files.isEmpty():
            self._files.addAction(_tr("Nothing yet")).setEnabled(False)


def _themes(view: QMenu) -> QActionGroup:
    menu = view.addMenu(_tr("&Theme"))
    group = QActionGroup(menu)
    names = {"dark": _tr("Dark"), "light": _tr("Light"), "contrast": _tr("High contrast")}
    for key in THEMES:
        action = QAction(names[key], group)
        action.setCheckable(True)
        action.setData(key)
        menu.addAction(action)
    return group


def _tr(text: str) -> str:
    return QCoreApplication.translate("Menus", text)

"""Recall: what the window remembers from one start to the next."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.core.errors import StudioError
from studio.core.samplers import SCHEDULES, sampler
from studio.document.files.metadata import Recipe
from studio.settings import HISTORY, Preferences, Settings
from studio.ui.main_window import MainWindow
from studio.ui.panels import history
from studio.ui.workbench import Workbench

_log = logging.getLogger(__name__)
#: Settings of the brush from 0 to 1, and where they are remembered.
_SHARES = {
    "hardness": "brush_hardness",
    "opacity": "brush_opacity",
    "flow": "brush_flow",
    "spacing": "brush_spacing",
    "smoothing": "brush_smoothing",
    "pressure_size": "pen_size",
    "pressure_flow": "pen_flow",
}


class Recall(QObject):
    """Reads the settings into the window and back.

    Signals:
        changed: What `said` tells has changed.
    """

    changed = Signal()

    def __init__(self, settings: Settings, window: MainWindow, bench: Workbench) -> None:
        super().__init__()
        self._settings, self._window, self._bench = settings, window, bench
        window.bar.prompt.textChanged.connect(self.changed)
        bench.gear.changed.connect(self.changed)
        bench.history.budget_chosen.connect(
            lambda megabytes: settings.update(undo_megabytes=megabytes)
        )

    def restore(self) -> None:
        """Show what was remembered, over the model's own values."""
        values, canvas = self._settings.values, self._bench.canvas
        self._window.bar.prompt.set_history(values.prompts)
        # The lower limit comes first: it is what NaN becomes.
        size = min(max(1.0, values.brush_size), 2000.0)
        shares: dict[str, Any] = {
            ours: min(max(0.0, getattr(values, theirs)), 1.0) for ours, theirs in _SHARES.items()
        }
        shares["spacing"] = max(shares["spacing"], 0.01)
        canvas.set_brush(replace(canvas.brush, size=size, **shares))
        self._bench.gear.restore(values)
        megabytes = min(max(values.undo_megabytes, history.LEAST), history.MOST)
        self._bench.canvas.document.set_history_budget(megabytes << 20)
        self._window.commands["history"].setChecked(values.history_shown)
        self._window.commands["overview"].setChecked(values.overview_shown)
        self._window.commands["calm"].setChecked(values.calm_motion)

    def remember(self) -> None:
        """Write down how the window stands now; a failure is for the log only."""
        window, brush = self._window, self._bench.canvas.brush
        self._settings.update(
            geometry=bytes(window.saveGeometry().toHex().data()).decode("ascii"),
            prompts=window.bar.prompt.history()[-HISTORY:],
            prompt=window.bar.prompt.text(),
            brush_size=brush.size,
            **{theirs: getattr(brush, ours) for ours, theirs in _SHARES.items()},
            history_shown=self._window.commands["history"].isChecked(),
            overview_shown=self._window.commands["overview"].isChecked(),
            calm_motion=self._window.commands["calm"].isChecked(),
        )
        if self._bench.gear.checkpoint is not None:
            self._settings.update(**self._bench.gear.remembered())
        try:
            self._settings.save()
        except StudioError as error:
            _log.warning("The settings were not saved: %s", error)

    def said(self) -> dict[str, Any]:
        """The prompt and how it is to be run, as JSON values: it goes with the picture."""
        return {"prompt": self._window.bar.prompt.text(), **self._bench.gear.remembered()}

    def show_said(self, said: Mapping[str, Any]) -> None:
        """Show what `said` told; what is not of its type there is left as it is."""
        usual: dict[str, Any] = asdict(Preferences())
        known: dict[str, Any] = {
            name: value
            for name, value in said.items()
            if name in usual and type(value) is type(usual[name])
        }
        self._window.bar.prompt.set_text(known.pop("prompt", ""))
        self._bench.gear.choose_if_known(known.pop("model", ""))
        self._bench.gear.restore(replace(self._settings.values, **known))

    def note_file(self, path: Path | None) -> None:
        """That file was opened or written last."""
        if path is not None:
            self._settings.values = self._settings.values.with_recent(path.absolute())
            self._settings.update(folder=str(path.absolute().parent))

    def folder(self) -> str:
        """Where dialogs begin."""
        return self._settings.values.folder or str(Path.home())

    def use(self, recipe: Recipe) -> None:
        """Bring the settings of a picture back, as far as they are known here."""
        gear, bar = self._bench.gear, self._window.bar
        bar.prompt.set_text(recipe.prompt)
        values = replace(
            self._settings.values,
            negative=recipe.negative,
            steps=recipe.steps or 0,
            guidance=-1.0 if recipe.guidance is None else recipe.guidance,
            strength=1.0 if recipe.strength is None else recipe.strength,
            sampler=recipe.sampler if sampler(recipe.sampler) else "",
            schedule=recipe.schedule if recipe.schedule in SCHEDULES else "default",
            seed=recipe.seed or 0,
            seed_locked=recipe.seed is not None,
            count=1,
        )
        gear.choose_if_known(recipe.model)
        gear.restore(values)
        gear.choice.take(recipe.guider, recipe.betas, recipe.reuse)
        bar.prompt.setFocus()

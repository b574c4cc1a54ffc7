"""GearPanel: everything about a run but its prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QWidget

from studio.core.checkpoint import Checkpoint
from studio.core.messages import Loaded
from studio.jobs.order import Settings
from studio.settings import Preferences
from studio.ui.icons import Icons
from studio.ui.pieces import label
from studio.ui.prompt_edit import PromptEdit
from studio.ui.sampler_choice import SamplerChoice, choose
from studio.ui.seed_row import SeedRow
from studio.ui.sliders import Scale, ValueSlider


class GearPanel(QFrame):
    """Unfolds over the prompt bar; shows only what the model can honour.

    Signals:
        model_chosen: Checkpoint.
        add_model_requested: The last entry of the models.
        changed: Something else than the model.
        resized: It needs another height.
    """

    model_chosen = Signal(object)
    add_model_requested = Signal()
    changed = Signal()
    resized = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("gear_panel")
        self._models: tuple[Checkpoint, ...] = ()
        self._abilities: dict[str, Loaded] = {}
        self._limits: dict[str, int] = {}  # working edges, px, of models that ran short of memory
        self._fitted = ""  # the model whose defaults the controls were given last
        self.model = QComboBox()
        self.model.setAccessibleName(self.tr("Model"))
        self.negative = PromptEdit(self.tr("What should not be there?"), 3)
        self.steps = ValueSlider(
            self.tr("Steps"),
            Scale(1, 150),
            20,
            self.tr("How often the picture is refined: more is slower, and finer up to a point."),
        )
        self.guidance = ValueSlider(
            self.tr("Guidance"),
            Scale(1, 20, 0.5, "", 1),
            5,
            self.tr("How closely the prompt is followed: high values are harsh, low ones loose."),
        )
        self.strength = ValueSlider(
            self.tr("Strength"),
            Scale(5, 100, 5, "%"),
            100,
            self.tr("How much may change: 100 % starts afresh, 30 % only retouches."),
        )
        many = self.tr("How many variants one run makes.")
        self.count = ValueSlider(self.tr("Takes"), Scale(1, 16), 1, many)
        self.choice = SamplerChoice()
        self.sampler, self.schedule = self.choice.sampler, self.choice.schedule
        self.seed = SeedRow(icons)
        self._hint = label("", "hint", wrapped=True)
        self._lay_out()
        self._connect()

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The chosen model."""
        return next((one for one in self._models if one.key == self.model.currentData()), None)

    def set_models(self, models: Sequence[Checkpoint], chosen: str) -> None:
        """Offer these models; `chosen` is a key, the first model is taken for an unknown one."""
        self._models = tuple(models)
        self.model.blockSignals(True)
        self.model.clear()
        for one in models:
            self.model.addItem(one.title, one.key)
        self.model.insertSeparator(self.model.count())
        self.model.addItem(self.tr("Add a model…"), "")
        place = max(0, self.model.findData(chosen)) if chosen else 0
        self.model.setCurrentIndex(place if models else -1)
        self.model.blockSignals(False)
        self._fit_model()

    def choose(self, key: str) -> None:
        """Show that model as the chosen one, without saying so."""
        self.model.blockSignals(True)
        self.model.setCurrentIndex(self.model.findData(key) if key else -1)
        self.model.blockSignals(False)

    def choose_if_known(self, key: str) -> None:
        """Take that model, and its defaults, when it is installed."""
        place = self.model.findData(key) if key else -1
        if place >= 0:
            self.model.setCurrentIndex(place)

    def set_abilities(self, loaded: Loaded) -> None:
        """Hide what that model, now loaded, cannot honour."""
        self._abilities[loaded.model] = loaded
        self._fit_model()

    def limit(self, edge: int) -> None:
        """Have the chosen model work at that edge, px, until it is chosen anew."""
        model = self.checkpoint
        if model is not None:
            self._limits[model.key] = edge
            self.changed.emit()

    def set_over_picture(self, over: bool) -> None:
        """Whether the next run changes a picture; the strength has no meaning otherwise."""
        if self.strength.isVisibleTo(self) != over:
            self.strength.setVisible(over)
            self.resized.emit()

    def order(self, prompt: str, seed: int) -> Settings | None:
        """The settings of the next run, or None without a model."""
        model = self.checkpoint
        if model is None:
            return None
        return Settings(
            model=replace(model, native=self._limits.get(model.key, model.native)),
            prompt=prompt,
            negative=self.negative.text() if self.negative.isVisibleTo(self) else "",
            **self.choice.chosen(),
            steps=int(self.steps.value_now()),
            guidance=self.guidance.value_now() if self.guidance.isVisibleTo(self) else 1.0,
            strength=self.strength.value_now() / 100,
            seed=seed,
            count=int(self.count.value_now()),
        )

    def remembered(self) -> dict[str, object]:
        """The values as fields of Preferences; what is at the model's default stays unnamed."""
        model = self.checkpoint
        steps, guidance = int(self.steps.value_now()), self.guidance.value_now()
        sampler = str(self.sampler.currentData() or "")
        return {
            "model": model.key if model else "",
            "negative": self.negative.text(),
            "steps": 0 if model and steps == model.steps else steps,
            "guidance": -1.0 if model and guidance == model.guidance else guidance,
            "sampler": "" if model and sampler == model.sampler else sampler,
            "schedule": str(self.schedule.currentData()),
            "strength": self.strength.value_now() / 100,
            "count": int(self.count.value_now()),
            "seed": self.seed.value(),
            "seed_locked": self.seed.locked(),
        }

    def restore(self, values: Preferences) -> None:
        """Show what was remembered, over the model's own defaults."""
        self.negative.set_text(values.negative)
        if values.steps > 0:
            self.steps.set_value(values.steps)
        if values.guidance >= 0:
            self.guidance.set_value(values.guidance)
        choose(self.sampler, values.sampler)
        choose(self.schedule, values.schedule)
        self.strength.set_value(values.strength * 100)
        self.count.set_value(values.count)
        self.seed.set_value(values.seed)
        self.seed.set_locked(values.seed_locked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn) and isinstance(
            watched, QWidget
        ):
            self._hint.setText(watched.toolTip())
        elif event.type() == QEvent.Type.Leave:
            self._describe()
        return False

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(self.model, 0, 0, 1, 2)
        grid.addWidget(self.negative, 1, 0, 1, 2)
        for place, widget in enumerate((self.steps, self.guidance, self.strength, self.count)):
            grid.addWidget(widget, 2 + place // 2, place % 2)
        grid.addWidget(self.choice, 4, 0, 1, 2)
        grid.addWidget(self.seed, 5, 0, 1, 2)
        grid.addWidget(self._hint, 6, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def _connect(self) -> None:
        self.model.currentIndexChanged.connect(self._on_model)
        self.negative.grown.connect(self.resized)
        for slider in (self.steps, self.guidance, self.strength, self.count):
            slider.value_changed.connect(lambda _: self.changed.emit())
            slider.installEventFilter(self)
        for box in (*self.choice.boxes, self.model):
            box.installEventFilter(self)
        self.choice.changed.connect(self.changed)

    def _on_model(self, index: int) -> None:
        if self.model.itemData(index) == "":
            self.choose(self._fitted)
            self.add_model_requested.emit()
            return
        model = self.checkpoint
        self._fit_model()
        if model is not None:
            self._limits.pop(model.key, None)
            self.model_chosen.emit(model)

    def _fit_model(self) -> None:
        model = self.checkpoint
        if model is None:
            return
        able = self._abilities.get(model.key)
        self.steps.set_default(model.steps)
        self.guidance.set_default(model.guidance)
        self.choice.offer(model, able)
        if self._fitted != model.key:
            self._fitted = model.key
            self.steps.set_value(model.steps)
            self.guidance.set_value(model.guidance)
            choose(self.sampler, model.sampler)
        self.negative.setVisible(able is None or able.negative)
        self.guidance.setVisible(able is None or able.guided)
        self._describe()
        self.resized.emit()

    def _describe(self) -> None:
        model = self.checkpoint
        self._hint.setText("" if model is None else model.description)

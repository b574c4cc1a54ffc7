"""SamplerChoice: how noise is taken away, spaced, added and guided; only what the model can."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from studio.core.checkpoint import Checkpoint
from studio.core.guiders import GUIDERS
from studio.core.messages import Loaded
from studio.core.samplers import BETAS, SAMPLERS, SCHEDULES


class SamplerChoice(QWidget):
    """Five lists; those with a single entry are not shown.

    Signals:
        changed: Another entry was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._schedules: dict[str, tuple[str, ...]] = {}
        self.sampler = _box(
            self.tr("Sampler"), self.tr("The way noise is taken away; each has its own character.")
        )
        self.schedule = _box(
            self.tr("Schedule"), self.tr("How the steps are spread from coarse to fine.")
        )
        self.betas = _box(
            self.tr("Noise"),
            self.tr("How noise grows: another way than the model's own is for experiments."),
        )
        self.guider = _box(
            self.tr("Guidance by"),
            self.tr("How the prompt is followed: the ways beyond the plain one are less harsh."),
        )
        self.reuse = _box(
            self.tr("Shortcut"),
            self.tr("Approximate: quicker, and the picture comes out a little otherwise."),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for place, box in enumerate(self.boxes):
            wide = 2 if box is self.reuse else 1  # its words are long
            grid.addWidget(box, place // 2, place % 2, 1, wide)
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self.sampler.currentIndexChanged.connect(lambda _: self._offer_schedules())
        self.offer(None, None)

    @property
    def boxes(self) -> tuple[QComboBox, ...]:
        """The five lists."""
        return self.sampler, self.schedule, self.guider, self.betas, self.reuse

    def offer(self, model: Checkpoint | None, able: Loaded | None) -> None:
        """Show what that model can; all there is until it is known."""
        own = "" if model is None else model.sampler
        keys = [one.key for one in SAMPLERS] if able is None else able.samplers
        self._schedules = {} if able is None else dict(zip(keys, able.schedules, strict=False))
        titles = {one.key: one.title for one in SAMPLERS if one.key in keys}
        if own in titles:
            titles[own] += self.tr(" · default")
        _fill(self.sampler, titles, own)
        _fill(self.guider, _named(self._guiders(), GUIDER_KEYS if able is None else able.guiders))
        _fill(self.betas, _named(self._betas(), BETAS if able is None else able.betas))
        _fill(self.reuse, _named(self._reuses(), ("none",) if able is None else able.reuses))
        self._offer_schedules()

    def take(self, guider: str, betas: str, reuse: str) -> None:
        """Choose these, or what is usual where nothing is said or the model has none of it."""
        for box, key in ((self.guider, guider), (self.betas, betas), (self.reuse, reuse)):
            box.setCurrentIndex(0)
            choose(box, key)

    def chosen(self) -> dict[str, str]:
        """The chosen keys, as fields of `jobs.order.Settings`."""
        names = ("sampler", "schedule", "guider", "betas", "reuse")
        return {name: str(box.currentData()) for name, box in zip(names, self.boxes, strict=True)}

    def _offer_schedules(self) -> None:
        keys = self._schedules.get(str(self.sampler.currentData()), SCHEDULES)
        titles = {
            "default": self.tr("Model's own spacing"),
            "karras": self.tr("Karras spacing"),
            "exponential": self.tr("Exponential spacing"),
        }
        _fill(self.schedule, _named(titles, keys))

    def _betas(self) -> dict[str, str]:
        return {
            "default": self.tr("Model's own noise"),
            "linear": self.tr("Linear noise"),
            "scaled_linear": self.tr("Scaled linear noise"),
            "squaredcos_cap_v2": self.tr("Squared cosine noise"),
        }

    def _reuses(self) -> dict[str, str]:
        return {
            "none": self.tr("Every step in full"),
            "blocks": self.tr("Reuse between steps · approximate"),
        }

    def _guiders(self) -> dict[str, str]:
        return {one.key: one.title for one in GUIDERS}


GUIDER_KEYS = tuple(one.key for one in GUIDERS)


def choose(box: QComboBox, key: object) -> None:
    """Take the entry of that key, if there is one."""
    place = box.findData(key)
    if place >= 0:
        box.setCurrentIndex(place)


def _box(name: str, tip: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box


def _named(titles: dict[str, str], keys: Sequence[str]) -> dict[str, str]:
    return {key: titles[key] for key in keys if key in titles}


def _fill(box: QComboBox, titles: dict[str, str], fallback: str = "") -> None:
    """Offer these, keeping what was chosen where it is still among them."""
    before = box.currentData()
    box.blockSignals(True)
    box.clear()
    for key, title in titles.items():
        box.addItem(title, key)
    choose(box, before if before in titles else fallback)
    box.blockSignals(False)
    box.setVisible(len(titles) > 1 or before is None)

"""OverviewPanel: the whole picture in small, what of it is seen, and the zoom."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QSizePolicy

from studio.canvas.overview import Overview
from studio.canvas.surface import Surface
from studio.canvas.viewport import MAX_ZOOM, MIN_ZOOM
from studio.ui.panels.section import Section
from studio.ui.sliders import Scale, ValueSlider

HEIGHT = 120
#: Steps of the zoom's slider per doubling.
_FINE = 20


class ZoomSlider(ValueSlider):
    """The zoom in percent; each doubling takes the same way, as it does for the eye."""

    def __init__(self, name: str, hint: str) -> None:
        """From 1 to 6400 percent; a double click brings 100."""
        super().__init__(name, Scale(MIN_ZOOM * 100, MAX_ZOOM * 100, 1, "%"), 100, hint)
        self.setRange(_notch(MIN_ZOOM * 100), _notch(MAX_ZOOM * 100))
        self.setPageStep(_FINE)
        self.set_value(100)

    def value_now(self) -> float:
        return float(2 ** (self.value() / _FINE) * 100)

    def set_value(self, value: float) -> None:
        self.setValue(_notch(min(max(value, MIN_ZOOM * 100), MAX_ZOOM * 100)))

    def _share(self, value: float) -> float:
        return (_notch(value) - self.minimum()) / (self.maximum() - self.minimum())

    def _shown(self, value: float) -> str:
        return f"{value:.0f} %" if value >= 10 else f"{value:.1f} %"


class OverviewPanel(Section):
    """Drag what is framed, or click elsewhere, to look there."""

    def __init__(self, canvas: Surface) -> None:
        super().__init__(self.tr("Overview"))
        self._canvas = canvas
        self._showing = False
        self.overview = Overview(canvas)
        self.overview.setFixedHeight(HEIGHT)
        self.overview.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.overview.setToolTip(self.tr("Drag the frame to look elsewhere; the wheel zooms"))
        self.zoom = ZoomSlider(self.tr("Zoom"), self.tr("How large the picture is shown."))
        self.add(self.overview)
        self.add(self.zoom)
        self.zoom.value_changed.connect(self._on_zoom)
        canvas.zoom_changed.connect(self._show_zoom)
        self._show_zoom(canvas.zoom())

    def _on_zoom(self, percent: float) -> None:
        if not self._showing:
            self._canvas.set_zoom(percent / 100)

    def _show_zoom(self, zoom: float) -> None:
        self._showing = True
        self.zoom.set_value(zoom * 100)
        self._showing = False


def _notch(percent: float) -> int:
    return round(math.log2(percent / 100) * _FINE)

"""CompareBar: the ways to compare a take with the picture, and the figures of both."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton, QVBoxLayout

from studio.canvas.comparison import DIFFERENCE, FLICKER, KINDS, WIPE
from studio.inpaint.report import Report
from studio.ui.icons import Icons
from studio.ui.pieces import SMALL, icon_button, label
from studio.ui.sliders import Scale, ValueSlider

SLIDER_WIDTH = 190


class CompareBar(QFrame):
    """Floats over the canvas's upper edge while a take is compared.

    Signals:
        kind_chosen: A member of `comparison.KINDS`.
        split_moved: Share of the take's width from which on the take is seen, 0 to 1.
        pace_set: Milliseconds between two turns.
        gain_set: How much differences are amplified.
        closed: The artist has seen enough.
    """

    kind_chosen = Signal(str)
    split_moved = Signal(float)
    pace_set = Signal(int)
    gain_set = Signal(int)
    closed = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("compare_bar")
        self._group = QButtonGroup(self)
        self._buttons = {kind: self._button(icons, kind) for kind in KINDS}
        self.split = ValueSlider(
            self.tr("Before"), Scale(0, 100, 1, "%"), 50, self.tr("How much shows the original.")
        )
        self.pace = ValueSlider(
            self.tr("Every"), Scale(200, 2000, 100, "ms"), 600, self.tr("How often they alternate.")
        )
        self.gain = ValueSlider(
            self.tr("Amplified"), Scale(1, 16, 1, "×"), 4, self.tr("How much differences show.")
        )
        self.split.value_changed.connect(lambda value: self.split_moved.emit(value / 100))
        self.pace.value_changed.connect(lambda value: self.pace_set.emit(int(value)))
        self.gain.value_changed.connect(lambda value: self.gain_set.emit(int(value)))
        self._figures = label("", "hint")
        self._figures.setAccessibleName(self.tr("Figures of the comparison"))
        close = icon_button(icons("close"), self.tr("Close (Y)"), SMALL)
        close.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addSpacing(4)
        for slider in (self.split, self.pace, self.gain):
            slider.setFixedWidth(SLIDER_WIDTH)
            row.addWidget(slider)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 6, 6)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._figures, 0, Qt.AlignmentFlag.AlignHCenter)
        self.show_kind(WIPE)
        self.hide()

    def show_kind(self, kind: str) -> None:
        """Show that way as the chosen one, with its slider."""
        self._buttons[kind].setChecked(True)
        self.split.setVisible(kind == WIPE)
        self.pace.setVisible(kind == FLICKER)
        self.gain.setVisible(kind == DIFFERENCE)

    @property
    def told(self) -> str:
        """The figures as they are shown."""
        return self._figures.text()

    def show_figures(self, report: Report | None, instead: str = "") -> None:
        """Tell what was measured; without a report say something else."""
        if report is None:
            self._figures.setText(instead)
            self._figures.setToolTip("")
            return
        outside = (
            self.tr("outside the mask bit-identical")
            if report.kept
            else self.tr("OUTSIDE THE MASK {count} PX CHANGED").format(count=report.changed_outside)
        )
        parts = [
            outside,
            self.tr("seam {value}").format(value=_told(report.seam)),
            self.tr("ring {median} / {high} ΔE").format(
                median=_told(report.ring), high=_told(report.ring_p95)
            ),
            f"PSNR {_told(report.psnr)} dB",
            f"SSIM {_told(report.ssim)}",
        ]
        self._figures.setText("  ·  ".join(parts))
        self._figures.setToolTip(
            self.tr(
                "Seam: colour steps over the mask's edge as a multiple of those around it; 1 does "
                "not show.\nRing: how far the colours just inside the edge moved, median and 95th "
                "percentile; below 1 nobody sees.\nPSNR and SSIM: how like the original the area "
                "is."
            )
        )

    def sizeHint(self) -> QSize:
        return QSize(560, super().sizeHint().height())

    def _button(self, icons: Icons, kind: str) -> QToolButton:
        icon, text = {
            WIPE: ("compare", self.tr("Wipe: before left of the line, after right of it")),
            FLICKER: ("flicker", self.tr("Flicker: before and after in turns")),
            DIFFERENCE: ("difference", self.tr("Difference: what changed, amplified")),
        }[kind]
        button = icon_button(icons(icon), f"{text} (Shift+Y)")
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.kind_chosen.emit(kind))
        self._group.addButton(button)
        return button


def _told(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "–"

"""QueuePanel: what is being made and what waits."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from studio.jobs.job import Job
from studio.jobs.queue import JobQueue
from studio.ui.icons import Icons
from studio.ui.panels.section import Section
from studio.ui.pieces import SMALL, icon_button, label
from studio.ui.words import seconds_left

#: Rows shown; more jobs than that are only counted.
MOST = 6
#: The column does not change its width.
_TITLE_WIDTH = 140


class QueuePanel(Section):
    """A row for each job that has not ended, and for the failed ones until they are dismissed.

    Signals:
        menu_requested: int, the job; where on the screen.
    """

    menu_requested = Signal(int, QPoint)

    def __init__(self, queue: JobQueue, icons: Icons) -> None:
        super().__init__(self.tr("Queue"))
        self._queue, self._icons = queue, icons
        self._rows: dict[int, _Row] = {}
        self._dismissed: set[int] = set()
        self._note = label("", "hint", wrapped=True)
        self.add(self._note)
        queue.changed.connect(lambda _: self._fill())
        self._fill()

    def _fill(self) -> None:
        jobs = [job for job in self._queue.jobs() if self._wanted(job)]
        shown = jobs[:MOST]
        for number in set(self._rows) - {job.id for job in shown}:
            row = self._rows.pop(number)
            row.hide()
            row.deleteLater()
        for job in shown:
            if job.id not in self._rows:
                self._rows[job.id] = self._row(job)
            self._rows[job.id].show_job(job)
        more = len(jobs) - len(shown)
        note = self.tr("Nothing waits.") if not jobs else ""
        self._note.setText(self.tr("and {count} more").format(count=more) if more else note)
        self._note.setVisible(bool(self._note.text()))

    def _wanted(self, job: Job) -> bool:
        failed = job.state in ("failed", "interrupted")
        return not job.ended or (failed and job.id not in self._dismissed)

    def _row(self, job: Job) -> _Row:
        row = _Row(job, self._icons)
        row.close_clicked.connect(self._close)
        row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        row.customContextMenuRequested.connect(
            lambda at: self.menu_requested.emit(job.id, row.mapToGlobal(at))
        )
        self.add(row)
        return row

    def _close(self, number: int) -> None:
        job = self._queue.job(number)
        if job is not None and not job.ended:
            self._queue.cancel(number)
        else:
            self._dismissed.add(number)
            self._fill()


class _Row(QFrame):
    """One job: what, how far, and a way to end it."""

    close_clicked = Signal(int)

    def __init__(self, job: Job, icons: Icons) -> None:
        super().__init__()
        self._share = 0.0
        self._title = label()
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._state = label("", "hint")
        self._state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._close = icon_button(icons("close"), "", SMALL)
        self._close.clicked.connect(lambda: self.close_clicked.emit(job.id))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._state)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 2, 0, 6)
        whole.setSpacing(4)
        whole.addLayout(words, 1)
        whole.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    def show_job(self, job: Job) -> None:
        """Show how it stands."""
        words = " ".join(job.request.prompt.split()) or self.tr("without a prompt")
        count = f" ×{job.request.count}" if job.request.count > 1 else ""
        room = _TITLE_WIDTH - self._title.fontMetrics().horizontalAdvance(count)
        short = self._title.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        self._title.setText(short + count)
        self._title.setToolTip(words[:1000])
        self._state.setText(self._sentence(job))
        self._close.setToolTip(self.tr("Dismiss") if job.ended else self.tr("Cancel this job"))
        self._share = job.progress if job.state in ("running", "frozen") else 0.0
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._share > 0:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(
                QRectF(0, self.height() - 4, self.width() * self._share, 2), 1, 1
            )

    def _sentence(self, job: Job) -> str:
        if job.state == "waiting":
            return self.tr("waits")
        if job.state == "interrupted":
            return self.tr("the engine stopped")
        if job.state == "failed":
            return self.tr("did not work")
        if job.state == "frozen":
            step = self.tr("frozen at step {step} of {total}") if job.begun else self.tr("frozen")
            return step.format(step=job.step, total=job.total)
        if not job.begun:
            return self.tr("begins")
        return self.tr("step {step} of {total}").format(step=job.step, total=job.total) + (
            "" if job.seconds_left is None else f" · {seconds_left(job.seconds_left)}"
        )

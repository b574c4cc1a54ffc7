"""QueuePanel: what is being made and what waits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal

from studio.jobs.queue import JobQueue
from studio.ui.actions import Actions
from studio.ui.icons import Icons
from studio.ui.orders import Run
from studio.ui.panels.queue_list import QueueList
from studio.ui.panels.section import Section
from studio.ui.pieces import label
from studio.ui.queue_entries import QueueEntries


class QueuePanel(Section):
    """An entry for each order, the running one first.

    Signals:
        menu_requested: int, the job; where on the screen.
    """

    menu_requested = Signal(int, QPoint)

    def __init__(self, queue: JobQueue, commands: Actions, icons: Icons) -> None:
        super().__init__(self.tr("Queue"))
        self._queue, self._icons = queue, icons
        self.entries = QueueEntries(queue)
        self._hold = self.add_action(commands["hold_queue"])
        self.add_action(commands["cancel_all"])
        self._note = label("", "hint", wrapped=True)
        self.list = QueueList(icons)
        self.add(self._note)
        self.add(self.list)
        self.list.moved.connect(queue.line.move)
        self.list.closed.connect(self._close)
        self.list.menu_requested.connect(self.menu_requested)
        self.entries.changed.connect(self._fill)
        self._fill()

    def follow(self, run_of: Callable[[int], Run | None]) -> None:
        """Know from now on which jobs belong to the same order."""
        self.entries.follow(run_of)

    def _fill(self) -> None:
        entries, held = self.entries.now(), self._queue.line.held
        self.list.show_entries(entries)
        empty = self.tr("Nothing waits. Enter queues more while one runs.")
        paused = self.tr("Paused: nothing new begins.")
        self._note.setText(paused if held else "" if entries else empty)
        self._note.setVisible(bool(self._note.text()))
        self._hold.setIcon(self._icons("play" if held else "pause"))
        hint = self.tr("Go on with the queue") if held else self.tr("Pause after what runs now")
        self._hold.setToolTip(hint)
        self._hold.setAccessibleName(hint)

    def _close(self, number: int) -> None:
        job = self._queue.line.job(number)
        if job is not None and not job.ended:
            self._queue.cancel(number)
        else:
            self.entries.dismiss(number)

"""QueueWork: what the artist does with the queue and its entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio.document.files.metadata import Recipe
from studio.jobs.queue import JobQueue
from studio.ui.generation import Generation
from studio.ui.main_window import MainWindow
from studio.ui.message_strip import Choice
from studio.ui.recall import Recall
from studio.ui.rest_work import RestWork
from studio.ui.workbench import Workbench


class QueueWork(QObject):
    """Joins the actions of the queue and the menu of an entry.

    Signals:
        task_chosen: Key of the task that an entry was ordered for, which is edited now.
    """

    task_chosen = Signal(str)

    def __init__(
        self,
        queue: JobQueue,
        generation: Generation,
        rest: RestWork,
        recall: Recall,
        window: MainWindow,
        bench: Workbench,
    ) -> None:
        super().__init__()
        self._queue, self._generation, self._rest = queue, generation, rest
        self._recall, self._window, self._bench = recall, window, bench
        self._told = False  # whether the artist knows that what is ordered waits
        bench.queue.follow(generation.orders.run)
        generation.orders.ordered.connect(lambda _: bench.queue.entries.changed.emit())
        bench.queue.menu_requested.connect(self.show_menu)
        window.commands["hold_queue"].toggled.connect(self._hold)
        window.commands["cancel_all"].triggered.connect(queue.cancel_all)
        queue.line.changed.connect(lambda _: self._enable())
        self._enable()

    def menu(self, number: int, parent: QWidget) -> QMenu:
        """What can be done with one entry, by its job."""
        menu = self._rest.menu(number, parent)
        entry = next((one for one in self._bench.queue.entries.now() if one.job == number), None)
        movable = entry is not None and entry.movable
        alive = entry is not None and not entry.ended
        rows: tuple[tuple[str, bool, Callable[[int], object]], ...] = (
            (self.tr("To the front"), movable, self._to_front),
            (self.tr("To the end"), movable, self._queue.line.move),
            (self.tr("Duplicate with the next seed"), alive, self._generation.again),
            (self.tr("Edit and send anew"), alive, self.edit),
        )
        menu.addSeparator()
        for text, able, work in rows:
            action = menu.addAction(text)
            action.setEnabled(able)
            action.triggered.connect(lambda _=False, work=work: work(number))
        return menu

    def show_menu(self, number: int, place: QPoint) -> None:
        """Open that menu at a place on the screen."""
        menu = self.menu(number, self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def edit(self, number: int) -> None:
        """Bring the words and settings of an entry back, and take it from the queue."""
        job, run = self._queue.line.job(number), self._generation.orders.run(number)
        if job is None or job.ended:
            return
        request = job.request if run is None else run.request
        count = request.count if run is None else run.chain.settings.count
        bar, gear = self._window.bar, self._bench.gear
        words = request.prompt or bar.prompt.text()
        if run is not None and run.task:
            self.task_chosen.emit(run.task)
        self._queue.cancel(number)
        self._recall.use(replace(Recipe.of(request), prompt=words))
        gear.count.set_value(count)
        self._window.messages.say(self.tr("Taken from the queue: change it, then press Generate."))

    def _to_front(self, number: int) -> None:
        waiting = (job.id for job in self._queue.line.jobs() if job.state == "waiting")
        self._queue.line.move(number, next(waiting, 0))

    def note_order(self) -> None:
        """Something was ordered: say once why nothing happens, if it waits for the artist."""
        if self._queue.line.held and not self._told:
            self._told = True
            self._say_paused(self.tr("The queue is paused: this run waits."))

    def note_return(self, count: int) -> None:
        """So many runs of a picture that was closed wait for their turn again."""
        if self._queue.line.held:
            self._say_paused(self.tr("The queue is paused, as it was: what is in it waits."))
            return
        one = self.tr("A run of this picture that was not finished goes on.")
        more = self.tr("{count} runs of this picture that were not finished go on.")
        self._window.messages.say(one if count == 1 else more.format(count=count))

    def _say_paused(self, text: str) -> None:
        self._window.messages.say(
            text, [Choice(self.tr("Go on"), lambda: self._queue.line.hold(False))]
        )

    def _hold(self, held: bool) -> None:
        self._told = False
        if held != self._queue.line.held:
            self._queue.line.hold(held)

    def _enable(self) -> None:
        alive = any(not job.ended for job in self._queue.line.jobs())
        self._window.commands["cancel_all"].setEnabled(alive)
        self._window.commands["hold_queue"].setChecked(self._queue.line.held)

"""RestWork: freeze a run, resume it, or stop it and keep what is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from studio.jobs.job import Job
from studio.jobs.queue import JobQueue
from studio.ui.actions import Actions
from studio.ui.message_strip import MessageStrip


class RestWork(QObject):
    """Joins the actions and the menu of a job to the queue.

    The actions are about the job that runs, or else about the first that can be meant.
    """

    def __init__(self, queue: JobQueue, actions: Actions, messages: MessageStrip) -> None:
        super().__init__()
        self._queue, self._actions, self._messages = queue, actions, messages
        for key, work in (
            ("freeze", self._freeze),
            ("resume", self._resume),
            ("stop_keep", self._keep),
        ):
            actions[key].triggered.connect(lambda _=False, work=work: work())
        queue.line.changed.connect(lambda _: self._enable())
        self._enable()

    def menu(self, number: int, parent: QWidget) -> QMenu:
        """What can be done with one job."""
        menu = QMenu(parent)
        job = self._queue.line.job(number)
        state = "" if job is None else job.state
        queue, alive = self._queue, ("planned", "running", "waiting", "frozen")
        rows: tuple[tuple[str, tuple[str, ...], Callable[[int], None]], ...] = (
            (self.tr("Freeze"), ("running", "waiting"), queue.freeze),
            (self.tr("Resume"), ("frozen",), queue.resume),
            (self.tr("Stop and keep what is there"), ("running", "frozen"), queue.stop_and_keep),
            (self.tr("Cancel"), alive, queue.cancel),
        )
        for text, states, work in rows:
            action = menu.addAction(text)
            action.setEnabled(state in states)
            action.triggered.connect(lambda _=False, work=work: work(number))
        return menu

    def show_menu(self, number: int, parent: QWidget, place: QPoint) -> None:
        """Open that menu at a place on the screen."""
        menu = self.menu(number, parent)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _freeze(self) -> None:
        job = self._first("running", "waiting")
        if job is None:
            return
        self._queue.freeze(job.id)
        if job.begun:
            text = self.tr(
                "Frozen after step {step} of {total}, its memory is free. Resume goes on there."
            )
            self._messages.say(text.format(step=job.step, total=job.total))

    def _resume(self) -> None:
        job = self._first("frozen")
        if job is not None:
            self._messages.clear()
            self._queue.resume(job.id)

    def _keep(self) -> None:
        job = self._first("running", "frozen")
        if job is not None:
            self._queue.stop_and_keep(job.id)

    def _enable(self) -> None:
        running, frozen = self._first("running"), self._first("frozen")
        self._actions["freeze"].setEnabled(running is not None)
        self._actions["resume"].setEnabled(frozen is not None)
        begun = any(job is not None and job.begun for job in (running, frozen))
        self._actions["stop_keep"].setEnabled(begun)

    def _first(self, *states: str) -> Job | None:
        for state in states:
            for job in self._queue.line.jobs():
                if job.state == state:
                    return job
        return None

"""RunView: how the engine and the running job stand, where the artist looks."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.core.checkpoint import Checkpoint
from studio.core.errors import StudioError
from studio.core.messages import Loaded
from studio.jobs.queue import JobQueue
from studio.ui.generation import Generation
from studio.ui.main_window import MainWindow
from studio.ui.words import seconds_left


class RunView(QObject):
    """Feeds the prompt bar, the engine's label and the messages."""

    def __init__(self, window: MainWindow, queue: JobQueue, generation: Generation) -> None:
        super().__init__()
        self._window, self._queue, self._generation = window, queue, generation
        self._title = ""
        generation.running_changed.connect(self._on_running)
        generation.progressed.connect(self._on_progress)
        generation.refused.connect(self.refuse)
        queue.station.state_changed.connect(self._on_state)
        queue.loaded.connect(self._on_loaded)
        queue.retrying.connect(lambda _: self._on_retrying())

    def show_model(self, model: Checkpoint) -> None:
        """That model is chosen now."""
        self._title = model.title
        self._window.engine.set_model(model.title)
        self._window.bar.set_examples(model.examples)

    def refuse(self, error: StudioError) -> None:
        """Say in the strip what did not work; the engine's log goes behind 'Details'."""
        details = self._queue.station.log if error.kind == "engine" else ""
        self._window.messages.warn(f"{error.message} {error.hint}".strip(), details)

    def _on_running(self, running: bool) -> None:
        self._window.bar.set_running(running)
        if running and not any(job.begun for job in self._queue.line.jobs() if not job.ended):
            self._window.bar.set_progress(0.0, self._waiting())

    def _on_progress(self, share: float, number: int) -> None:
        job = self._queue.line.job(number)
        if job is None:
            return
        place = self._generation.place(number, job.take)
        parts = [f"{job.step}/{job.total}"]
        if place.parts > 1:
            part = self.tr("part {part} of {parts}")
            parts.insert(0, part.format(part=place.part, parts=place.parts))
        if place.takes > 1:
            parts.insert(0, self.tr("take {number}").format(number=place.take))
        if job.seconds_left is not None and share < 1:
            parts.append(seconds_left(place.seconds_of_all(job.seconds_left, job.progress)))
        self._window.bar.set_progress(share, " · ".join(parts))

    def _on_state(self, state: str) -> None:
        self._window.engine.set_state(state)
        if self._generation.running:
            self._on_running(True)

    def _on_loaded(self, loaded: Loaded) -> None:
        self._window.engine.set_model(self._title or loaded.model, loaded.device)

    def _on_retrying(self) -> None:
        text = self.tr("The engine stopped. Your picture is untouched; it is tried once more.")
        self._window.messages.warn(text, self._queue.station.log)

    def _waiting(self) -> str:
        return {
            "starting": self.tr("the engine starts…"),
            "restarting": self.tr("the engine starts again…"),
            "loading": self.tr("loading the model…"),
        }.get(self._queue.station.state, self.tr("begins…"))

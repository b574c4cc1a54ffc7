"""Keeping: puts what lies beside the picture into its file: takes, orders, prompt, settings."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.errors import StudioError
from studio.core.request import Request
from studio.document.document import Document
from studio.jobs.grid import Grid
from studio.jobs.queue import JobQueue
from studio.jobs.remains import cells_of, told
from studio.jobs.tasks import task
from studio.project.loading import Loaded
from studio.project.records import (
    packed_request,
    packed_take,
    recipe_of,
    unpacked_request,
    unpacked_take,
)
from studio.project.session import Session
from studio.project.store.values import Record
from studio.ui.generation import Generation
from studio.ui.orders import Run
from studio.ui.recall import Recall
from studio.ui.takes_strip import Take, TakesStrip

_log = logging.getLogger(__name__)
#: The prompt and its settings are kept so long after their last change, ms.
_PAUSE = 500
_SCALARS = tuple(
    each.name for each in fields(Request) if each.name not in ("model", "picture", "mask")
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside the picture in the window."""

    takes: TakesStrip
    generation: Generation
    queue: JobQueue
    recall: Recall


class Keeping(QObject):
    """Follows the strip, the queue and the prompt; brings them back when a project arrives.

    Signals:
        went_on: int, how many runs came back with a picture and wait for their turn again.
    """

    went_on = Signal(int)

    def __init__(self, document: Document, session: Session, beside: Beside) -> None:
        super().__init__()
        self._session, self._beside = session, beside
        self._keys = itertools.count(1)
        self._takes: dict[Take, str] = {}
        self._orders: dict[int, str] = {}
        self._turns: dict[str, Any] = {}  # how the queue stands, as it was kept last
        self._silent = False
        self._said: Mapping[str, Any] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._keep_settings)
        document.leaving.connect(self._on_leaving)
        document.begun.connect(self._on_begun)
        session.arrived.connect(self._on_arrived)
        session.ending.connect(self._flush)
        beside.takes.changed.connect(self._on_takes)
        beside.generation.take_kept.connect(self._on_kept)
        beside.queue.line.changed.connect(lambda _: self._on_queue())
        beside.generation.orders.ordered.connect(self._on_ordered)
        beside.recall.changed.connect(self._pause.start)

    def _flush(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._keep_settings()

    def _on_leaving(self) -> None:
        self._flush()
        self._silent = True
        self._takes.clear()
        self._orders.clear()

    def _on_begun(self) -> None:
        self._silent = False

    def _on_takes(self) -> None:
        if self._silent:
            return
        there = self._beside.takes.takes()
        for take in self._takes.keys() - set(there):
            self._drop("take", self._takes.pop(take))
        for take in there:
            if take not in self._takes:
                key = self._takes[take] = f"{next(self._keys):08}"
                self._put_take(key, take)

    def _put_take(self, key: str, take: Take) -> None:
        nbytes = sum(piece.pixels.nbytes for piece in take.pieces)
        self._session.journal.keep(
            lambda file: file.put(
                "take",
                key,
                *packed_take(take.job, take.index, take.pieces, take.recipe, take.partial),
            ),
            nbytes,
        )

    def _on_kept(self, take: Take) -> None:
        header = asdict(take.recipe)
        self._session.journal.keep(lambda file: file.put("recipe", "", header))

    def _on_queue(self) -> None:
        if self._silent:
            return
        alive = {job.id: job for job in self._beside.queue.line.jobs() if not job.ended}
        if any(job.state == "planned" for job in alive.values()):
            return  # what it goes on from stays until its own pixels are there
        for number in self._orders.keys() - alive.keys():
            key = self._orders.pop(number)
            self._drop("job", key)
            self._drop("order", key)
        for number, job in alive.items():
            if number not in self._orders:
                key = self._orders[number] = f"{next(self._keys):08}"
                self._put_order(key, job.request)
        turns = {
            "held": self._beside.queue.line.held,
            "keys": [self._orders[number] for number in alive],
            "frozen": [self._orders[job.id] for job in alive.values() if job.state == "frozen"],
            "made": {self._orders[job.id]: sorted(job.made) for job in alive.values() if job.made},
        }
        if turns != self._turns:
            self._turns = turns
            self._session.journal.keep(lambda file: file.put("queue", "", turns))

    def _on_ordered(self, run: Run) -> None:
        """What is to follow that run, where it does not say so itself."""
        cells, key = run.chain.remains, self._orders.get(run.job)
        if not cells or key is None:
            return
        header = {
            "cells": told(cells),
            "task": run.task,
            "title": run.title,
            "masked": run.chain.masked,
        }
        if (grid := run.grid) is not None:
            made = run.number(run.chain.place().take - 1)
            header["grid"] = replace(grid, made=made, order=run.order).told()
        self._session.journal.keep(lambda file: file.put("order", key, header))

    def _put_order(self, key: str, request: Request) -> None:
        nbytes = sum(each.nbytes for each in (request.picture, request.mask) if each is not None)
        self._session.journal.keep(
            lambda file: file.put("job", key, *packed_request(request)), nbytes
        )

    def _drop(self, kind: str, key: str) -> None:
        self._session.journal.keep(lambda file: file.drop(kind, key))

    def _keep_settings(self) -> None:
        said = self._beside.recall.said()
        if self._session.journal.based and said != self._said:
            self._said = said
            self._session.journal.keep(lambda file: file.put("prompt", "", said))

    def _on_arrived(self, loaded: Loaded) -> None:
        keys = (int(each.key) for each in loaded.records["take"] if each.key.isdecimal())
        jobs = (int(each.key) for each in loaded.records["job"] if each.key.isdecimal())
        self._keys = itertools.count(max([0, *keys, *jobs]) + 1)
        for record in loaded.records["prompt"]:
            self._said = record.header
            self._beside.recall.show_said(record.header)
        self._bring_takes(loaded)
        self._bring_orders(loaded)

    def _bring_takes(self, loaded: Loaded) -> None:
        recipe = None
        for record in loaded.records["recipe"]:
            recipe = recipe_of(record.header)
        self._silent = True
        for record in loaded.records["take"]:
            try:
                take = Take(*unpacked_take(record))
            except ValueError as error:
                _log.warning("A take of %s is left out: %s", loaded.path, error)
                continue
            self._takes[take] = record.key
            self._beside.queue.line.follow(take.job)
        self._beside.generation.bring_back(tuple(self._takes), recipe)
        self._silent = False

    def _bring_orders(self, loaded: Loaded) -> None:
        """Orders that waited or ran go on in their turn; what was frozen stays so."""
        queue = self._beside.queue
        turns: Mapping[str, Any] = next((one.header for one in loaded.records["queue"]), {})
        frozen, back = _keys(turns, "frozen"), 0
        if turns.get("held") is True and loaded.records["job"]:
            queue.line.hold(True)  # without an order nobody would know why nothing begins
        wholes = {one.key: one.header for one in loaded.records["order"]}
        for record in _in_turn(loaded.records["job"], _keys(turns, "keys")):
            try:
                request = unpacked_request(record)
            except ValueError as error:
                _log.warning("An order of %s is left out: %s", loaded.path, error)
                self._drop("job", record.key)
                continue
            whole, rests = wholes.get(record.key, {}), record.key in frozen
            made = _made(turns, record.key)
            there = any(_same(job.request, request) for job in queue.line.jobs() if not job.ended)
            if there or (not whole and len(made) >= request.count):
                self._drop("job", record.key)
                continue
            self._bring_order(request, whole, record.key, rests, made)
            back += not rests
        self._turns = {}
        self._on_queue()
        if back:
            self.went_on.emit(back)

    def _bring_order(
        self,
        request: Request,
        whole: Mapping[str, Any],
        key: str,
        frozen: bool,
        made: Collection[int],
    ) -> None:
        """All that remained of an order, or at least the run that was next."""
        generation, queue = self._beside.generation, self._beside.queue
        self._silent = True
        try:
            number = generation.bring_back_order(
                cells_of(whole.get("cells"), request),
                request,
                task(str(whole.get("task"))),
                frozen,
                whole.get("masked") is not False,
                str(whole.get("title", "")),
                Grid.of(whole.get("grid")),
            )
        except (ValueError, StudioError):
            number = queue.bring_back(request, frozen, made)
            job = queue.line.job(number)
            if job is not None:
                generation.adopt(job)
        self._orders[number] = key
        self._silent = False


def _keys(turns: Mapping[str, Any], name: str) -> list[str]:
    """The keys of orders that were kept under that name."""
    found = turns.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _made(turns: Mapping[str, Any], key: str) -> set[int]:
    """The takes of an order that were there already."""
    found = turns.get("made")
    takes = found.get(key) if isinstance(found, dict) else None
    return {each for each in takes if type(each) is int} if isinstance(takes, list) else set()


def _in_turn(records: Sequence[Record], keys: Sequence[str]) -> list[Record]:
    """The orders in the turn that they had; those of which none is known come last."""
    place = {key: number for number, key in enumerate(keys)}
    return sorted(records, key=lambda one: place.get(one.key, len(place)))


def _same(one: Request, other: Request) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _SCALARS)
